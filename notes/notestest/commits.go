package notestest

import (
	"errors"
	"fmt"

	"notewire/notes"
)

var commitRules = []rule{
	{"a commit on rows that changed since they were read is a clash, and writes nothing", staleCommit},
	{"a commit on rows that did not change is applied, whatever else was committed meanwhile", freshCommit},
}

// staleCommit decides a mutation, lets another one go first, and then commits.
func staleCommit(t *trial) {
	share := add(writer("dan"))
	for i, c := range []struct {
		what       string
		user       notes.UserID
		op         notes.Op
		meanwhile  notes.UserID
		meanNote   string // appended to the test's note
		meanOp     notes.Op
		sameAuthor bool // and the same mutation id
	}{
		{"the head has another version", ann, edit("x"), bob, "", edit("y"), false},
		{"the head has another version, at a mutation that changes nothing", ann, notes.Restore{}, bob, "", edit("y"), false},
		{"the author's log grew by another note", ann, edit("x"), ann, "-other", notes.Create{}, false},
		{"a member's log grew by another note", ann, edit("x"), bob, "-other", notes.Create{}, false},
		{"a new member's log grew by another note", ann, share, "dan", "-other", notes.Create{}, false},
		{"the author organised", ann, edit("x"), ann, "", organise(star), false},
		{"a member organised", ann, edit("x"), bob, "", organise(star), false},
		{"the author of an organise was removed", bob, organise(star), ann, "", removing(bob), false},
		{"the author of an organise was made a reader", bob, organise(star), ann, "", add(reader(bob)), false},
		{"the same mutation was committed", ann, edit("x"), ann, "", edit("x"), true},
		{"the mutation id was used where nothing changed", ann, notes.Restore{}, ann, "-live", notes.Restore{}, true},
		{"the note was created", cat, notes.Create{}, ann, "-new", notes.Create{}, false},
	} {
		id := notes.NoteID(fmt.Sprintf("n-%d", i))
		t.note(id, "", writer(bob))
		t.note(id+"-live", "")
		target := id
		if c.op.Name() == "create" {
			target += "-new"
		}
		m := notes.Mutation{ID: t.id(), Note: target, Op: c.op}
		commit := t.decide(c.user, m)
		other := t.id()
		if c.sameAuthor {
			other = m.ID
		}
		t.as(other, c.meanwhile, id+notes.NoteID(c.meanNote), c.meanOp)

		before := t.state(target)
		if err := t.store.Commit(t.Context(), commit); !errors.Is(err, notes.ErrClash) {
			t.Errorf("%s: the commit is answered %v", c.what, err)
		}
		equal(t, c.what+": the state", t.state(target), before)
	}
}

// decide takes a mutation as far as its commit.
func (t *trial) decide(user notes.UserID, m notes.Mutation) *notes.Commit {
	t.Helper()
	rows, err := t.store.Load(t.Context(), user, m)
	if err != nil {
		t.Fatal(err)
	}
	decision, err := notes.Decide(rows, notes.Request{
		Author: user, Mutation: m, Hash: m.Hash(), Now: notes.MillisOf(t.clock.Now()), Limits: t.limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	return decision.Commit
}

// state is all that a commit may touch.
func (t *trial) state(id notes.NoteID) []any {
	t.Helper()
	state := []any{t.versions(id)}
	for _, user := range []notes.UserID{ann, bob, cat, "dan"} {
		entries, err := t.store.EntriesOf(t.Context(), user, id)
		if err != nil {
			t.Fatal(err)
		}
		state = append(state, entries, t.log(user))
	}
	return state
}

func freshCommit(t *trial) {
	t.note("n", "", writer(bob))
	commit := t.decide(ann, notes.Mutation{ID: "m", Note: "n", Op: edit("x")})
	t.note("other", "") // grows ann's log, so this one is stale
	stale := commit
	if err := t.store.Commit(t.Context(), stale); !errors.Is(err, notes.ErrClash) {
		t.Fatalf("the stale commit is answered %v", err)
	}
	commit = t.decide(ann, notes.Mutation{ID: "m", Note: "n", Op: edit("x")})
	t.do(cat, "n-2", notes.Create{})
	if err := t.store.Commit(t.Context(), commit); err != nil {
		t.Fatal(err)
	}
	equal(t, "the text", t.get(bob, "n").Content, "x")
}
