package dynamo_test

import (
	"encoding/hex"
	"errors"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/dynamotest"
	"notewire/notes"
)

// tableOfLayout2 writes the rows of a table as it was before layout 3, by hand.
func tableOfLayout2(t *testing.T) dynamo.Engine {
	t.Helper()
	text, err := os.ReadFile("testdata/layout2.golden")
	if err != nil {
		t.Fatal(err)
	}
	engine := openEngine(t)
	for _, item := range parseDump(t, string(text)) {
		if err := engine.Transact(t.Context(), []dynamo.Op{{Put: item}}); err != nil {
			t.Fatal(err)
		}
	}
	return engine
}

// parseDump reads what tape.dump wrote.
func parseDump(t *testing.T, text string) (items []*dynamo.Item) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if attr, ok := strings.CutPrefix(line, "    "); ok {
			name, rest, _ := strings.Cut(attr, " ")
			kind, value, _ := strings.Cut(rest, " ")
			items[len(items)-1].Attrs[name] = parseValue(t, kind, value)
			continue
		}
		parts := strings.Split(line, " | ")
		item := &dynamo.Item{Key: dynamo.Key{PK: parts[0], SK: parts[1]}, Attrs: map[string]any{}}
		for i, part := range parts {
			if index, ok := strings.CutPrefix(part, "index "); ok {
				item.Index = dynamo.Key{PK: index, SK: parts[i+1]}
			}
			if ttl, ok := strings.CutPrefix(part, "ttl "); ok {
				item.TTL = parseValue(t, "int64", ttl).(int64)
			}
		}
		items = append(items, item)
	}
	return items
}

func parseValue(t *testing.T, kind, value string) any {
	t.Helper()
	var v any
	var err error
	switch kind {
	case "string":
		v, err = strconv.Unquote(value)
	case "int64":
		v, err = strconv.ParseInt(value, 10, 64)
	case "bool":
		v, err = strconv.ParseBool(value)
	case "[]uint8":
		v, err = hex.DecodeString(value)
	case "[]string":
		var list []string
		for _, quoted := range strings.Fields(strings.Trim(value, "[]")) {
			var one string
			if one, err = strconv.Unquote(quoted); err != nil {
				break
			}
			list = append(list, one)
		}
		v = list
	default:
		err = errors.New("a " + kind)
	}
	if err != nil {
		t.Fatalf("%s %s: %v", kind, value, err)
	}
	return v
}

func layoutOf(t *testing.T, engine dynamo.Engine) any {
	t.Helper()
	items, err := engine.Get(t.Context(), dynamo.Key{PK: "STORE", SK: "META"})
	if err != nil || items[0] == nil {
		t.Fatalf("the meta row is %v, error %v", items, err)
	}
	return items[0].Attrs["layout"]
}

func TestATableOfLayout2IsRaisedWhenItIsOpened(t *testing.T) {
	engine := tableOfLayout2(t)
	store, err := dynamo.Open(t.Context(), engine, options("another"))
	if err != nil {
		t.Fatal(err)
	}
	if layout := layoutOf(t, engine); layout != int64(3) || store.Epoch() != "EPOCH" {
		t.Errorf("layout %v, epoch %s", layout, store.Epoch())
	}
	if _, err := dynamo.Open(t.Context(), engine, options("another")); err != nil {
		t.Errorf("opened again: %v", err)
	}
}

// What was written in layout 2 reads as if it had been written now, and can be gone on with.
func TestATableOfLayout2IsReadAndWritten(t *testing.T) {
	old, engine := tableOfLayout2(t), openEngine(t)
	smallHistory(t, engine) // the same, and what came with layout 3
	at := time.UnixMilli(1_763_700_100_000)
	service := func(engine dynamo.Engine) *notes.Service {
		store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "x" }, Now: func() time.Time { return at }})
		if err != nil {
			t.Fatal(err)
		}
		return notes.NewService(notes.Config{Store: store, Publisher: nobody{}, Limits: notes.DefaultLimits(), Now: func() time.Time { return at }})
	}
	before, now := service(old), service(engine)
	for _, user := range []notes.UserID{"ann", "bob", "cat"} {
		got, err := before.AccountLog(t.Context(), user, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		want, err := now.AccountLog(t.Context(), user, 0, 100)
		if err != nil || len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("the log of %s is %+v, want %+v, error %v", user, got, want, err)
		}
	}
	for _, id := range []notes.NoteID{"n-1", "n-2"} {
		got, err := before.NoteLog(t.Context(), id, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		want, err := now.NoteLog(t.Context(), id, 0, 100)
		if err != nil || len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("the history of %s is %+v, want %+v, error %v", id, got, want, err)
		}
	}
	for _, m := range []notes.Mutation{
		{ID: "m-5", Note: "n-1", Op: notes.Trash{}}, // as it was in layout 2
		{ID: "new-1", Note: "n-1", Op: notes.Edit{Changes: notes.Changes{BodyPatch: saying("more")}, BaseVersion: 3}},
		{ID: "new-2", Folder: "f", Op: notes.FolderCreate{FolderPatch: notes.FolderPatch{Name: notes.Some("f")}}},
		{ID: "new-3", Note: "n-1", Op: notes.Purge{}},
	} {
		out, err := before.Mutate(t.Context(), "ann", "", m)
		if err != nil || out.Repeated != (m.ID == "m-5") {
			t.Errorf("%s: %+v, %v", m.ID, out, err)
		}
	}
}

// Many servers may open the table at once, or die in the middle.
func TestATableThatManyOpenAtOnceIsRaisedByWhoComesFirst(t *testing.T) {
	engine := tableOfLayout2(t)
	lost := errors.New("connection lost")
	for _, apply := range []bool{false, true} {
		faulty := &dynamotest.Faulty{Engine: engine, OnTransact: func(ops []dynamo.Op) (bool, error) {
			if ops[0].If.Kind == dynamo.Equal {
				return apply, lost
			}
			return true, nil
		}}
		_, err := dynamo.Open(t.Context(), faulty, options("x"))
		if !errors.Is(err, lost) {
			t.Errorf("a table that cannot be raised is opened with error %v", err)
		}
		if layout, want := layoutOf(t, engine), map[bool]int64{false: 2, true: 3}[apply]; layout != want {
			t.Errorf("layout %v, want %d", layout, want)
		}
	}

	engine = tableOfLayout2(t)
	var opened sync.WaitGroup
	for range 8 {
		opened.Go(func() {
			if store, err := dynamo.Open(t.Context(), engine, options("x")); err != nil || store.Epoch() != "EPOCH" {
				t.Errorf("opened with error %v", err)
			}
		})
	}
	opened.Wait()
	if layout := layoutOf(t, engine); layout != int64(3) {
		t.Errorf("layout %v", layout)
	}
}
