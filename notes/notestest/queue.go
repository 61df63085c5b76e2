package notestest

import (
	"context"
	"errors"
	"sync"

	"notewire/notes"
)

var queueRules = []rule{
	{"who stops waiting for his turn is unavailable, has changed nothing, and holds nobody up", givesUpWaiting},
	{"a caller that is gone changes nothing", goneBefore},
}

// held keeps the next commit back until release is called.
func (t *trial) held() (begun <-chan struct{}, release func()) {
	in, out := make(chan struct{}), make(chan struct{})
	t.store.OnCommit(func(*notes.Commit) (bool, error) {
		t.store.OnCommit(nil)
		close(in)
		<-out
		return true, nil
	})
	return in, sync.OnceFunc(func() { close(out) })
}

func givesUpWaiting(t *trial) {
	t.note("n", "", writer(bob))
	t.note("other", "")
	for what, waiter := range map[string]struct {
		user notes.UserID
		note notes.NoteID
	}{"for the account": {ann, "other"}, "for the note": {bob, "n"}} {
		begun, release := t.held()
		var first sync.WaitGroup
		first.Go(func() { t.must(t.service, ann, "n", edit("first")) })
		<-begun
		before := t.state(waiter.note)

		ctx, cancel := context.WithCancel(t.Context())
		var err error
		var second sync.WaitGroup
		second.Go(func() {
			_, err = t.service.Mutate(ctx, waiter.user, "", notes.Mutation{ID: "m", Note: waiter.note, Op: edit("second")})
		})
		cancel()
		second.Wait() // though the first still has its turn
		if notes.CodeOf(err) != notes.Unavailable || !errors.Is(err, context.Canceled) {
			t.Errorf("waiting %s ends with %v", what, err)
		}
		equal(t, "the state after waiting "+what, t.state(waiter.note), before)
		release()
		first.Wait()
		t.do(waiter.user, waiter.note, edit("third"))
	}
}

func goneBefore(t *trial) {
	t.note("n", "")
	before := t.state("n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // whichever of turn and end is seen first
		_, err := t.service.Mutate(ctx, ann, "", notes.Mutation{Note: "n", Op: edit("x")})
		t.isRefusal(notes.Unavailable, err)
	}
	equal(t, "the state", t.state("n"), before)
}
