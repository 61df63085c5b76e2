package dynamo_test

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/dynamo/dynamotest"
	"notewire/notes"
	"notewire/notes/notestest"
)

// newOldRig is a rig with a clock of its own and an old note "n": versions 2 and 3 have the first
// text, 4 and 5 the second, 6 the first again, later ones small texts.
func newOldRig(t *testing.T) (r *rig, clock *notestest.Clock, first, second string) {
	t.Helper()
	clock = notestest.NewClock()
	file, err := bolt.Open(filepath.Join(t.TempDir(), "notes.db"), bolt.Options{NoSync: true, SweepEvery: -1, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	r = &rig{t: t, engine: &dynamotest.Faulty{Engine: file}}
	r.store, err = dynamo.Open(t.Context(), r.engine, dynamo.Options{LogDays: 30, NewEpoch: rand.Text, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	r.Service = notes.NewService(notes.Config{
		Store: r.store, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: rand.Text, Now: clock.Now,
	})
	first, second = large(t), large(t)
	public := notes.Share{Access: notes.Some(notes.Public)}
	for _, op := range []notes.Op{
		notes.Create{}, content(first), public, content(second), notes.Share{Access: notes.Some(notes.Private)}, content(first),
	} {
		r.must(op)
	}
	clock.Advance(24 * time.Hour)
	for range notes.KeepAtLeast {
		r.must(content("small"))
	}
	clock.Advance(32 * 24 * time.Hour)
	r.must(content("last"))
	return r, clock, first, second
}

func (r *rig) thin() int {
	r.t.Helper()
	n, err := r.Thin(r.t.Context(), "n", notes.KeepAtLeast)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *rig) text(n int64) string {
	r.t.Helper()
	v, _, err := r.Version(r.t.Context(), "ann", "n", n)
	if err != nil {
		r.t.Fatal(err)
	}
	return v.Content
}

func (r *rig) mustHave(what, pk, prefix string, want int) {
	r.t.Helper()
	if got := r.keys(pk, prefix); len(got) != want {
		r.t.Errorf("%d %s, want %d: %v", len(got), what, want, got)
	}
}

// The second text is nobody's any more; its parts stay for a day, for who reads a version that
// was there a moment ago.
func TestThinRemovesBlobsThatNoVersionRefersTo(t *testing.T) {
	r, clock, first, _ := newOldRig(t)
	r.mustHave("parts", "NOTE#n", "PART#", 6)
	if n := r.thin(); n != 5 { // 2 to 5, and the first of the small ones
		t.Errorf("%d removed", n)
	}
	if r.text(6) != first {
		t.Error("a shared text is gone")
	}
	r.mustHave("blobs", "NOTE#n", "BLOB#", 1)
	r.mustHave("parts of both", "NOTE#n", "PART#", 6)
	r.mustHave("marks", "NOTE#n", "THIN", 0)
	for after, want := range []int{6, 3} {
		if _, err := r.store.SweepUploads(t.Context(), clock.Now().Add(-24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		r.mustHave([]string{"parts at once", "parts a day later"}[after], "NOTE#n", "PART#", want)
		clock.Advance(25 * time.Hour)
	}
	if r.text(6) != first {
		t.Error("the sweep took a text that is referred to")
	}
	r.mustHave("uploads", "UPLOADS", " ", 0)
}

// A commit refers to a blob again between the look at all versions and the removal.
func TestThinLeavesABlobThatACommitHasJustReferredTo(t *testing.T) {
	r, clock, _, second := newOldRig(t)
	committed := false
	r.engine.OnTransact = func(ops []dynamo.Op) (bool, error) {
		if discards(ops) && !committed {
			committed = true
			r.must(content(second))
		}
		return true, nil
	}
	r.thin()
	if !committed {
		t.Fatal("nothing was to be removed")
	}
	r.sweepLater(clock)
	if head := r.text(18); head != second {
		t.Error("the text of the head is gone")
	}
	r.mustHave("blobs", "NOTE#n", "BLOB#", 2)
}

// The other way round: the blob goes between a commit's look at it and its transaction.
func TestACommitWritesABlobAgainThatWasJustRemoved(t *testing.T) {
	r, clock, _, second := newOldRig(t)
	thinned := false
	r.engine.OnTransact = func(ops []dynamo.Op) (bool, error) {
		if isCommit(ops) && !thinned {
			thinned = true
			if r.thin() == 0 {
				t.Error("nothing was removed")
			}
		}
		return true, nil
	}
	r.must(content(second))
	r.sweepLater(clock)
	if head := r.text(18); !thinned || head != second {
		t.Error("the text of the head is gone")
	}
}

func (r *rig) sweepLater(clock *notestest.Clock) {
	r.t.Helper()
	clock.Advance(48 * time.Hour)
	if _, err := r.store.SweepUploads(r.t.Context(), clock.Now().Add(-24*time.Hour)); err != nil {
		r.t.Fatal(err)
	}
}

// discards reports whether a transaction removes a blob.
func discards(ops []dynamo.Op) bool {
	return slices.ContainsFunc(ops, func(op dynamo.Op) bool { return op.Delete != nil && strings.HasPrefix(op.Delete.SK, "BLOB#") })
}

// Wherever it is stopped, before or after a transaction, the next run brings it to its end.
func TestThinGoesOnWhereverItWasStopped(t *testing.T) {
	stopped := errors.New("the process dies here")
	for at := range 10 {
		for _, applied := range []bool{false, true} {
			r, clock, first, _ := newOldRig(t)
			n := 0
			r.engine.OnTransact = func([]dynamo.Op) (bool, error) {
				if n++; n <= at {
					return true, nil
				}
				return applied && n == at+1, stopped
			}
			_, err := r.Thin(t.Context(), "n", notes.KeepAtLeast)
			r.engine.OnTransact = nil
			if err == nil {
				if at < 3 {
					t.Errorf("it was complete after %d transactions", at)
				}
				return
			}
			r.thin()
			r.sweepLater(clock)
			r.mustHave("versions", "NOTE#n", "VER#", 12)
			r.mustHave("blobs", "NOTE#n", "BLOB#", 1)
			r.mustHave("parts", "NOTE#n", "PART#", 3)
			r.mustHave("marks", "NOTE#n", "THIN", 0)
			if r.text(6) != first {
				t.Errorf("stopped after %d transactions: a text is gone", at)
			}
		}
	}
	t.Error("it never came to its end")
}

func TestEachNoteFindsAllNotesAndStopsAtAnError(t *testing.T) {
	engine := openEngine(t)
	store := openStore(t, engine)
	notestest.Varied(t, store, 30, 2)
	seen := map[notes.NoteID]int{}
	if err := store.EachNote(t.Context(), func(id notes.NoteID) error { seen[id]++; return nil }); err != nil || len(seen) != 30 {
		t.Errorf("%d notes, error %v", len(seen), err)
	}
	calls := 0
	if err := store.EachNote(t.Context(), func(notes.NoteID) error { calls++; return errBroken }); !errors.Is(err, errBroken) || calls != 1 {
		t.Errorf("error %v after %d notes", err, calls)
	}
}
