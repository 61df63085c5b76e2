package sse

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// window counts the events that are published to r3labs and not yet flushed to the
// network. The session enters it and waits while it is full; the response empties it.
// All methods may be called concurrently.
type window struct {
	mu      sync.Mutex
	sizes   [maxEvents]int // a ring, the oldest at head
	head    int
	events  int
	bytes   int
	written int           // of the events, those already written and not yet flushed
	closed  bool          // nothing enters any more, what is inside still leaves
	err     error         // the connection is dead, and why
	changed chan struct{} // closed at the next change; nil while nobody waits for it
}

// enter counts one event of n bytes in, waiting for room until ctx is done or nothing moves
// for the timeout.
func (w *window) enter(ctx context.Context, n int, timeout time.Duration) error {
	return w.wait(ctx, timeout, func() (bool, error) {
		if w.closed {
			return false, fmt.Errorf("sse: %w", net.ErrClosed)
		}
		if w.events > 0 && (w.events == maxEvents || w.bytes+n > maxBytes) {
			return false, nil
		}
		w.sizes[(w.head+w.events)%maxEvents] = n
		w.events++
		w.bytes += n
		return true, nil
	})
}

// drain lets nothing in any more and waits until all that is inside was flushed.
func (w *window) drain(timeout time.Duration) error {
	w.mu.Lock()
	w.closed = true
	w.wake()
	w.mu.Unlock()
	return w.wait(context.Background(), timeout, func() (bool, error) { return w.events == 0, nil })
}

// wait tries until it is done or fails, once per change. try is called with the lock held.
// The timeout is for each change: as long as the client takes something, it is waited for.
func (w *window) wait(ctx context.Context, timeout time.Duration, try func() (bool, error)) error {
	var timer *time.Timer // made only for who really waits
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		changed, err := w.attempt(try)
		if changed == nil {
			return err
		}
		if timer == nil {
			timer = time.NewTimer(timeout)
			defer timer.Stop()
		} else {
			timer.Reset(timeout)
		}
		select {
		case <-changed:
		case <-ctx.Done():
		case <-timer.C:
			return fmt.Errorf("sse: client does not read: %w", os.ErrDeadlineExceeded)
		}
	}
}

// attempt returns the channel to wait for before the next one, or nil and the outcome.
func (w *window) attempt(try func() (bool, error)) (<-chan struct{}, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return nil, w.err
	}
	if done, err := try(); done || err != nil {
		return nil, err
	}
	if w.changed == nil {
		w.changed = make(chan struct{})
	}
	return w.changed, nil
}

// moved tells those who wait that the client has taken a piece of an event.
func (w *window) moved() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wake()
}

// wrote counts one event as written and reports whether it was the last one published.
func (w *window) wrote() (last bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written++
	return w.written >= w.events
}

// flushed counts out all events that were written.
func (w *window) flushed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ; w.written > 0; w.written-- {
		w.bytes -= w.sizes[w.head]
		w.head = (w.head + 1) % maxEvents
		w.events--
	}
	w.wake()
}

// fail makes every wait return err. Only the first error counts; fail reports whether
// this was it.
func (w *window) fail(err error) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return false
	}
	w.err = err
	w.wake()
	return true
}

// dead returns the error of fail, if there was one.
func (w *window) dead() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// wake is called with the lock held.
func (w *window) wake() {
	if w.changed != nil {
		close(w.changed)
		w.changed = nil
	}
}
