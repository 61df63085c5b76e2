package notes

import "slices"

// Request is a mutation with all that Decide may know besides the rows.
type Request struct {
	Author UserID
	Via    string // the connection that sent it; empty for HTTP
	Mutation
	Hash   [32]byte // Mutation.Hash, taken before the server chose ids
	Now    Millis
	Limits Limits
}

// Rows are what the store held when it was read for a mutation.
type Rows struct {
	Receipt *Receipt           // of the same author and mutation id
	Head    *Version           // nil: no such note
	Target  *Version           // the version that Mutation.Target names; nil: not there
	Folders []*Folder          // all of the author's, for a mutation of a folder
	Account map[UserID]Account // author, owner, members, and Mutation.Users
}

// Account is what Decide knows of one account.
type Account struct {
	Seq   int64  // of the last row in its log; 0 if empty
	Entry *Entry // of the note; nil if it has none
}

// Decision is what becomes of a mutation: the receipt of an earlier commit, rows to write, or
// a delay.
type Decision struct {
	Repeat *Receipt
	Commit *Commit
	// Behind is true if the author must be told of earlier versions of the note before he
	// can go on: see late.go.
	Behind bool
	// Torn is true if the rows were read while they changed: the author's entry, or the base of
	// his edit, is of a version that the head does not have yet. They must be read again.
	Torn bool
}

// Commit is the rows of one transaction: written all, or not at all because one of the
// rows read has changed.
type Commit struct {
	Note     NoteID
	Author   UserID
	Expect   int64        // version of the head that was read; 0: there must be none
	Receipt  *Receipt     // nil: rows of a change that was committed before
	Version  *Version     // nil: the note stays as it is
	Folder   *FolderWrite // nil: no folder changes
	Accounts []AccountWrite
	Late     bool // members are left to be told of Version; the store marks the note
}

// AccountWrite is one account's part of a commit: a row of its log, and its entry.
type AccountWrite struct {
	User      UserID
	Row       LogRow // Row.Seq-1 is the sequence that was read
	Entry     *Entry // nil: removed
	EntryRead int64  // Seq of the entry that was read; 0: there was none
}

// row returns the author's own log row of the commit, or nil.
func (c *Commit) row() *LogRow {
	for i := range c.Accounts {
		if c.Accounts[i].User == c.Author {
			return &c.Accounts[i].Row
		}
	}
	return nil
}

// Decide is every rule of a mutation as one pure function: from the rows read and the
// request to the rows to write, or a refusal (*Error). It is deterministic and safe for
// concurrent use; the rows it returns share memory with those it was given.
func Decide(rows Rows, r Request) (Decision, error) {
	if r.Author == "" {
		return Decision{}, Refuse(Unauthenticated, "Authentication required")
	}
	if rows.Receipt != nil {
		if rows.Receipt.Hash != r.Hash {
			return Decision{}, Refuse(MutationReused, "this mutationId was used for another operation")
		}
		return Decision{Repeat: rows.Receipt}, nil
	}
	d := newDecision(rows, r)
	if _, create := r.Op.(Create); !create { // which says that the id is taken
		if err := d.notPurged(); err != nil {
			return Decision{}, err
		}
	}
	switch {
	case d.torn():
		return Decision{Torn: true}, nil
	case d.behind(r.Author):
		return Decision{Behind: true}, nil
	}
	if err := r.Op.decide(d); err != nil {
		return Decision{}, err
	}
	d.receipt()
	return Decision{Commit: &d.commit}, nil
}

// decision is one run of Decide.
type decision struct {
	Request
	rows   Rows
	limits *Limits
	note   *Note // the head; nil if there is none
	role   Role  // the author's
	now    Millis
	commit Commit
}

func newDecision(rows Rows, r Request) *decision {
	d := &decision{Request: r, rows: rows, now: r.Now, role: Stranger}
	d.limits = &d.Request.Limits
	d.commit = Commit{Note: r.Mutation.Note, Author: r.Author}
	if rows.Head != nil {
		d.note = rows.Head.Note
		d.role = d.note.RoleOf(r.Author)
		d.commit.Expect = d.note.Version
		d.now = max(d.now, d.note.UpdatedAt) // a clock set back must not reorder lists
	}
	return d
}

func (d *decision) may(action Action) error {
	if d.note == nil {
		return Refuse(NotFound, "Note not found")
	}
	if !May(d.role, action, d.note) {
		return refuseAccess(d.role, action, d.note)
	}
	return nil
}

// torn reports whether a row is newer than the head.
func (d *decision) torn() bool {
	entry, target := d.rows.Account[d.Author].Entry, d.rows.Target
	return entry != nil && entry.Version > d.commit.Expect || target != nil && target.Note.Version > d.commit.Expect
}

// notPurged refuses what is asked of a note that is gone for good.
func (d *decision) notPurged() error {
	if d.note == nil || !d.note.Purged {
		return nil
	}
	return refusePurged(d.role)
}

// notExpired refuses to change what a note says after its time.
func (d *decision) notExpired() error {
	if d.note.ExpiresAt == nil || d.now < *d.note.ExpiresAt {
		return nil
	}
	return d.withCurrent(NoteExpired, "Note has expired and is read-only")
}

// withCurrent refuses and shows the author, who may read it, the note as it is.
func (d *decision) withCurrent(code Code, message string) error {
	return &Error{Code: code, Message: message, Current: d.view(d.note)}
}

// view is a note as the author sees it.
func (d *decision) view(note *Note) *View {
	view := &View{Note: note}
	if entry := d.rows.Account[d.Author].Entry; entry != nil {
		view.Fields = &entry.Fields
	}
	return view
}

// change is a new version in the making.
type change struct {
	note      *Note // without version and time
	changed   []string
	fields    *FieldsPatch // the author's
	base      int64
	reverted  int64
	kept      bool // it is the kept side that was reverted to
	merged    bool
	conflicts []string
	posted    *Body
}

// write adds the new version and a row for every account that it concerns.
func (d *decision) write(c change) error {
	c.note.Version = d.commit.Expect + 1
	c.note.UpdatedAt = d.now
	d.commit.Version = &Version{
		Note: c.note, Op: d.Op.Name(), Author: d.Author, Mutation: d.Mutation.ID,
		Changed: c.changed, Base: c.base, Reverted: c.reverted, RevertedKept: c.kept,
		Merged: c.merged, Conflicts: c.conflicts, Posted: c.posted,
	}
	atOnce := AtOnce(d.note, d.Author, d.Request.Mutation)
	for _, user := range concerned(d.note, c.note) {
		if stays := c.note.RoleOf(user) != Stranger; stays && (d.behind(user) || !slices.Contains(atOnce, user)) {
			d.commit.Late = true
			continue
		}
		patch := c.fields
		if user != d.Author {
			patch = nil
		}
		if err := d.writeAccount(user, c.note, c.changed, patch); err != nil {
			return err
		}
	}
	return nil
}

// concerned lists the accounts of the note before and after, each once.
func concerned(before, after *Note) []UserID {
	users := after.Accounts()
	if before == nil {
		return users
	}
	for _, user := range before.Accounts() {
		if after.RoleOf(user) == Stranger {
			users = append(users, user)
		}
	}
	return users
}

// organise changes the author's own fields only.
func (d *decision) organise(patch *FieldsPatch) error {
	if patch.empty() {
		return nil
	}
	return d.writeAccount(d.Author, d.note, nil, patch)
}

func (d *decision) writeAccount(user UserID, after *Note, changed []string, patch *FieldsPatch) error {
	account := d.rows.Account[user]
	var fields Fields
	if account.Entry != nil {
		fields = account.Entry.Fields
	}
	if patch != nil {
		next, names, err := patch.apply(fields, d.now, d.limits)
		if err != nil {
			return err
		}
		fields = next
		changed = append(changed[:len(changed):len(changed)], names...)
	}
	row := LogRow{Op: d.Op.Name(), Changed: changed, Fields: fields, Author: d.Author, Mutation: d.Mutation.ID, Via: d.Via, At: d.now}
	d.commit.Accounts = append(d.commit.Accounts, tell(user, account, d.note, after, row))
	return nil
}

// tell completes user's row of a change from before to after, and his entry.
func tell(user UserID, account Account, before, after *Note, row LogRow) AccountWrite {
	row.Seq, row.Note, row.Version, row.Size = account.Seq+1, after.ID, after.Version, after.Size()
	row.Kind, row.Reason = kindFor(before, after, user)
	w := AccountWrite{User: user, Row: row}
	if account.Entry != nil {
		w.EntryRead = account.Entry.Seq
	}
	if role := after.RoleOf(user); role != Stranger && !after.Purged {
		w.Entry = &Entry{
			User: user, Note: after.ID, Role: role, Fields: row.Fields, Deleted: after.Deleted,
			UpdatedAt: after.UpdatedAt, Size: row.Size, Seq: row.Seq, Version: after.Version,
		}
	}
	return w
}

// kindFor says what a change from before to after is to user.
func kindFor(before, after *Note, user UserID) (Kind, string) {
	was := before != nil && before.RoleOf(user) != Stranger
	is := after.RoleOf(user) != Stranger
	switch {
	case after.Purged:
		return KindDeleted, ReasonPurged
	case !is:
		return KindDeleted, ReasonAccessLost
	case !was:
		return KindCreated, ""
	case !before.Deleted && after.Deleted:
		return KindDeleted, ReasonTrashed
	case before.Deleted && !after.Deleted:
		return KindCreated, ""
	}
	return KindSync, ""
}

// receipt remembers the outcome. A mutation that found its effect already there leaves
// one too: repeated later, it must not act on a note that changed in between.
func (d *decision) receipt() {
	r := Receipt{
		Mutation: d.Mutation.ID, Hash: d.Hash, Note: d.Mutation.Note, Folder: d.Mutation.Folder, Version: d.commit.Expect,
		Seq:     d.rows.Account[d.Author].Seq,
		Expires: d.Request.Now + Millis(d.limits.ReceiptDays)*24*3600*1000,
	}
	if d.commit.Version != nil {
		r.Version = d.commit.Version.Version
	}
	if row := d.commit.row(); row != nil {
		r.Seq, r.Logged = row.Seq, true
	} else if entry := d.rows.Account[d.Author].Entry; entry != nil {
		r.Fields = &entry.Fields
	}
	d.commit.Receipt = &r
}
