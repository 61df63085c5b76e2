package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

// occupied returns an engine whose writer is stuck with a first transaction, until
// release is called. What is sent meanwhile is the next group.
func occupied(t *testing.T) (e *Engine, release func()) {
	t.Helper()
	e = open(t, file(t))
	tx, err := e.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	release = func() { once.Do(func() { _ = tx.Rollback() }) }
	t.Cleanup(release) // before the engine is closed
	first := item("first", 1)
	first.Attrs["body"] = make([]byte, maxGroupBytes) // a group of its own: nobody can join it late
	send(t, e, dynamo.Op{Put: first})
	until(t, func() bool { return len(e.queue) == 0 })
	return e, release
}

// send puts a transaction into the queue, so that the order of several is certain.
func send(t *testing.T, e *Engine, ops ...dynamo.Op) *request {
	t.Helper()
	r, err := newRequest(ops)
	if err != nil {
		t.Fatal(err)
	}
	e.queue <- r
	return r
}

func until(t *testing.T, ready func() bool) {
	t.Helper()
	for start := time.Now(); !ready(); time.Sleep(time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			t.Fatal("still waiting after 10 s")
		}
	}
}

// commits returns how many commits the file has seen.
func commits(t testing.TB, e *Engine) (n int) {
	t.Helper()
	if err := e.db.View(func(tx *bbolt.Tx) error { n = tx.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func ifEqual(n int64) dynamo.Cond { return dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: n} }

func clashed(err error) bool {
	var clash *dynamo.Clash
	return errors.As(err, &clash)
}

func TestParallelTransactionsShareCommits(t *testing.T) {
	e, release := occupied(t)
	before := commits(t, e)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() { mustPut(t, e, item(fmt.Sprint(i), 1)) })
	}
	until(t, func() bool { return len(e.queue) == 64 })
	release()
	all.Wait()
	if n := commits(t, e) - before; n != 2 { // the first one's, and theirs
		t.Errorf("%d commits for 64 parallel transactions, want 2", n)
	}
}

func TestGroupIsBounded(t *testing.T) {
	e, release := occupied(t)
	before := commits(t, e)
	var last *request
	for i := range 6 {
		large := item(fmt.Sprint(i), 1)
		large.Attrs["body"] = make([]byte, maxGroupBytes/4)
		last = send(t, e, dynamo.Op{Put: large})
	}
	release()
	if err := <-last.done; err != nil {
		t.Fatal(err)
	}
	if n := commits(t, e) - before; n != 3 { // the first one's, four of a quarter, the rest
		t.Errorf("%d commits for one and a half groups, want 3", n)
	}
}

func TestClashInAGroupDoesNotDisturbItsNeighbours(t *testing.T) {
	e, release := occupied(t)
	made := send(t, e, dynamo.Op{Put: item("a", 1), If: dynamo.Cond{Kind: dynamo.Absent}})
	late := send(t, e, dynamo.Op{Put: item("x", 1)}, dynamo.Op{Put: item("a", 9), If: dynamo.Cond{Kind: dynamo.Absent}})
	next := send(t, e, dynamo.Op{Put: item("a", 2), If: ifEqual(1)}, dynamo.Op{Put: item("b", 1)})
	lost := send(t, e, dynamo.Op{Put: item("a", 3), If: ifEqual(1)})
	other := send(t, e, dynamo.Op{Put: item("c", 1)})
	release()
	for _, r := range []*request{made, next, other} {
		if err := <-r.done; err != nil {
			t.Error(err)
		}
	}
	for _, r := range []*request{late, lost} {
		if err := <-r.done; !clashed(err) {
			t.Errorf("error %v, want a Clash", err)
		}
	}
	for sk, want := range map[string]int64{"a": 2, "b": 1, "c": 1, "x": 0} {
		if got := stored(t, e, sk); got != want {
			t.Errorf("%s holds %d, want %d", sk, got, want)
		}
	}
}

func TestClashAloneCostsNoCommit(t *testing.T) {
	e := open(t, file(t))
	before := commits(t, e)
	if err := e.Transact(t.Context(), []dynamo.Op{{Put: item("a", 1), If: ifEqual(1)}}); !clashed(err) {
		t.Fatal(err)
	}
	if n := commits(t, e) - before; n != 0 {
		t.Errorf("%d commits", n)
	}
}

func TestCancelledWhileQueuedIsAnsweredAndDropped(t *testing.T) {
	e, release := occupied(t)
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error)
	go func() { answer <- e.Transact(ctx, []dynamo.Op{{Put: item("a", 1)}}) }()
	until(t, func() bool { return len(e.queue) == 1 })
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "unknown") {
		t.Errorf("error %v", err)
	}
	release()
	mustPut(t, e, item("b", 1))
	if stored(t, e, "a") != 0 {
		t.Error("the cancelled transaction was applied")
	}
}

func TestFullQueueHoldsSendersBack(t *testing.T) {
	e, release := occupied(t)
	for i := range maxGroup {
		send(t, e, dynamo.Op{Put: item(fmt.Sprint(i), 1)})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := e.Transact(ctx, []dynamo.Op{{Put: item("late", 1)}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	release()
	mustPut(t, e, item("end", 1))
	if stored(t, e, "late") != 0 || stored(t, e, "0") != 1 {
		t.Error("wrong transactions were applied")
	}
}

func TestFailedCommitIsTheAnswerOfAllAndStopsTheEngine(t *testing.T) {
	path := file(t)
	e := open(t, path)
	mustPut(t, e, item("a", 1), item("kept", 7))
	e.db.MaxSize = 1 // bbolt now fails inside Commit
	tx, err := e.db.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	send(t, e, dynamo.Op{Check: &dynamo.Key{PK: "p", SK: "a"}})
	until(t, func() bool { return len(e.queue) == 0 })
	large := item("large", 1)
	large.Attrs["body"] = make([]byte, 1<<20)
	requests := []*request{
		send(t, e, dynamo.Op{Put: item("a", 2)}, dynamo.Op{Put: large}),
		send(t, e, dynamo.Op{Put: item("b", 1), If: dynamo.Cond{Kind: dynamo.Absent}}),
		send(t, e, dynamo.Op{Put: item("a", 3), If: ifEqual(1)}), // a clash, if the first is there
	}
	_ = tx.Rollback()
	for i, r := range requests {
		if err := <-r.done; err == nil || clashed(err) || !strings.Contains(err.Error(), path) {
			t.Errorf("answer %d: %v", i, err)
		}
	}
	if err := e.Transact(t.Context(), []dynamo.Op{{Put: item("b", 1)}}); err == nil {
		t.Error("the engine acknowledges after a failed commit")
	}
	if _, err := e.Get(t.Context(), dynamo.Key{PK: "p", SK: "a"}); err == nil {
		t.Error("the engine reads after a failed commit")
	}

	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, path)
	for sk, want := range map[string]int64{"a": 1, "kept": 7, "b": 0, "large": 0} {
		if got := stored(t, e, sk); got != want {
			t.Errorf("%s holds %d, want %d", sk, got, want)
		}
	}
}

func TestOnlyAFullDiskIsSurvived(t *testing.T) {
	for _, c := range []struct {
		err      error
		survives bool
	}{
		{nil, true},
		{&fs.PathError{Op: "write", Err: syscall.ENOSPC}, true},
		{&fs.PathError{Op: "write", Err: syscall.EDQUOT}, true},
		{&fs.PathError{Op: "write", Err: syscall.EIO}, false},
		{syscall.ENOSPC, false}, // of fsync: what was written is unknown
		{syscall.EIO, false},
	} {
		e := open(t, file(t))
		if err := e.settle(c.err); !errors.Is(err, c.err) {
			t.Errorf("%v: error %v", c.err, err)
		}
		if err := e.usable(t.Context()); (err == nil) != c.survives {
			t.Errorf("%v: the engine is then %v", c.err, err)
		}
	}
}

func TestStoppedEngineStillCloses(t *testing.T) {
	e := open(t, file(t))
	_ = e.settle(syscall.EIO)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}
