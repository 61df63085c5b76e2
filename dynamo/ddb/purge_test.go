package ddb_test

import (
	"crypto/rand"
	"sync"
	"sync/atomic"
	"testing"

	"notewire/dynamo"
	"notewire/dynamo/ddb"
	"notewire/notes"
)

// word is a text that neither packs well nor merges with another one.
func word(size int) string {
	text := make([]byte, 0, size+32)
	for len(text) < size {
		text = append(text, rand.Text()...)
	}
	return string(text[:size])
}

// A note of 16 MB is purged, and swept by four servers at once: no transaction is too large.
func TestALargeNoteIsPurgedOnDynamoDB(t *testing.T) {
	c := client(t)
	engine := ddb.New(c, table(t, c))
	store := openStore(t, engine)
	service := notes.NewService(notes.Config{Store: store, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: rand.Text})
	do := func(op notes.Op) *notes.Outcome {
		t.Helper()
		out, err := service.Mutate(t.Context(), "ann", "", notes.Mutation{Note: "n", Op: op})
		if err != nil {
			t.Fatal(op.Name(), err)
		}
		return out
	}
	do(notes.Create{BodyPatch: notes.BodyPatch{Content: notes.Some("base")}})
	for range 12 {
		edit := notes.Edit{BaseVersion: 1}
		edit.Changes.Content = notes.Some(word(1 << 20))
		do(edit)
	}
	for range 6 { // packed into their rows
		var edit notes.Edit
		edit.Changes.Content = notes.Some(word(500 << 10))
		do(edit)
	}
	do(notes.Trash{})
	purge := do(notes.Purge{})

	var finished atomic.Int64
	var sweeps sync.WaitGroup
	for range 4 {
		sweeps.Go(func() {
			n, err := store.SweepPurged(t.Context())
			if err != nil {
				t.Error(err)
			}
			finished.Add(int64(n))
		})
	}
	sweeps.Wait()
	if n, err := store.SweepPurged(t.Context()); n != 0 || err != nil {
		t.Errorf("another sweep finished %d, error %v", n, err)
	}
	if finished.Load() != 1 {
		t.Errorf("%d sweeps say that they finished it", finished.Load())
	}
	page, err := engine.Query(t.Context(), dynamo.Query{PK: "NOTE#n", To: "~", Limit: 100})
	if err != nil || len(page.Items) != 2 {
		t.Errorf("%d rows are left, error %v", len(page.Items), err)
	}
	if _, err := service.Get(t.Context(), "ann", "n"); notes.CodeOf(err) != notes.Purged {
		t.Errorf("it is read with error %v", err)
	}
	for seq := range purge.Cursor.Seq {
		log, err := service.AccountLog(t.Context(), "ann", seq, 1)
		if err != nil || len(log) != 1 || log[0].Seq != seq+1 || log[0].Kind != notes.KindDeleted || log[0].Version != nil {
			t.Errorf("row %d replays as %+v, error %v", seq+1, log, err)
		}
	}
}
