package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
	"syscall"
	"time"

	"notewire/dynamo"
)

// Bounds of one group: they bound how long a transaction waits for those before it, and
// the memory of the bbolt transaction. maxGroup also bounds the queue.
const (
	maxGroup      = 256
	maxGroupBytes = 8 << 20
)

// request is a transaction on its way to the writer.
type request struct {
	writes []write
	bytes  int
	state  atomic.Int32 // queued, then either taken by the writer or dropped by the caller
	done   chan error   // holds the answer; one slot, so that the writer never waits
	answer error        // the writer's, until the group is committed
}

const (
	queued int32 = iota
	taken
	dropped
)

func (r *request) take() bool { return r.state.CompareAndSwap(queued, taken) }
func (r *request) drop() bool { return r.state.CompareAndSwap(queued, dropped) }

// Transact implements dynamo.Engine. It waits for room in the queue and then for the
// commit of its group. If ctx ends before the writer has taken the transaction, it returns
// ctx's error at once, and the transaction is not applied.
func (e *Engine) Transact(ctx context.Context, ops []dynamo.Op) error {
	if err := e.usable(ctx); err != nil {
		return fmt.Errorf("transact: %w", err)
	}
	r, err := newRequest(ops)
	if err != nil {
		return fmt.Errorf("transact: %w", err)
	}
	select {
	case e.queue <- r:
		return e.wait(ctx, r)
	case <-ctx.Done():
		return fmt.Errorf("transact: %w", ctx.Err())
	case <-e.closing.Done():
		return fmt.Errorf("transact: %w", ErrClosed)
	}
}

func (e *Engine) wait(ctx context.Context, r *request) error {
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if r.drop() {
			return fmt.Errorf("transact: %w", ctx.Err())
		}
		return <-r.done // under way: it takes a commit's time, and the outcome is worth knowing
	case <-e.written:
		// The request may have slipped into the queue after the writer's last look.
		return r.answerOr(fmt.Errorf("transact: %w", ErrClosed))
	}
}

// answerOr returns the answer if there is one by now.
func (r *request) answerOr(err error) error {
	select {
	case answer := <-r.done:
		return answer
	default:
		return err
	}
}

// writer is the one goroutine that writes. It does not survive a panic of bbolt, which
// means a damaged file: the process must not go on acknowledging.
func (e *Engine) writer() {
	defer close(e.written)
	var last pace
	for {
		select {
		case r := <-e.queue:
			group := e.gather(r, last)
			begun := time.Now()
			e.commit(group)
			last = pace{len(group), time.Since(begun)}
		case <-e.closing.Done():
			e.finish()
			return
		}
	}
}

// finish commits what was accepted before Close.
func (e *Engine) finish() {
	for {
		select {
		case r := <-e.queue:
			e.commit(e.gather(r, pace{}))
		default:
			return
		}
	}
}

// maxPatience bounds how long a group waits for those who were in the last one.
const maxPatience = time.Millisecond

// pace is how the last group went. It belongs to the writer.
type pace struct {
	size int
	took time.Duration
}

// gather adds what is already waiting. Those who were answered together come back almost
// together, a moment apart: it waits for as many as the last time, for a fraction of what
// a commit takes, so that the first to come back does not have a commit to itself while
// all others wait for the next. A lone writer waits for nobody.
func (e *Engine) gather(first *request, last pace) []*request {
	group, size := []*request{first}, first.bytes
	var patience <-chan time.Time
	for len(group) < maxGroup && size < maxGroupBytes {
		select {
		case r := <-e.queue:
			group, size = append(group, r), size+r.bytes
			continue
		default:
		}
		if len(group) >= last.size {
			return group
		}
		if patience == nil {
			patience = time.After(min(last.took/4, maxPatience))
		}
		select {
		case r := <-e.queue:
			group, size = append(group, r), size+r.bytes
		case <-patience:
			return group
		}
	}
	return group
}

// commit writes a group and answers it. If the commit fails, clashes get its error too:
// they were judged against the effects of neighbours that may not exist.
func (e *Engine) commit(group []*request) {
	err := e.write(group)
	for _, r := range group {
		if err != nil {
			r.answer = err
		}
		r.done <- r.answer
	}
}

// write applies those transactions of a group whose conditions hold, one after the
// other, and makes them durable together.
func (e *Engine) write(group []*request) error {
	if err := e.stopped.Load(); err != nil {
		return *err
	}
	tx, err := e.db.Begin(true)
	if err != nil {
		return fmt.Errorf("transact: %w", err)
	}
	defer tx.Rollback() // does nothing after a commit
	t := table{items: tx.Bucket(itemsBucket), index: tx.Bucket(indexBucket)}
	for _, r := range group {
		if !r.take() {
			continue
		}
		if r.answer = t.judge(r); r.answer != nil {
			continue
		}
		if err := t.apply(r); err != nil {
			return fmt.Errorf("transact: %w", err)
		}
	}
	if !t.changed {
		return nil
	}
	e.visible.Lock()
	defer e.visible.Unlock()
	return e.settle(tx.Commit())
}

// settle decides whether the engine can go on after a commit. A write that found no
// space has touched free pages only; after any other failure the state of the disk is
// unknown.
func (e *Engine) settle(err error) error {
	var atWrite *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &atWrite) && (errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)):
		return fmt.Errorf("commit to %s: %w: make room on the disk", e.db.Path(), err)
	}
	err = fmt.Errorf("commit to %s: %w: the database has stopped, check the disk and restart", e.db.Path(), err)
	e.stopped.Store(&err)
	return err
}
