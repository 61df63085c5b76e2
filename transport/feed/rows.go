package feed

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"notewire/notes"
)

// Rows keeps feeds, for all instances. To it, a feed is bytes with a revision. Implementations
// are safe for concurrent use. Reads are consistent. An error leaves the outcome unknown.
type Rows interface {
	// AddFeed keeps a new feed, with revision 1, unless the account has as many as most. It
	// fails if the account has one of that id.
	AddFeed(ctx context.Context, user notes.UserID, id string, content []byte, most int) (added bool, err error)
	// DeleteFeed deletes a feed, whatever its revision, and returns whether there was one.
	DeleteFeed(ctx context.Context, user notes.UserID, id string) (deleted bool, err error)
	// Feed returns a feed and its revision; nil if there is none.
	Feed(ctx context.Context, user notes.UserID, id string) (content []byte, rev int64, err error)
	// WriteFeed replaces the content if the revision is rev, which it makes one larger. It
	// returns false, and writes nothing, if the revision is another or there is no such feed.
	WriteFeed(ctx context.Context, user notes.UserID, id string, content []byte, rev int64) (written bool, err error)
	// FeedsOf returns the ids of an account's feeds, in order.
	FeedsOf(ctx context.Context, user notes.UserID) ([]string, error)
	// AllFeeds returns the ids of all accounts' feeds.
	AllFeeds(ctx context.Context) (map[notes.UserID][]string, error)
}

// Feed is one account's log on its way to one receiver.
type Feed struct {
	ID      string       `json:"-"`
	User    notes.UserID `json:"-"`
	Kind    string       `json:"kind"`   // names the Sink
	Config  []byte       `json:"config"` // the Sink's own: where to, and with which secret
	Created notes.Millis `json:"created"`
	State

	rev int64
}

// State is how far a feed is.
type State struct {
	// Epoch and Seq are the cursor: all changes up to it were delivered, but for those of
	// paused notes.
	Epoch  string   `json:"epoch"`
	Seq    int64    `json:"seq"`
	Paused []Paused `json:"paused,omitempty"`
	// Failures is how often in a row the receiver was away; RetryAt when it is asked again.
	Failures int          `json:"failures,omitempty"`
	RetryAt  notes.Millis `json:"retryAt,omitempty"`
	// Proven says that the receiver has taken something, ever.
	Proven bool `json:"proven,omitempty"`
	// LastError is the last failure of any kind, for people, and when it was.
	LastError   string       `json:"lastError,omitempty"`
	LastErrorAt notes.Millis `json:"lastErrorAt,omitempty"`
	// Resumes counts how often somebody has resumed the feed.
	Resumes int `json:"resumes,omitempty"`
	// Holder is the instance that delivers; empty: none.
	Holder string `json:"holder,omitempty"`
}

// Cursor is the feed's place as clients know it.
func (s *State) Cursor() notes.Cursor { return notes.Cursor{Epoch: s.Epoch, Seq: s.Seq} }

// Paused is a note whose changes the receiver refuses.
type Paused struct {
	Note notes.NoteID `json:"note"` // empty: the folders
	// From is the place before which all changes of the note were delivered.
	From int64 `json:"from"`
	// Tries is how often the change that comes next was refused.
	Tries int `json:"tries"`
	// RetryAt is when it is tried again; 0: when somebody resumes the feed.
	RetryAt notes.Millis `json:"retryAt,omitempty"`
	Error   string       `json:"error"`
	At      notes.Millis `json:"at"` // of the last refusal
}

// Dead reports whether nothing is tried again until somebody resumes the feed.
func (p *Paused) Dead() bool { return p.RetryAt == 0 }

// paused returns what is known of a note that is paused, or nil.
func (s *State) paused(note notes.NoteID) *Paused {
	for i := range s.Paused {
		if s.Paused[i].Note == note {
			return &s.Paused[i]
		}
	}
	return nil
}

// resume lets everything be tried again, now.
func (s *State) resume(now notes.Millis) {
	s.Failures, s.RetryAt = 0, 0
	for i := range s.Paused {
		s.Paused[i].Tries, s.Paused[i].RetryAt = 0, now
	}
}

// rows is Rows, with feeds for bytes.
type rows struct{ Rows }

// add keeps a new feed; false if the account has as many as it may.
func (r rows) add(ctx context.Context, f *Feed, most int) (bool, error) {
	content, err := json.Marshal(f)
	if err != nil {
		return false, fmt.Errorf("write feed %s: %w", f.ID, err)
	}
	f.rev = 1
	return r.AddFeed(ctx, f.User, f.ID, content, most)
}

// all returns an account's feeds of one kind, the oldest first.
func (r rows) all(ctx context.Context, user notes.UserID, kind string) ([]*Feed, error) {
	ids, err := r.FeedsOf(ctx, user)
	if err != nil {
		return nil, err
	}
	var all []*Feed
	for _, id := range ids {
		f, err := r.read(ctx, user, id)
		if err != nil {
			return nil, err
		}
		if f != nil && f.Kind == kind {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b *Feed) int { return cmp.Compare(a.Created, b.Created) })
	return all, nil
}

// read returns a feed; nil if there is none.
func (r rows) read(ctx context.Context, user notes.UserID, id string) (*Feed, error) {
	content, rev, err := r.Rows.Feed(ctx, user, id)
	if err != nil || content == nil {
		return nil, err
	}
	f := &Feed{ID: id, User: user, rev: rev}
	if err := json.Unmarshal(content, f); err != nil {
		return nil, fmt.Errorf("read feed %s: %w", id, err)
	}
	return f, nil
}

// write writes a feed that was read or written before; false if it has changed since.
func (r rows) write(ctx context.Context, f *Feed) (bool, error) {
	content, err := json.Marshal(f)
	if err != nil {
		return false, fmt.Errorf("write feed %s: %w", f.ID, err)
	}
	written, err := r.WriteFeed(ctx, f.User, f.ID, content, f.rev)
	if written {
		f.rev++
	}
	return written, err
}
