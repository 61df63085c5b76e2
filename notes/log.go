package notes

// Kind says what a change is to the account whose log it is in.
type Kind string

const (
	KindCreated Kind = "created" // the note came into sight: created, restored, shared with the account
	KindSync    Kind = "sync"    // the note or the account's fields of it changed
	KindDeleted Kind = "deleted" // the note went out of sight; Reason says why

	KindFolderCreated Kind = "folder_created"
	KindFolderUpdated Kind = "folder_updated"
	KindFolderDeleted Kind = "folder_deleted"
)

// Why a note went out of an account's sight.
const (
	ReasonTrashed    = "trashed"
	ReasonPurged     = "purged"
	ReasonAccessLost = "access_lost"
)

// LogRow is one change that concerns an account, written in the same transaction as
// the change. A note's body is not in it: it comes from the version row. A folder is.
type LogRow struct {
	Seq      int64 // 1..n without a gap
	Kind     Kind
	Op       string
	Note     NoteID
	Version  int64 // the note's version after the change
	FolderID FolderID
	Folder   *Folder // of a folder's change, as it was then; nil if it was deleted
	Changed  []string
	Fields   Fields // the account's own, at that moment
	Author   UserID
	Mutation MutationID
	Via      string // id of the connection that sent the mutation; empty for HTTP
	Reason   string // for KindDeleted
	At       Millis
	Size     int64 // bytes of the version's body
}

// Change is a log row joined with what it tells of.
type Change struct {
	LogRow
	// Version is the note as of that row; nil if the account may no longer see the note.
	Version *Version
}

// Receipt remembers a committed mutation, so that repeating it has no second effect.
type Receipt struct {
	Mutation MutationID
	Hash     [32]byte // of the canonical operation, whatever transport carried it
	Note     NoteID
	Folder   FolderID
	Version  int64
	Seq      int64 // the author's place in his log when it was done
	// Logged is true if the mutation wrote a log row at Seq; a mutation that found its
	// effect already there did not.
	Logged bool
	// Fields are the author's as a mutation without a row was answered; nil if he had none.
	Fields  *Fields
	Expires Millis
}
