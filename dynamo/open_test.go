package dynamo_test

import (
	"errors"
	"strings"
	"testing"

	"notewire/dynamo"
	"notewire/dynamo/dynamotest"
)

func options(epoch string) dynamo.Options {
	return dynamo.Options{LogDays: 30, NewEpoch: func() string { return epoch }}
}

func TestATableKeepsTheEpochItWasMadeWith(t *testing.T) {
	engine := openEngine(t)
	for _, offered := range []string{"first", "second"} {
		store, err := dynamo.Open(t.Context(), engine, options(offered))
		if err != nil {
			t.Fatal(err)
		}
		if store.Epoch() != "first" {
			t.Errorf("offered %q, the epoch is %q", offered, store.Epoch())
		}
	}
}

func TestATableOfAnotherLayoutIsNotOpened(t *testing.T) {
	for layout, want := range map[int64]string{1: "layout 1", 4: "layout 4"} {
		engine := openEngine(t)
		meta := &dynamo.Item{Key: dynamo.Key{PK: "STORE", SK: "META"}, Attrs: map[string]any{"epoch": "E", "layout": layout}}
		if err := engine.Transact(t.Context(), []dynamo.Op{{Put: meta}}); err != nil {
			t.Fatal(err)
		}
		_, err := dynamo.Open(t.Context(), engine, options("new"))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "knows layout 3") {
			t.Errorf("a table of layout %d is opened with error %v", layout, err)
		}
		items, err := engine.Get(t.Context(), meta.Key)
		if err != nil || items[0].Attrs["epoch"] != "E" {
			t.Errorf("its meta row became %+v, error %v", items[0], err)
		}
	}
}

func TestATableThatCannotBeWrittenIsNotOpened(t *testing.T) {
	broken := errors.New("broken")
	engine := &dynamotest.Faulty{Engine: openEngine(t), OnTransact: func([]dynamo.Op) (bool, error) { return false, broken }}
	if _, err := dynamo.Open(t.Context(), engine, options("E")); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
