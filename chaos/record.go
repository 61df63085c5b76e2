package chaos

import "time"

// Record is everything that was sent in a run, and everything that was seen.
type Record struct {
	Mutations []*Mutation
	Followers []*Seen
	Accounts  map[string]*Account // every account of the run, as it was at the end
	Notes     map[string]*History // every note whose create was sent, if it exists, at the end
	Sightings []Sighting
}

// Mutation is one mutation as its sender remembers it: enough to know its effect.
type Mutation struct {
	Author, ID, Op, Note string

	Text     string            // create, edit: the content; organise: the tag
	Title    string            // create, edit: the title; empty: not named
	Expected int64             // edit: expectedVersion; 0: not named
	From     int64             // revert: the version whose text comes back
	Members  map[string]string // share: roles by account
	Remove   []string          // share

	Body     map[string]any // as it is posted
	Attempts []Attempt      // in the order of their ends
}

// Outcome is what one attempt to send a mutation told its sender.
type Outcome int

const (
	Unknown      Outcome = iota // no answer, or one that says so: it may have been committed
	Acknowledged                // committed, durably
	Refused                     // nothing was written by this attempt
)

// Attempt is one sending of a mutation.
type Attempt struct {
	Sent, Ended time.Time
	Server      int
	Outcome     Outcome
	Version     int64  // acknowledged: of the note
	Cursor      string // acknowledged: of the author's log
	Code        string // refused: why
	Answer      string // the whole answer; empty: it came as a frame
}

// ack returns the first acknowledgement, or nil.
func (m *Mutation) ack() *Attempt { return m.first(Acknowledged) }

func (m *Mutation) first(o Outcome) *Attempt {
	for i := range m.Attempts {
		if m.Attempts[i].Outcome == o {
			return &m.Attempts[i]
		}
	}
	return nil
}

// cannotBe reports whether the mutation must have no effect. A refusal says so of its own
// attempt only: another whose outcome is unknown may still be under way. But one for a wrong
// version holds for all of them: the note has left that version behind for ever, and not by
// this mutation, or it would have been answered again.
func (m *Mutation) cannotBe() bool {
	if m.mismatch() != nil {
		return true
	}
	return m.first(Refused) != nil && m.first(Unknown) == nil && m.ack() == nil
}

// mismatch returns a refusal for a wrong version, or nil.
func (m *Mutation) mismatch() *Attempt {
	for i := range m.Attempts {
		if a := &m.Attempts[i]; a.Outcome == Refused && a.Code == "version_mismatch" {
			return a
		}
	}
	return nil
}

// Seen is what one connection after the other showed one follower.
type Seen struct {
	Name      string // for people
	Account   string
	Note      string // the note dialect; empty: the account dialect
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

// Account is an account at the end.
type Account struct {
	Log     []Event          // the whole, replayed from the beginning
	Listed  map[string]int64 // versions of the notes in its list
	Trashed map[string]int64 // the same for its trash
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
	Shown        *Shown
}

// Shown is a note as it is shown.
type Shown struct {
	ID            string
	UserID        string
	Version       int64
	Title         *string
	Content       string
	Deleted       bool
	Collaborators []string
	Roles         map[string]string
	Tags          []string
}

// Sighting is a note that an account was shown when it asked for it, or for a list.
type Sighting struct {
	Account, Note string
	Version       int64
	Where         string
}
