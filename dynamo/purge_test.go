package dynamo_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"notewire/dynamo"
	"notewire/notes"
)

// purged makes ann's note n of several versions, with two large bodies and a large one that was
// posted, and purges it.
func (r *rig) purged() *notes.Outcome {
	r.t.Helper()
	r.must(notes.Create{})
	r.must(content("1"))
	word := strings.NewReplacer("+", "", "/", "", "=", "") // one word cannot be merged with another
	r.must(content(word.Replace(large(r.t))))
	based := content(word.Replace(large(r.t))).(notes.Edit)
	based.BaseVersion = 2
	r.must(based)
	for i := range 12 {
		r.must(content(fmt.Sprint(i)))
	}
	r.must(notes.Trash{})
	out, err := r.do(notes.Purge{})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// tombstone is all that is left of note n.
func (r *rig) tombstone(version int64) {
	r.t.Helper()
	if left, want := r.keys("NOTE#n", ""), []string{"HEAD", fmt.Sprintf("VER#%010d", version)}; !slices.Equal(left, want) {
		r.t.Errorf("left of the note are %v, want %v", left, want)
	}
	if marks := r.keys("PURGES", ""); len(marks) != 0 {
		r.t.Errorf("left are the marks %v", marks)
	}
	if _, err := r.do(notes.Create{}); notes.CodeOf(err) != notes.NoteExists {
		r.t.Errorf("the id is used again: %v", err)
	}
	if _, err := r.Get(r.t.Context(), "ann", "n"); notes.CodeOf(err) != notes.Purged {
		r.t.Errorf("it is read with error %v", err)
	}
	if _, err := r.Get(r.t.Context(), "eve", "n"); notes.CodeOf(err) != notes.NotFound {
		r.t.Errorf("it is read by a stranger with error %v", err)
	}
}

// replayed returns ann's log as text, without the pointers in it.
func (r *rig) replayed() string {
	r.t.Helper()
	log, err := r.AccountLog(r.t.Context(), "ann", 0, 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	var text strings.Builder
	for _, c := range log {
		fmt.Fprintln(&text, c.Seq, c.Kind, c.Reason, c.Op, c.Note, c.LogRow.Version, c.Version != nil)
	}
	return text.String()
}

func (r *rig) sweepPurged(want int) {
	r.t.Helper()
	if n, err := r.store.SweepPurged(r.t.Context()); n != want || err != nil {
		r.t.Errorf("the sweep finished %d, want %d; error %v", n, want, err)
	}
}

func TestASweepLeavesATombstoneOfWhatWasPurged(t *testing.T) {
	r := newRig(t)
	r.sweepPurged(0)
	out := r.purged()
	if parts := r.keys("NOTE#n", "PART#"); len(parts) < 4 {
		t.Fatalf("the bodies are in %d parts: the test does not show much", len(parts))
	}
	log := r.replayed()
	r.sweepPurged(1)
	r.tombstone(out.Version)
	if after := r.replayed(); after != log {
		t.Errorf("the log replays as\n%s\nand before the sweep as\n%s", after, log)
	}
	r.sweepPurged(0)
	again, err := r.Mutate(t.Context(), "ann", "", notes.Mutation{ID: out.Mutation, Note: "n", Op: notes.Purge{}})
	if err != nil || !again.Repeated || again.Cursor != out.Cursor || again.At != out.At {
		t.Errorf("repeated, the purge is answered %+v, error %v", again, err)
	}
}

// What was committed is known by its receipt, though its version is gone.
func TestARepeatedEditOfWhatWasSweptIsAnswered(t *testing.T) {
	r := newRig(t)
	r.must(notes.Create{})
	edit := notes.Mutation{ID: "m", Note: "n", Op: content("x")}
	first, err := r.Mutate(t.Context(), "ann", "", edit)
	if err != nil {
		t.Fatal(err)
	}
	r.must(notes.Trash{})
	r.must(notes.Purge{})
	r.sweepPurged(1)
	again, err := r.Mutate(t.Context(), "ann", "", edit)
	if err != nil || !again.Repeated || again.Version != first.Version || again.Cursor != first.Cursor || again.At != first.At || again.View != nil {
		t.Errorf("%+v, error %v", again, err)
	}
}

// A sweep dies before or after each of its transactions, and the next one goes on.
func TestAStoppedSweepIsFinishedByTheNext(t *testing.T) {
	r := newRig(t)
	out := r.purged()
	died := errors.New("the process dies here")
	stops := 0
	for done := false; !done; stops++ {
		r.engine.OnTransact = func([]dynamo.Op) (bool, error) { return stops%2 == 0, died }
		if _, err := r.store.SweepPurged(t.Context()); !errors.Is(err, died) {
			t.Fatalf("stop %d: error %v", stops, err)
		}
		r.engine.OnTransact = nil
		if _, err := r.Get(t.Context(), "ann", "n"); notes.CodeOf(err) != notes.Purged {
			t.Fatalf("after stop %d it is read with error %v", stops, err)
		}
		done = len(r.keys("PURGES", "")) == 0
	}
	if stops < 6 {
		t.Errorf("it was stopped %d times only", stops)
	}
	r.sweepPurged(0)
	r.tombstone(out.Version)
}

func TestSweepsOfPurgesAtOnceFinishEachOnce(t *testing.T) {
	r := newRig(t)
	const purged = 45 // more than are in a page
	for i := range purged {
		id := notes.NoteID(fmt.Sprintf("n-%02d", i))
		for _, op := range []notes.Op{notes.Create{}, content("x"), notes.Trash{}, notes.Purge{}} {
			if _, err := r.Mutate(t.Context(), "ann", "", notes.Mutation{Note: id, Op: op}); err != nil {
				t.Fatal(err)
			}
		}
	}
	var finished atomic.Int64
	var sweeps sync.WaitGroup
	for range 4 {
		sweeps.Go(func() {
			n, err := r.store.SweepPurged(t.Context())
			if err != nil {
				t.Error(err)
			}
			finished.Add(int64(n))
		})
	}
	sweeps.Wait()
	if finished.Load() != purged {
		t.Errorf("%d finished, want %d", finished.Load(), purged)
	}
	for i := range purged {
		if left := r.keys(fmt.Sprintf("NOTE#n-%02d", i), ""); len(left) != 2 {
			t.Errorf("left are %v", left)
		}
	}
}

// Members who are told late are told of each version, so these stay until everybody knows.
func TestASweepWaitsUntilAllMembersAreTold(t *testing.T) {
	r := newRig(t)
	r.must(notes.Create{})
	const crowd = 45
	for i := 0; i < crowd; i += notes.MembersAtOnce {
		var share notes.Share
		for k := i; k < min(crowd, i+notes.MembersAtOnce); k++ {
			share.Members = append(share.Members, notes.Member{User: notes.UserID(fmt.Sprintf("u-%02d", k)), Role: notes.Reader})
		}
		r.must(share)
	}
	r.settled()
	r.engine.OnTransact = func(ops []dynamo.Op) (bool, error) {
		if isCommit(ops) {
			return true, nil
		}
		return false, errors.New("nobody is told late")
	}
	r.must(content("x"))
	r.must(notes.Trash{})
	out, err := r.do(notes.Purge{})
	if err != nil {
		t.Fatal(err)
	}
	r.settled()
	r.engine.OnTransact = nil
	before := r.keys("NOTE#n", "")
	r.sweepPurged(0)
	if left := r.keys("NOTE#n", ""); !slices.Equal(left, before) || len(left) < 6 {
		t.Errorf("left are %v of %v", left, before)
	}
	if _, err := r.SweepLate(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	r.sweepPurged(1)
	r.tombstone(out.Version)
	for i := range crowd {
		user := notes.UserID(fmt.Sprintf("u-%02d", i))
		log, err := r.AccountLog(t.Context(), user, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		if row := log[len(log)-1]; row.Reason != notes.ReasonPurged || row.LogRow.Version != out.Version {
			t.Errorf("the last row of %s is %+v", user, row)
		}
		for k, row := range log {
			if row.Seq != int64(k+1) {
				t.Errorf("the log of %s has %d at place %d", user, row.Seq, k+1)
			}
		}
	}
}

func (r *rig) settled() {
	r.t.Helper()
	if err := r.Settled(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// A large edit that was under way when the note was purged comes too late, and leaves nothing.
func TestPartsOfAnEditThatMetAPurgeAreSwept(t *testing.T) {
	r := newRig(t)
	r.must(notes.Create{})
	r.must(notes.Trash{})
	other := notes.NewService(notes.Config{Store: r.store, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: rand.Text})
	var met atomic.Bool
	r.engine.OnTransact = func(ops []dynamo.Op) (bool, error) {
		if isCommit(ops) && met.CompareAndSwap(false, true) {
			if _, err := other.Mutate(t.Context(), "ann", "", notes.Mutation{Note: "n", Op: notes.Purge{}}); err != nil {
				t.Error(err)
			}
		}
		return true, nil
	}
	if _, err := r.do(content(large(t))); notes.CodeOf(err) != notes.Purged {
		t.Fatalf("the edit ends with %v", err)
	}
	r.engine.OnTransact = nil
	r.sweepPurged(1)
	if _, err := r.store.SweepUploads(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	r.tombstone(3)
	if uploads := r.keys("UPLOADS", ""); len(uploads) != 0 {
		t.Errorf("left are the uploads %v", uploads)
	}
}
