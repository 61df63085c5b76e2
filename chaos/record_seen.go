package chaos

import "time"

// Seen is what one connection after the other showed one follower.
type Seen struct {
	Name      string // for people
	Account   string
	Note      string // the note dialect; empty: the account dialect
	Passer    bool   // never a member: he sees what is public, and events are missing for him
	Transport string
	Start     int64   // the number of the last event before the first that it asked for
	Events    []Event // without duplicates, as far as the follower's cursor tells

	Duplicates int // events that came again, and that the cursor dropped
	Reconnects int
}

// Event is one event of a log. Data is shared between all that have the same bytes.
type Event struct {
	Seq  int64 // from its cursor
	Data string
	At   time.Time
}

// Room is what one connection showed in one note, and what it was told of the others there.
type Room struct {
	Account, Note string
	Connection    string // its id: the sender's, to others
	Begun         time.Time
	Ended         time.Time // of the room or of the connection; zero: it was there at the end of the run
	Said          []Said
	Heard         []Heard
}

// Said is one value that a connection showed. A connection's values grow.
type Said struct {
	At time.Time
	N  int64
}

// Heard is what a connection was told that another, or it itself, shows.
type Heard struct {
	At           time.Time
	Sender, User string // the note dialect does not always say who
	N            int64
	Gone         bool // it shows nothing any more
}

// Account is an account at the end.
type Account struct {
	Log     []Event          // the whole, replayed from the beginning
	Listed  map[string]int64 // versions of the notes in its list
	Trashed map[string]int64 // the same for its trash
	Folders map[string]Folder
}

// Folder is a folder as it is shown.
type Folder struct {
	ID        string
	UserID    string
	Name      string
	Color     string
	ParentID  *string
	Order     int64
	IsDefault bool
}

// History is a note at the end.
type History struct {
	Versions []Version
	Replay   []Event // of the note dialect, from the beginning, as a member sees it
}

// Version is one version of a note, as its history shows it. Shown is nil for one that put the
// note into the trash: it changes nothing else.
type Version struct {
	Version      int64
	Op           string
	Author       string
	MutationID   string
	RevertedFrom int64
	RevertedKept bool
	Merged       bool
	Conflict     *Conflict
	Shown        *Shown
	Kept         *Shown // what a conflict kept; nil: nothing
	// Pieced says that the note is gone, and the version what logs and answers had said of it.
	Pieced bool
}

// Shown is a note as it is shown.
type Shown struct {
	ID            string
	UserID        string
	Version       int64
	Title         *string
	Content       string
	Deleted       bool
	Access        string
	Collaborators []string
	Roles         map[string]string
	Tags          []string
	FolderID      *string
	ExpiresAt     *int64
}

// Sighting is a note that an account was shown when it asked for it, or for a list.
type Sighting struct {
	Account, Note string
	Version       int64
	Where         string
	Kept          bool // it is what a conflict kept beside the version
}
