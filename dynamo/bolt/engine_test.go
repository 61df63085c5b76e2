package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"notewire/dynamo"
	"notewire/dynamo/dynamotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContract(t *testing.T) {
	opened := func(t *testing.T) dynamo.Engine { return open(t, file(t)) }
	dynamotest.RunEngine(t, opened)
	dynamotest.RunEngineAtOnce(t, opened)
}

// file returns the path of a database that does not exist yet.
func file(t testing.TB) string { return filepath.Join(t.TempDir(), "data", "notes.db") }

// open opens an engine without background sweeps, and closes it with the test.
func open(t testing.TB, path string) *Engine {
	t.Helper()
	e, err := Open(path, Options{SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func item(sk string, n int64) *dynamo.Item {
	return &dynamo.Item{Key: dynamo.Key{PK: "p", SK: sk}, Attrs: map[string]any{"n": n}}
}

func mustPut(t testing.TB, e *Engine, items ...*dynamo.Item) {
	t.Helper()
	for _, item := range items {
		if err := e.Transact(t.Context(), []dynamo.Op{{Put: item}}); err != nil {
			t.Fatal(err)
		}
	}
}

// stored returns the n of the item under sk; 0 if there is none.
func stored(t testing.TB, e *Engine, sk string) int64 {
	t.Helper()
	items, err := e.Get(t.Context(), dynamo.Key{PK: "p", SK: sk})
	if err != nil {
		t.Fatal(err)
	}
	if items[0] == nil {
		return 0
	}
	return items[0].Attrs["n"].(int64)
}

func TestReopenedFileHasEveryItem(t *testing.T) {
	path := file(t)
	e := open(t, path)
	for i := range int64(50) {
		mustPut(t, e, item(fmt.Sprint("item-", i), i+1))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, path)
	for i := range int64(50) {
		if got := stored(t, e, fmt.Sprint("item-", i)); got != i+1 {
			t.Errorf("item %d holds %d", i, got)
		}
	}
}

func TestClosedEngineAnswersErrClosed(t *testing.T) {
	e := open(t, file(t))
	for range 2 {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, getErr := e.Get(t.Context(), dynamo.Key{PK: "p", SK: "s"})
	_, queryErr := e.Query(t.Context(), dynamo.Query{PK: "p", To: "~", Limit: 1})
	_, sweepErr := e.Sweep(t.Context(), e.now())
	transactErr := e.Transact(t.Context(), []dynamo.Op{{Put: item("a", 1)}})
	for _, err := range []error{getErr, queryErr, sweepErr, transactErr} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("error %v, want ErrClosed", err)
		}
	}
}

func TestCloseWhileBusyKeepsWhatWasAcknowledged(t *testing.T) {
	path := file(t)
	e := open(t, path)
	const writers = 8
	var acknowledged [writers]int64
	var all sync.WaitGroup
	started := make(chan struct{}, writers)
	for w := range writers {
		all.Go(func() {
			for n := int64(1); ; n++ {
				err := e.Transact(context.Background(), []dynamo.Op{{Put: item(fmt.Sprint("w", w), n)}})
				if err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Errorf("writer %d: %v", w, err)
					}
					return
				}
				acknowledged[w] = n
				if n == 3 {
					started <- struct{}{}
				}
			}
		})
		all.Go(func() {
			for {
				if _, err := e.Query(context.Background(), dynamo.Query{PK: "p", To: "~", Limit: 10}); err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Errorf("reader %d: %v", w, err)
					}
					return
				}
			}
		})
	}
	for range writers {
		<-started
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	e = open(t, path)
	for w := range writers {
		if got := stored(t, e, fmt.Sprint("w", w)); got != acknowledged[w] {
			t.Errorf("writer %d: stored %d, acknowledged %d", w, got, acknowledged[w])
		}
	}
}

// A Get of several keys and a page are one snapshot, beyond the contract.
func TestReaderSeesATransactionWholeOrNotAtAll(t *testing.T) {
	e := open(t, file(t))
	done := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			got, err := e.Get(t.Context(), dynamo.Key{PK: "p", SK: "a"}, dynamo.Key{PK: "p", SK: "b"})
			if err != nil || (got[0] == nil) != (got[1] == nil) || got[0] != nil && got[0].Attrs["n"] != got[1].Attrs["n"] {
				t.Errorf("torn read: %v, error %v", got, err)
			}
		}
	})
	for n := range int64(50) {
		if err := e.Transact(t.Context(), []dynamo.Op{{Put: item("a", n)}, {Put: item("b", n)}}); err != nil {
			t.Error(err)
		}
	}
	close(done)
	reader.Wait()
}

func TestIllegalOpsAreRefused(t *testing.T) {
	e := open(t, file(t))
	key := dynamo.Key{PK: "p", SK: "s"}
	for name, op := range map[string]dynamo.Op{
		"nothing set":        {},
		"two set":            {Put: item("s", 1), Delete: &key},
		"empty partition":    {Put: &dynamo.Item{Key: dynamo.Key{SK: "s"}}},
		"empty sort key":     {Delete: &dynamo.Key{PK: "p"}},
		"separator in a key": {Check: &dynamo.Key{PK: "p\x00", SK: "s"}},
		"unicode in a key":   {Put: item("é", 1)},
		"half an index key":  {Put: &dynamo.Item{Key: key, Index: dynamo.Key{PK: "i"}}},
		"unknown condition":  {Check: &key, If: dynamo.Cond{Kind: 99}},
		"key too long":       {Put: item(string(make([]byte, maxSK+1)), 1)},
	} {
		var clash *dynamo.Clash
		if err := e.Transact(t.Context(), []dynamo.Op{{Put: item("other", 1)}, op}); err == nil || errors.As(err, &clash) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if stored(t, e, "other") != 0 {
		t.Error("a part of a refused transaction was applied")
	}
}
