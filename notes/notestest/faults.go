package notestest

import (
	"context"
	"errors"

	"notewire/notes"
)

var faultRules = []rule{
	{"a commit whose answer was lost is answered all the same, once", lostAnswer},
	{"a commit that failed is tried again", failedCommit},
	{"a store that keeps failing is unavailable, and the same mutation may be sent again", failingStore},
	{"a mutation whose caller leaves in the middle is carried through, and answered when it comes again", callerGone},
}

func lostAnswer(t *trial) {
	for _, m := range everyOp() {
		before, err := t.service.AccountHead(t.Context(), authorOf(m))
		if err != nil {
			t.Fatal(err)
		}
		t.store.OnCommit(times(1, true, ErrLost))
		out := t.as(m.ID, authorOf(m), m.Note, m.Op)
		t.store.OnCommit(nil)
		equal(t, "whether "+string(m.ID)+" is repeated", out.Repeated, false)
		if out.Logged {
			before++
		}
		equal(t, "the place of "+string(m.ID), out.Cursor.Seq, before)
		t.sameAnswer(out, t.as(m.ID, authorOf(m), m.Note, m.Op))
	}
	equal(t, "versions", len(t.versions("n")), 16)
	t.log(ann)
	t.log(bob)
}

func failedCommit(t *trial) {
	for _, m := range everyOp() {
		t.store.OnCommit(times(1, false, ErrLost))
		out := t.as(m.ID, authorOf(m), m.Note, m.Op)
		t.store.OnCommit(nil)
		equal(t, "whether "+string(m.ID)+" is repeated", out.Repeated, false)
		t.sameAnswer(out, t.as(m.ID, authorOf(m), m.Note, m.Op))
	}
	equal(t, "versions", len(t.versions("n")), 16)
}

func failingStore(t *trial) {
	t.note("n", "")
	before := t.state("n")
	t.store.OnCommit(func(*notes.Commit) (bool, error) { return false, ErrLost })
	_, err := t.try(ann, "m", "n", edit("x"))
	refusal := t.isRefusal(notes.Unavailable, err)
	if refusal.RetryAfter <= 0 || !errors.Is(err, ErrLost) {
		t.Errorf("the refusal is %#v of %v", refusal, err)
	}
	equal(t, "the state", t.state("n"), before)

	t.store.OnCommit(nil)
	out := t.as("m", ann, "n", edit("x"))
	equal(t, "whether it is repeated", out.Repeated, false)
	equal(t, "the version", out.Version, int64(2))
}

func callerGone(t *trial) {
	t.note("n", "")
	for _, applied := range []bool{true, false} {
		id := t.id()
		ctx, cancel := context.WithCancel(t.Context())
		t.store.OnCommit(func(c *notes.Commit) (apply bool, err error) {
			t.store.OnCommit(nil)
			if applied {
				err = t.store.Commit(t.Context(), c)
			}
			cancel()
			return false, errors.Join(context.Canceled, err)
		})
		m := notes.Mutation{ID: id, Note: "n", Op: edit(string(id))}
		if _, err := t.service.Mutate(ctx, ann, "", m); err != nil {
			t.Errorf("applied %v: %v", applied, err)
		}
		out := t.as(id, ann, "n", m.Op)
		equal(t, "whether it is repeated", out.Repeated, true)
		equal(t, "the text", t.get(ann, "n").Content, string(id))
	}
	equal(t, "versions", len(t.versions("n")), 3)
}
