package wire

import (
	"encoding/json"

	"notewire/notes"
)

// The inputs and outputs of the tRPC procedures (seed 001, A2.3), and what is added to them:
// content, mutationId, and members of outputs that the ancestor's clients do not know.

// TRPCCreate is the input of createNote.
type TRPCCreate struct {
	ID             notes.NoteID               `json:"id"`
	Title          *string                    `json:"title"`
	Blob           notes.Opt[json.RawMessage] `json:"blob"`
	Content        notes.Opt[string]          `json:"content"`
	Collaborators  []notes.UserID             `json:"collaborators"`
	ExpiresInHours float64                    `json:"expiresInHours"`
	TemplateID     string                     `json:"templateId"`
	MutationID     notes.MutationID           `json:"mutationId"`
}

// TRPCUpdate is the input of updateNote. A title that is absent or null stays as it is. A meta is
// not kept.
type TRPCUpdate struct {
	ID              notes.NoteID               `json:"id"`
	Title           *string                    `json:"title"`
	Blob            notes.Opt[json.RawMessage] `json:"blob"`
	Content         notes.Opt[string]          `json:"content"`
	ExpectedVersion notes.Seen                 `json:"expectedVersion"`
	MutationID      notes.MutationID           `json:"mutationId"`
}

// TRPCVersion is the input of revertToVersion and getVersion.
type TRPCVersion struct {
	ID         notes.NoteID     `json:"id"`
	Version    notes.Seen       `json:"version"`
	MutationID notes.MutationID `json:"mutationId"`
}

// TRPCNote is the input of deleteNote, toggleShare and getNote.
type TRPCNote struct {
	ID         notes.NoteID     `json:"id"`
	MutationID notes.MutationID `json:"mutationId"`
}

// TRPCBoard is the input of trackBoardAccess and removeSharedBoard.
type TRPCBoard struct {
	NoteID     notes.NoteID     `json:"noteId"`
	MutationID notes.MutationID `json:"mutationId"`
}

// TRPCList is the input of listNotes. What is empty is the default.
type TRPCList struct {
	Search     string         `json:"search"`
	Filter     string         `json:"filter"`     // all, owned or shared
	Visibility string         `json:"visibility"` // all, public or private
	SortBy     string         `json:"sortBy"`     // lastAccessed, lastUpdated, alphabetical or created
	SortOrder  string         `json:"sortOrder"`  // desc or asc
	Limit      notes.Opt[int] `json:"limit"`      // 1 to 50; 10
	Cursor     string         `json:"cursor"`
}

// TRPCHistoryInput is the input of getHistory.
type TRPCHistoryInput struct {
	ID        notes.NoteID   `json:"id"`
	Limit     notes.Opt[int] `json:"limit"`     // 1 to 100; 50
	Cursor    notes.Seen     `json:"cursor"`    // a version, not included
	Direction string         `json:"direction"` // desc or asc
}

// TRPCSuccess is the output of procedures that have nothing else to say.
type TRPCSuccess struct {
	Success bool `json:"success"`
}

// TRPCNotes is the output of listNotes.
type TRPCNotes struct {
	Items      []TRPCListed `json:"items"`
	NextCursor *string      `json:"nextCursor"`
	TotalCount int          `json:"totalCount"`
	Complete   bool         `json:"complete"` // false if the account has more notes than were looked at
}

// TRPCListed is a note in a list.
type TRPCListed struct {
	NoteID         notes.NoteID `json:"noteId"`
	Title          *string      `json:"title"`
	OwnerUserID    notes.UserID `json:"ownerUserId"`
	IsOwned        bool         `json:"isOwned"`
	Visibility     notes.Access `json:"visibility"`
	Version        int64        `json:"version"`
	CreatedAt      notes.Millis `json:"createdAt"`
	UpdatedAt      notes.Millis `json:"updatedAt"`
	LastAccessedAt notes.Millis `json:"lastAccessedAt"`
}

// TRPCListedOf describes an item of user's list.
func TRPCListedOf(it *notes.Item, user notes.UserID) TRPCListed {
	return TRPCListed{
		NoteID: it.ID, Title: it.Title, OwnerUserID: it.Owner, IsOwned: it.Owner == user, Visibility: it.Access,
		Version: it.Version, CreatedAt: it.CreatedAt, UpdatedAt: it.UpdatedAt, LastAccessedAt: it.AccessedAt,
	}
}

// TRPCHistory is the output of getHistory.
type TRPCHistory struct {
	Items      []TRPCEntry `json:"items"`
	NextCursor *int64      `json:"nextCursor"`
}

// TRPCEntry is a version in a history.
type TRPCEntry struct {
	Version   int64           `json:"version"`
	Blob      json.RawMessage `json:"blob"`
	Title     *string         `json:"title"`
	Timestamp notes.Millis    `json:"timestamp"`
	Meta      *trpcMeta       `json:"meta"`
	Content   string          `json:"content"`
	Op        string          `json:"op"`
	Author    notes.UserID    `json:"author,omitempty"` // not shown to passers-by
}

type trpcMeta struct {
	RevertedFrom int64 `json:"revertedFrom"`
}

// TRPCEntryOf describes a version for its readers.
func TRPCEntryOf(v *notes.Version, to Audience) TRPCEntry {
	e := TRPCEntry{
		Version: v.Note.Version, Blob: v.Blob, Title: v.Title, Timestamp: v.UpdatedAt, Content: v.Content, Op: v.Op,
	}
	if v.Reverted > 0 {
		e.Meta = &trpcMeta{v.Reverted}
	}
	if to == Members {
		e.Author = v.Author
	}
	return e
}
