package notes

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
)

// Mutation is one change that a user asks for. It is idempotent by ID: the same id with
// the same operation has one effect and the same answer, however often it is sent.
type Mutation struct {
	ID     MutationID // empty: the server chooses one
	Note   NoteID     // empty only for Create: the server chooses one; and for folders
	Folder FolderID   // of FolderCreate (empty: the server chooses one), FolderUpdate and FolderDelete
	Op     Op
}

// Op is one of the operations: Create, Edit, Organise, Revert, Trash, Restore, Purge, Share,
// Leave, FolderCreate, FolderUpdate, FolderDelete. Each lives in a file with its rules.
type Op interface {
	// Name is the operation's name on the wire and in history.
	Name() string
	// check refuses what is wrong without looking at any row.
	check(l *Limits) error
	// decide adds the rows to write, or refuses.
	decide(d *decision) error
}

// ops names every operation, with a zero value of it.
var ops = []Op{
	Create{}, Edit{}, Organise{}, Revert{}, Trash{}, Restore{}, Purge{}, Share{}, Leave{},
	FolderCreate{}, FolderUpdate{}, FolderDelete{},
}

// Users lists the accounts, besides the author, whose membership the mutation may change.
func (m *Mutation) Users() []UserID {
	var share Share
	switch op := m.Op.(type) {
	case Create:
		share.Members = op.Members
	case Share:
		share = op
	}
	var users []UserID
	for _, member := range share.Members {
		users = append(users, member.User)
	}
	if share.Owner != "" && !slices.Contains(users, share.Owner) {
		users = append(users, share.Owner)
	}
	return append(users, share.Remove...)
}

// Target is the version that must be read to decide the mutation, besides the head: by its
// number, or by the author's own mutation that wrote it or found it. Both are zero for none.
func (m *Mutation) Target() (version int64, by MutationID) {
	switch op := m.Op.(type) {
	case Revert:
		return op.Version, ""
	case Edit:
		return int64(op.BaseVersion), op.BaseMutation
	}
	return 0, ""
}

// OfFolder reports whether the mutation is about a folder, and not about a note.
func (m *Mutation) OfFolder() bool {
	switch m.Op.(type) {
	case FolderCreate, FolderUpdate, FolderDelete:
		return true
	}
	return false
}

// Check refuses a mutation that is wrong whatever the store holds.
func (m *Mutation) Check(l Limits) error {
	if m.ID != "" && !ValidID(string(m.ID)) {
		return Refuse(Invalid, "mutationId must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	if err := m.checkSubject(); err != nil {
		return err
	}
	return m.Op.check(&l)
}

// checkSubject looks at the id of what the mutation is about.
func (m *Mutation) checkSubject() error {
	what, id := "note", string(m.Note)
	if m.OfFolder() {
		what, id = "folder", string(m.Folder)
	}
	switch m.Op.(type) {
	case Create, FolderCreate:
		if id == "" {
			return nil // the server chooses one
		}
	}
	if !ValidID(id) {
		return Refuse(Invalid, "a "+what+" id must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	return nil
}

// Hash identifies the operation: equal for the same request on any transport.
func (m *Mutation) Hash() [32]byte {
	canonical, err := json.Marshal(struct {
		Op     string
		Note   NoteID
		Folder FolderID `json:",omitempty"`
		Args   Op
	}{m.Op.Name(), m.Note, m.Folder, m.Op})
	if err != nil {
		panic("notes: an operation cannot be encoded: " + err.Error()) // every Op holds plain values
	}
	return sha256.Sum256(canonical)
}
