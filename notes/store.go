package notes

import "context"

// Store keeps notes, their histories and the accounts' logs. The contract is the suite
// notestest.Run; implementations are safe for concurrent use.
//
// Every method returns an *Error with code Unavailable, or another error, when it cannot
// tell; reads are consistent with every commit that was answered before.
type Store interface {
	// Epoch names this store's logs; it is constant while the store is open.
	Epoch() string

	// Load reads the rows that Decide needs for author's mutation, of the accounts that
	// AtOnce names: not necessarily as of one moment, because Commit checks every one.
	Load(ctx context.Context, author UserID, m Mutation) (Rows, error)

	// Receipt returns what a mutation of author's left when it was committed, or nil.
	Receipt(ctx context.Context, author UserID, id MutationID) (*Receipt, error)

	// Commit writes all rows of c, durably, or none. It returns ErrClash if a row that was
	// read has changed since. After any other error the outcome is unknown, and Load tells
	// it by the receipt.
	Commit(ctx context.Context, c *Commit) error

	LateRows
	Visits
	Histories
	Queries
}

// Visits is the part of a Store that remembers what an account has opened. It is no part of
// any log, and a visit that is lost is no harm.
type Visits interface {
	// Visit remembers when user last opened a note.
	Visit(ctx context.Context, user UserID, id NoteID, at Millis) error

	// Visits returns when user last opened which notes, of up to 2,000 of them.
	Visits(ctx context.Context, user UserID) (map[NoteID]Millis, error)

	// Forget forgets that user has opened a note, and reports whether he had.
	Forget(ctx context.Context, user UserID, id NoteID) (bool, error)
}

// LateRows is the part of a Store that tells the members of a large note of a change that was
// committed without them.
type LateRows interface {
	// Accounts returns what DecideLate needs to know of each of those users.
	Accounts(ctx context.Context, id NoteID, users ...UserID) (map[UserID]Account, error)

	// Late returns the notes that a commit marked Late, before that time, and nobody has
	// settled since.
	Late(ctx context.Context, before Millis) ([]NoteID, error)

	// Settle removes the mark of a note. It returns ErrClash if a later version than the
	// given one set it; to settle what is settled is no error.
	Settle(ctx context.Context, id NoteID, version int64) error
}

// Histories is the part of a Store that reads histories without their texts, and makes them
// thinner.
type Histories interface {
	// VersionInfos returns versions as History does, but of their bodies only title and type,
	// and nothing that was posted. Bytes of the range do not count. There may be fewer than the
	// limit; there are none only where the history ends.
	VersionInfos(ctx context.Context, id NoteID, r Range) ([]*Version, error)

	// Thin removes those versions of a note, and what was stored for them alone; what is not
	// there is no error, and with none it finishes what an earlier call has left. It returns
	// ErrClash, having removed some or none, if head is not the note's current version any
	// more, or members have yet to be told of it. The current version is never removed. Any
	// number of instances may do it at once, and be stopped at any moment.
	Thin(ctx context.Context, id NoteID, head int64, versions []int64) error
}

// Queries is the part of a Store that queries need. What does not exist is nil, or absent
// from the list, and not an error.
type Queries interface {
	// Heads returns the current version of each note, in the order of ids.
	Heads(ctx context.Context, ids ...NoteID) ([]*Version, error)

	// BareHeads returns the notes themselves, without their bodies but with their titles.
	BareHeads(ctx context.Context, ids ...NoteID) ([]*Note, error)

	// HeadVersion returns the number of a note's current version; 0 if there is no note.
	HeadVersion(ctx context.Context, id NoteID) (int64, error)

	// VersionsOf returns the named versions, in their order.
	VersionsOf(ctx context.Context, refs ...VersionRef) ([]*Version, error)

	// History returns versions of one note, bounded by r.
	History(ctx context.Context, id NoteID, r Range) ([]*Version, error)

	// EntriesOf returns user's entries of those notes, in their order.
	EntriesOf(ctx context.Context, user UserID, ids ...NoteID) ([]*Entry, error)

	// Entries lists the notes that user may see. The list by id is consistent; the list
	// by time may lag behind.
	Entries(ctx context.Context, user UserID, q ListQuery) ([]*Entry, error)

	// Folders returns all of user's folders, in the order of their ids.
	Folders(ctx context.Context, user UserID) ([]*Folder, error)

	// Seq returns the place of the last row in user's log; 0 if it is empty.
	Seq(ctx context.Context, user UserID) (int64, error)

	// Log returns rows of user's log after the given place, oldest first. Rows older than
	// their retention are absent.
	Log(ctx context.Context, user UserID, after int64, limit int) ([]LogRow, error)
}

// VersionRef names one version of one note.
type VersionRef struct {
	Note    NoteID
	Version int64
}

// Range asks for versions next to, and not including, After: newer ones, oldest first,
// or with Desc older ones, newest first. With Desc, After 0 starts at the head.
type Range struct {
	After int64
	Desc  bool
	Limit int // versions, at most
	Bytes int // stop after the version that reaches this many bytes; 0: no bound
}

// ListQuery asks for a page of an account's notes.
type ListQuery struct {
	Trashed bool // those in the trash instead of the others
	ByID    bool // both, in the order of their ids: the list for a resync
	Limit   int
	After   *Entry // start behind this entry; only Note and UpdatedAt count
}

// Topic names a log that connections follow: an account's or a note's. Exactly one is set.
type Topic struct {
	User UserID
	Note NoteID
}

// Publisher is told, after a commit, how far a log has grown. It is a hint: it may be
// lost, doubled or reordered, and Publish never blocks.
type Publisher interface {
	Publish(t Topic, seq int64)
}
