package chaos

import "time"

// Record is everything that was sent in a run, and everything that was seen.
type Record struct {
	Mutations []*Mutation
	Followers []*Seen
	Rooms     []*Room
	Until     time.Time           // when followers and rooms were looked at
	Accounts  map[string]*Account // every account of the run, as it was at the end
	Notes     map[string]*History // every note whose create was sent, if somebody may read it, at the end
	// Gone is what accounts are answered when they ask for a note that nobody has in a list: the
	// code, by note and account.
	Gone      map[string]map[string]string
	Sightings []Sighting
}

// Mutation is one mutation as its sender remembers it: enough to know its effect.
type Mutation struct {
	Author, ID, Op, Note string

	Text     string            // create, edit: the content; organise: the tag
	Title    string            // create, edit: the title; empty: not named
	Expected int64             // edit: expectedVersion; 0: not named
	Base     int64             // edit: baseVersion; 0: not named
	BaseID   string            // edit: baseMutationId; empty: not named
	From     int64             // revert: the version whose text comes back
	Kept     bool              // revert: to what a conflict kept beside that version
	Members  map[string]string // share: roles by account
	Remove   []string          // share
	Owner    string            // share: who owns the note from then on; empty: not named
	Access   string            // share: public or private; empty: not named
	Lives    time.Duration     // create: until it expires; 0: it does not
	Folder   string            // of folders: which; organise: into which; empty: not named
	Patch    *FolderPatch      // of folders: what is set

	Body     map[string]any // as it is posted
	Attempts []Attempt      // in the order of their ends
}

// FolderPatch is what a mutation sets of a folder. What is nil is not named; a Parent that is
// empty is the top.
type FolderPatch struct {
	Name, Color, Parent *string
	Order               *int64
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
	Version     int64     // acknowledged: of the note
	Cursor      string    // acknowledged: of the author's log
	Merged      bool      // acknowledged: with what others had committed
	Conflict    *Conflict // acknowledged: what both had changed at one place
	Code        string    // refused: why
	Answer      string    // the whole answer; empty: it came as a frame
}

// Conflict is what two edits changed at one place: names of members, and the path of what was
// posted, if it is kept beside the version.
type Conflict struct {
	Fields []string
	Kept   string
}

// based reports whether an edit says what it is of, to be merged with what came since.
func (m *Mutation) based() bool { return m.Base != 0 || m.BaseID != "" }

// ofFolder reports whether the mutation is about a folder.
func (m *Mutation) ofFolder() bool { return m.Patch != nil }

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

// begun is when the mutation was first sent; the zero time if it never was.
func (m *Mutation) begun() (at time.Time) {
	for i, a := range m.Attempts {
		if i == 0 || a.Sent.Before(at) {
			at = a.Sent
		}
	}
	return at
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
