package dynamo_test

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
)

var update = flag.Bool("update", false, "rewrite testdata")

// Files with this layout exist: a change of it needs a new layout version, and a way to
// read the old one. The one before is in testdata/layout2.golden.
func TestTheLayoutOfATableDoesNotChange(t *testing.T) {
	const golden = "testdata/layout.golden"
	tape := &tape{Engine: openEngine(t), rows: map[dynamo.Key]*dynamo.Item{}}
	smallHistory(t, tape)
	got := tape.dump()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the table is\n%s\nwant\n%s\n(go test ./dynamo -run Layout -update rewrites it)", got, want)
	}
}

func openEngine(t *testing.T) dynamo.Engine {
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "notes.db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// smallHistory has a row of every kind and an attribute of every name.
func smallHistory(t *testing.T, engine dynamo.Engine) {
	at := time.UnixMilli(1_763_700_000_123)
	now := func() time.Time { return at }
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{
		LogDays: 30, NewEpoch: func() string { return "EPOCH" }, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	service := notes.NewService(notes.Config{Store: store, Publisher: nobody{}, Limits: notes.DefaultLimits(), Now: now})
	s := func(v string) notes.Opt[*string] { return notes.Some(&v) }
	hiddenAt := notes.Millis(1_763_600_000_000)
	for i, m := range []step{
		{"ann", "n-1", notes.Create{
			BodyPatch: notes.BodyPatch{
				Title: s("Title"), Content: notes.Some("text"), Blob: notes.Some(json.RawMessage(`{"a":1}`)), EncryptedTitle: s("et"),
				EncryptedContent: s("ec"), IV: s("iv"), Salt: s("salt"), Type: notes.Some("task"),
			},
			FieldsPatch: notes.FieldsPatch{
				FolderID: s("folder"), Tags: notes.Some([]string{"x", "y"}), Starred: notes.Some(true), Archived: notes.Some(true),
				Hidden: notes.Some(true), HiddenAt: notes.Some(&hiddenAt),
			},
			TemplateID: "template",
		}},
		{"ann", "n-1", notes.Share{Access: notes.Some(notes.Public), Members: []notes.Member{{User: "bob", Role: notes.Writer}, {User: "cat", Role: notes.Reader}}}},
		{"bob", "n-1", notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Title: s(""), Content: notes.Some("")}}, BaseVersion: 2}},
		{"bob", "n-1", notes.Revert{Version: 1}},
		{"cat", "n-1", notes.Leave{}},
		{"ann", "n-1", notes.Trash{}},
		{"ann", "n-1", notes.Trash{}},
		{"ann", "n-2", notes.Create{}},
		{"ann", "n-2", notes.Organise{Fields: notes.FieldsPatch{AddTags: []string{"z"}}}},
		// since layout 3
		{"dan", "n-3", notes.Create{BodyPatch: saying("one"), ExpiresInHours: 1}},
		{"dan", "n-3", notes.Edit{Changes: notes.Changes{BodyPatch: saying("two")}}},
		{"dan", "n-3", notes.Edit{Changes: notes.Changes{BodyPatch: saying("three")}, BaseVersion: 1}},
		{"dan", "n-3", notes.Revert{Version: 3, Kept: true}},
		{"dan", "n-4", notes.Create{BodyPatch: saying("gone")}},
		{"dan", "n-4", notes.Trash{}},
		{"dan", "n-4", notes.Purge{}},
		{"dan", "f-1", notes.FolderCreate{FolderPatch: notes.FolderPatch{Name: notes.Some("Folder")}}},
		{"dan", "f-2", notes.FolderCreate{FolderPatch: notes.FolderPatch{
			Name: notes.Some("<ä>"), Color: notes.Some("#ABCDEF"), ParentID: s("f-1"), Order: notes.Some(int64(5)), IsDefault: notes.Some(true),
		}}},
		{"dan", "f-1", notes.FolderUpdate{Changes: notes.FolderPatch{Name: notes.Some("Renamed")}}},
		{"dan", "f-2", notes.FolderDelete{}},
	} {
		at = at.Add(time.Millisecond)
		mutation := notes.Mutation{ID: notes.MutationID(fmt.Sprintf("m-%d", i)), Note: notes.NoteID(m.subject), Op: m.op}
		if mutation.OfFolder() {
			mutation.Note, mutation.Folder = "", notes.FolderID(m.subject)
		}
		if _, err := service.Mutate(t.Context(), m.author, "via", mutation); err != nil {
			t.Fatal(err)
		}
	}
}

// step is one mutation of a note, or of a folder.
type step struct {
	author  notes.UserID
	subject string
	op      notes.Op
}

func saying(text string) notes.BodyPatch { return notes.BodyPatch{Content: notes.Some(text)} }

type nobody struct{}

func (nobody) Publish(notes.Topic, int64) {}

// tape is an engine that remembers what it holds.
type tape struct {
	dynamo.Engine
	mu   sync.Mutex
	rows map[dynamo.Key]*dynamo.Item
}

func (p *tape) Transact(ctx context.Context, ops []dynamo.Op) error {
	if err := p.Engine.Transact(ctx, ops); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, op := range ops {
		switch {
		case op.Put != nil:
			p.rows[op.Put.Key] = op.Put
		case op.Delete != nil:
			delete(p.rows, *op.Delete)
		}
	}
	return nil
}

// dump writes every row with its attributes, sorted.
func (p *tape) dump() string {
	var b strings.Builder
	keys := slices.SortedFunc(maps.Keys(p.rows), func(x, y dynamo.Key) int {
		return cmp.Or(cmp.Compare(x.PK, y.PK), cmp.Compare(x.SK, y.SK))
	})
	for _, key := range keys {
		item := p.rows[key]
		fmt.Fprintf(&b, "%s | %s", key.PK, key.SK)
		if item.Index != (dynamo.Key{}) {
			fmt.Fprintf(&b, " | index %s | %s", item.Index.PK, item.Index.SK)
		}
		if item.TTL != 0 {
			fmt.Fprintf(&b, " | ttl %d", item.TTL)
		}
		b.WriteString("\n")
		for _, name := range slices.Sorted(maps.Keys(item.Attrs)) {
			fmt.Fprintf(&b, "    %s %T %s\n", name, item.Attrs[name], show(item.Attrs[name]))
		}
	}
	return b.String()
}

func show(v any) string {
	switch v := v.(type) {
	case string, []string:
		return fmt.Sprintf("%q", v)
	case []byte:
		return fmt.Sprintf("%x", v)
	}
	return fmt.Sprint(v)
}
