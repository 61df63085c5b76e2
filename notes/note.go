package notes

import (
	"encoding/json"
	"slices"
)

type (
	// UserID names an account: [A-Za-z0-9_-]{1,64}. Empty means nobody is signed in.
	UserID string
	// NoteID names a note for ever: [A-Za-z0-9_-]{1,64}, chosen by client or server.
	NoteID string
	// FolderID names a folder of one account: [A-Za-z0-9_-]{1,64}, chosen by client or server.
	FolderID string
	// MutationID is chosen by the client, unique in its account: [A-Za-z0-9_-]{1,64}.
	MutationID string
)

// ValidID reports whether s may name a user, a note, a folder or a mutation.
func ValidID(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// Access says who may read a note besides its members.
type Access string

const (
	Private Access = "private"
	Public  Access = "public" // anyone may read, also without signing in
)

// Body is what a revert restores. Its text is stored and compared as it was posted.
type Body struct {
	Title            *string         `json:"title"`
	Content          string          `json:"content"`
	Blob             json.RawMessage `json:"blob"` // compact JSON; nil is null
	EncryptedTitle   *string         `json:"encryptedTitle"`
	EncryptedContent *string         `json:"encryptedContent"`
	IV               *string         `json:"iv"`
	Salt             *string         `json:"salt"`
	Type             string          `json:"type"`
}

// Size is the body's weight in bytes, for bounds on pages and tails.
func (b *Body) Size() int64 {
	n := len(b.Content) + len(b.Blob) + len(b.Type)
	for _, s := range []*string{b.Title, b.EncryptedTitle, b.EncryptedContent, b.IV, b.Salt} {
		if s != nil {
			n += len(*s)
		}
	}
	return int64(n)
}

// Member is somebody the owner shares a note with.
type Member struct {
	User UserID `json:"userId"`
	Role Role   `json:"role"` // Reader or Writer
}

// Note is a note at one of its versions.
type Note struct {
	ID      NoteID
	Owner   UserID
	Version int64 // 1 at creation, then one more for every change
	Body
	Access     Access
	Members    []Member // without the owner, sorted by user
	Deleted    bool     // in the trash
	Purged     bool     // gone for good: only that it was there is left
	CreatedAt  Millis
	UpdatedAt  Millis
	ExpiresAt  *Millis
	TemplateID string
}

// RoleOf returns what user is to the note: Owner, a member's role, or Stranger.
func (n *Note) RoleOf(user UserID) Role {
	if user != "" && user == n.Owner {
		return Owner
	}
	if i, ok := n.member(user); ok {
		return n.Members[i].Role
	}
	return Stranger
}

func (n *Note) member(user UserID) (int, bool) {
	return slices.BinarySearchFunc(n.Members, user, func(m Member, u UserID) int {
		switch {
		case m.User < u:
			return -1
		case m.User > u:
			return 1
		}
		return 0
	})
}

// Accounts returns the owner and all members: every account that has an entry of the note.
func (n *Note) Accounts() []UserID {
	users := make([]UserID, 0, 1+len(n.Members))
	users = append(users, n.Owner)
	for _, m := range n.Members {
		users = append(users, m.User)
	}
	return users
}

// Fields belong to one member's entry of a note, not to the note: a collaborator's
// star is not the owner's.
type Fields struct {
	FolderID *string  `json:"folderId"`
	Tags     []string `json:"tags"`
	Starred  bool     `json:"starred"`
	Archived bool     `json:"archived"`
	Hidden   bool     `json:"hidden"`
	HiddenAt *Millis  `json:"hiddenAt"`
}

// Entry is one account's row for one note it may see.
type Entry struct {
	User      UserID
	Note      NoteID
	Role      Role
	Fields    Fields
	Deleted   bool   // copy of the note's, so that a list needs no note
	UpdatedAt Millis // copy of the note's: an account's list is newest first
	Size      int64  // bytes of the head's body
	Seq       int64  // place in the account's log of the last change to this entry
	Version   int64  // of the note, as of that change: the account has been told of all up to it
}

// View is a note as one reader sees it.
type View struct {
	*Note
	// Fields are the reader's own; nil for a passer-by of a public note, who also
	// does not see who the members are.
	Fields *Fields
}

// Version is an immutable row of a note's history: the note as it was, and how it
// came to be so.
type Version struct {
	*Note
	Op       string // the operation's name, as in Mutation
	Author   UserID
	Mutation MutationID
	Changed  []string // JSON names of what this version changed
	Base     int64    // the version that the author had seen; 0 if not said
	Reverted int64    // the version whose body was restored; 0 if none
	// RevertedKept says that what was restored is the kept side of that version.
	RevertedKept bool
	// Merged says that the edit was merged with what others had committed since its base.
	Merged bool
	// Conflicts are the JSON names of what both had changed at one place.
	Conflicts []string
	// Posted is the body that the mutation carried, where merging it changed it: the
	// base of the client's next queued edit, and the side that a conflict kept. Nil
	// when the note's body is what was posted.
	Posted *Body
}

// Deletes reports whether this version put the note out of sight: into the trash, or out of it
// for good.
func (v *Version) Deletes() bool {
	return v.Purged || v.Note.Deleted && slices.Contains(v.Changed, "deleted")
}

// Kept is what a conflict kept beside the version: what its author posted; nil if there was no
// conflict, or if the version is what he posted.
func (v *Version) Kept() *Body {
	if len(v.Conflicts) == 0 {
		return nil
	}
	return v.Posted
}
