package ddb_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"notewire/dynamo"
	"notewire/dynamo/ddb"
	"notewire/notes"
)

type nobody struct{}

func (nobody) Publish(notes.Topic, int64) {}

// The capacity units of the usual operations, as DynamoDB Local reports them: the table in
// DESIGN.md. It fails if one becomes dearer.
//
//	go test ./dynamo/ddb -run Cost -v
func TestCostOfOperations(t *testing.T) {
	c := client(t)
	engine := ddb.New(c, table(t, c))
	units := 0.0
	engine.Consumed = func(u float64) { units += u }
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: rand.Text})
	if err != nil {
		t.Fatal(err)
	}
	service := notes.NewService(notes.Config{Store: store, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: rand.Text})
	do := func(op notes.Op) func() error {
		return func() error {
			_, err := service.Mutate(t.Context(), "ann", "", notes.Mutation{Note: "n", Op: op})
			return err
		}
	}
	edit := func(size int) func() error {
		var e notes.Edit
		e.Changes.Content = notes.Some(strings.Repeat("words of all kinds, ", size/20))
		return do(e)
	}
	for _, op := range []struct {
		name string
		most float64
		do   func() error
	}{
		{"create, empty", 30, do(notes.Create{})},
		{"edit of 1 KB", 40, edit(1 << 10)},
		{"edit of 10 KB, which packs well", 40, edit(10 << 10)},
		{"organise", 25, do(notes.Organise{Fields: notes.FieldsPatch{Starred: notes.Some(true)}})},
		{"share with one", 50, do(notes.Share{Members: []notes.Member{{User: "bob", Role: notes.Writer}}})},
		{"edit of 1 KB, two members", 60, edit(1 << 10)},
		{"get a note", 10, func() error { _, err := service.Get(t.Context(), "ann", "n"); return err }},
		{"one event of a log", 10, func() error { _, err := service.AccountLog(t.Context(), "ann", 4, 1); return err }},
		{"head of a log", 2, func() error { _, err := service.AccountHead(t.Context(), "ann"); return err }},
	} {
		units = 0
		if err := op.do(); err != nil {
			t.Fatal(op.name, err)
		}
		t.Logf("| %s | %.1f |", op.name, units)
		if units == 0 || units > op.most {
			t.Errorf("%s: %.1f units, at most %.1f", op.name, units, op.most)
		}
	}
}
