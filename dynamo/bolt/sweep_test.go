package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

var now = time.Unix(1000, 0)

func expiring(sk string, ttl int64) *dynamo.Item {
	it := item(sk, 1)
	it.TTL = ttl
	it.Index = dynamo.Key{PK: "i", SK: sk}
	return it
}

func TestSweepRemovesWhatHasExpired(t *testing.T) {
	e := open(t, file(t))
	mustPut(t, e, expiring("never", 0), expiring("past", 999), expiring("now", 1000), expiring("future", 1001))
	removed, err := e.Sweep(t.Context(), now)
	if err != nil || removed != 1 {
		t.Fatalf("removed %d, error %v", removed, err)
	}
	page, err := e.Query(t.Context(), dynamo.Query{PK: "i", Index: true, To: "~", Limit: 9})
	if err != nil || len(page.Items) != 3 {
		t.Errorf("%d items are left, error %v", len(page.Items), err)
	}
	if stored(t, e, "past") != 0 {
		t.Error("the expired item is still there")
	}
}

// fill stores n items by transactions of 500; every other one has expired.
func fill(t *testing.T, e *Engine, n int) {
	t.Helper()
	for i := 0; i < n; i += 500 {
		var ops []dynamo.Op
		for j := i; j < min(i+500, n); j++ {
			ops = append(ops, dynamo.Op{Put: expiring(fmt.Sprintf("%06d", j), int64(j%2))})
		}
		if err := e.Transact(t.Context(), ops); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSweepOfManyTakesSmallSteps(t *testing.T) {
	e := open(t, file(t))
	const n = 3*sweepKeys + 77
	fill(t, e, n)
	before := commits(t, e)
	removed, err := e.Sweep(t.Context(), now)
	if err != nil || removed != n/2 {
		t.Fatalf("removed %d of %d, error %v", removed, n/2, err)
	}
	if got := commits(t, e) - before; got < n/2/sweepOps {
		t.Errorf("%d commits for %d removals", got, removed)
	}
	if again, err := e.Sweep(t.Context(), now); err != nil || again != 0 {
		t.Errorf("a second sweep removed %d, error %v", again, err)
	}
}

func TestSweepKeepsAnItemThatWasRenewed(t *testing.T) {
	e := open(t, file(t))
	mustPut(t, e, expiring("a", 1), expiring("b", 1))
	expired := dynamo.Cond{Kind: dynamo.Absent, N: now.Unix()}
	keys, _, err := e.expired(t.Context(), nil, expired)
	if err != nil || len(keys) != 2 {
		t.Fatalf("%v, error %v", keys, err)
	}
	mustPut(t, e, expiring("a", 2000)) // between looking and removing
	removed, err := e.removeAll(t.Context(), keys, expired)
	if err != nil || removed != 1 || stored(t, e, "a") != 1 || stored(t, e, "b") != 0 {
		t.Errorf("removed %d, error %v", removed, err)
	}
}

func TestSweepGoesOnBehindACorruptItem(t *testing.T) {
	var log bytes.Buffer
	e, err := Open(file(t), Options{SweepEvery: -1, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	mustPut(t, e, expiring("a", 1), expiring("b", 1), expiring("c", 1))
	corrupt(t, e, dynamo.Key{PK: "p", SK: "b"}, []byte{1})
	if removed, err := e.Sweep(t.Context(), now); err != nil || removed != 2 {
		t.Errorf("removed %d, error %v", removed, err)
	}
	if !strings.Contains(log.String(), "sk=b") {
		t.Errorf("the log does not name the item: %s", &log)
	}
}

func TestSweepEndsWithItsContext(t *testing.T) {
	e := open(t, file(t))
	fill(t, e, 100)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Sweep(ctx, now); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestBackgroundSweepRunsAtOnceAndEveryHour(t *testing.T) {
	path := file(t)
	synctest.Test(t, func(t *testing.T) {
		e, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		left := func() (n int) {
			err := e.db.View(func(tx *bbolt.Tx) error {
				return tx.Bucket(itemsBucket).ForEach(func(_, _ []byte) error { n++; return nil })
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		mustPut(t, e, expiring("past", time.Now().Unix()-1), expiring("soon", time.Now().Unix()+60))
		time.Sleep(time.Minute)
		if n := left(); n != 1 {
			t.Errorf("%d items are left after a minute, want 1", n)
		}
		time.Sleep(time.Hour)
		if n := left(); n != 0 {
			t.Errorf("%d items are left after an hour, want none", n)
		}
	})
}
