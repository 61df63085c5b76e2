package notestest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"notewire/notes"
)

// The accounts of most tests.
const (
	ann = notes.UserID("ann") // owns the notes
	bob = notes.UserID("bob")
	cat = notes.UserID("cat")
	eve = notes.UserID("eve") // is no member of anything
)

// trial is one rule put to a store, with what the rules have in common.
type trial struct {
	*testing.T
	open    func(t *testing.T) Harness
	harness Harness
	clock   *Clock
	store   *Faulty
	limits  notes.Limits
	hints   hints
	ctx     context.Context
	service *notes.Service
	ids     atomic.Int64
}

func newTrial(t *testing.T, open func(t *testing.T) Harness) *trial {
	h := open(t)
	tr := &trial{T: t, open: open, harness: h, clock: h.Clock, store: &Faulty{Store: h.Store}, limits: notes.DefaultLimits()}
	tr.service = tr.instance()
	const patience = 30 * time.Second // a commit that always clashes is tried as long as its caller waits
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	tr.ctx = ctx
	return tr
}

// Context is the test's, with a deadline.
func (t *trial) Context() context.Context { return t.ctx }

// instance returns another Service on the same store: as in a fleet, it does not share
// the first one's queues.
func (t *trial) instance() *notes.Service {
	return notes.NewService(notes.Config{
		Store: t.store, Publisher: &t.hints, Limits: t.limits, Now: t.clock.Now,
		NewID: func() string { return fmt.Sprintf("server-%d", t.ids.Add(1)) },
	})
}

// limit changes the limits that the service works with.
func (t *trial) limit(change func(*notes.Limits)) {
	change(&t.limits)
	t.service = t.instance()
}

func (t *trial) id() notes.MutationID {
	return notes.MutationID(fmt.Sprintf("m-%d", t.ids.Add(1)))
}

// mutate carries out a mutation, a millisecond after the one before.
func (t *trial) mutate(user notes.UserID, m notes.Mutation) (*notes.Outcome, error) {
	t.clock.Advance(time.Millisecond)
	return t.service.Mutate(t.Context(), user, "via-"+string(user), m)
}

// accepted carries out a mutation that must not be refused.
func (t *trial) accepted(user notes.UserID, m notes.Mutation) *notes.Outcome {
	t.Helper()
	out, err := t.mutate(user, m)
	if err != nil {
		t.Fatalf("%s by %s of %s%s: %v", m.Op.Name(), user, m.Note, m.Folder, err)
	}
	return out
}

// try carries out an operation on a note.
func (t *trial) try(user notes.UserID, id notes.MutationID, note notes.NoteID, op notes.Op) (*notes.Outcome, error) {
	return t.mutate(user, notes.Mutation{ID: id, Note: note, Op: op})
}

// as carries out an operation under that mutation id.
func (t *trial) as(id notes.MutationID, user notes.UserID, note notes.NoteID, op notes.Op) *notes.Outcome {
	t.Helper()
	return t.accepted(user, notes.Mutation{ID: id, Note: note, Op: op})
}

// do carries out an operation under a new mutation id.
func (t *trial) do(user notes.UserID, note notes.NoteID, op notes.Op) *notes.Outcome {
	t.Helper()
	return t.as(t.id(), user, note, op)
}

// refused checks that an operation is refused with that code, and returns the refusal.
func (t *trial) refused(code notes.Code, user notes.UserID, note notes.NoteID, op notes.Op) *notes.Error {
	t.Helper()
	_, err := t.try(user, t.id(), note, op)
	return t.isRefusal(code, err)
}

func (t *trial) isRefusal(code notes.Code, err error) *notes.Error {
	t.Helper()
	refusal, ok := errors.AsType[*notes.Error](err)
	if !ok || refusal.Code != code {
		t.Fatalf("error %v, want code %s", err, code)
	}
	return refusal
}

// note makes a note of ann's with that content and those members.
func (t *trial) note(id notes.NoteID, content string, members ...notes.Member) {
	t.Helper()
	t.do(ann, id, notes.Create{BodyPatch: text(content)})
	if len(members) > 0 {
		t.do(ann, id, notes.Share{Members: members})
	}
}

// get returns the note as viewer sees it.
func (t *trial) get(viewer notes.UserID, id notes.NoteID) *notes.View {
	t.Helper()
	view, err := t.service.Get(t.Context(), viewer, id)
	if err != nil {
		t.Fatalf("get %s as %s: %v", id, viewer, err)
	}
	return view
}

// version returns a version as the owner sees it.
func (t *trial) version(id notes.NoteID, n int64) *notes.Version {
	t.Helper()
	v, _, err := t.service.Version(t.Context(), ann, id, n)
	if err != nil {
		t.Fatalf("version %d of %s: %v", n, id, err)
	}
	return v
}

// log returns all of user's log, read in small pages, and checks its numbers.
func (t *trial) log(user notes.UserID) []notes.Change {
	t.Helper()
	return t.logByPages(user, 3)
}

func (t *trial) logByPages(user notes.UserID, size int) []notes.Change {
	t.Helper()
	var log []notes.Change
	for {
		page, err := t.service.AccountLog(t.Context(), user, int64(len(log)), size)
		if err != nil {
			t.Fatalf("log of %s: %v", user, err)
		}
		log = append(log, page...)
		if len(page) < size {
			break
		}
	}
	for i, c := range log {
		if c.Seq != int64(i+1) {
			t.Fatalf("the log of %s has number %d at place %d", user, c.Seq, i+1)
		}
	}
	if head, err := t.service.AccountHead(t.Context(), user); err != nil || head != int64(len(log)) {
		t.Fatalf("the log of %s has %d rows and head %d, error %v", user, len(log), head, err)
	}
	return log
}

// versions returns all of a note's log, and checks its numbers.
func (t *trial) versions(id notes.NoteID) []*notes.Version {
	t.Helper()
	var log []*notes.Version
	for {
		page, err := t.service.NoteLog(t.Context(), id, int64(len(log)), 3)
		if err != nil {
			t.Fatalf("log of note %s: %v", id, err)
		}
		if len(page) == 0 {
			break
		}
		log = append(log, page...)
	}
	for i, v := range log {
		if v.Note.Version != int64(i+1) {
			t.Fatalf("note %s has version %d at place %d", id, v.Note.Version, i+1)
		}
	}
	if head, err := t.service.NoteVersion(t.Context(), id); err != nil || head != int64(len(log)) {
		t.Fatalf("note %s has %d versions and head %d, error %v", id, len(log), head, err)
	}
	return log
}

// hints collects what a Publisher is told.
type hints struct {
	mu  sync.Mutex
	got []hint
}

type hint struct {
	topic notes.Topic
	seq   int64
}

// Publish implements notes.Publisher.
func (h *hints) Publish(topic notes.Topic, seq int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.got = append(h.got, hint{topic, seq})
}

// take returns what was published since the last take.
func (h *hints) take() []hint {
	h.mu.Lock()
	defer h.mu.Unlock()
	got := h.got
	h.got = nil
	return got
}
