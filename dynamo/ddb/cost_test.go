package ddb_test

import (
	"crypto/rand"
	"fmt"
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
	prose := func(size int) string { return strings.Repeat("words of all kinds, ", size/20) }
	edit := func(size int) func() error {
		var e notes.Edit
		e.Changes.Content = notes.Some(prose(size))
		return do(e)
	}
	// on is an edit of the version before the head: what one line is to another two.
	on := func(version int64, title, text string) func() error {
		e := notes.Edit{BaseVersion: notes.Seen(version)}
		e.Changes.Content = notes.Some(text)
		if title != "" {
			e.Changes.Title = notes.Some(&title)
		}
		return do(e)
	}
	folder := func(id string, op notes.Op) func() error {
		return func() error {
			_, err := service.Mutate(t.Context(), "fay", "", notes.Mutation{Folder: notes.FolderID(id), Op: op})
			return err
		}
	}
	name := notes.FolderPatch{Name: notes.Some("a folder")}
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
		{"edit of 1 KB on the head, two members", 60, on(5, "", prose(1<<10)+"more")},
		{"edit of 1 KB on an older version, merged, two members", 80, on(5, "title", prose(1<<10)+"more, too")},
		{"edit of 1 KB on an older version, with a conflict, two members", 80, on(6, "", "conflict")},
		{"trash, two members", 60, do(notes.Trash{})},
		{"purge, two members", 60, do(notes.Purge{})},
		{"sweep of the purge, 9 rows", 80, func() error { _, err := store.SweepPurged(t.Context()); return err }},
		{"create a folder", 15, folder("f-1", notes.FolderCreate{FolderPatch: name})},
		{"49 more folders", 10 * 49, func() error {
			for i := range 49 {
				if err := folder(fmt.Sprintf("g-%d", i), notes.FolderCreate{FolderPatch: name})(); err != nil {
					return err
				}
			}
			return nil
		}},
		{"change one of 50 folders", 20, folder("f-1", notes.FolderUpdate{Changes: notes.FolderPatch{Color: notes.Some("#123456")}})},
		{"list 50 folders", 15, func() error { _, err := service.Folders(t.Context(), "fay"); return err }},
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
