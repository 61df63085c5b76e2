package goclient

import (
	"context"
	"sync"
	"time"
)

// keepAlive asks a WebSocket for answers, until the returned function is called: the server's
// own pings are protocol, and may be answered by a box on the way.
func (f *follower) keepAlive(ctx context.Context, s *opened) (stop func()) {
	if s.way.transport != WebSocket {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() {
		every := time.NewTicker(f.auto.Ping)
		defer every.Stop()
		for {
			if s.Send(ctx, ping) != nil { // the reader learns why
				return
			}
			select {
			case <-every.C:
			case <-ctx.Done():
				return
			}
		}
	})
	return func() { cancel(); _ = s.Close(); group.Wait() }
}

// climb looks for a better way than that of s after a while, opens it from the follower's cursor,
// and then ends s: what both bring is dropped by its number. The returned function ends that.
func (f *follower) climb(ctx context.Context, s *opened) (stop func()) {
	if f.auto.Climb < 0 || s.way.transport == WebSocket {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() {
		for after := f.auto.firstClimb(); ; after = min(2*after, f.auto.Climb*slowest) {
			select {
			case <-time.After(after):
			case <-ctx.Done():
				return
			}
			if better := f.better(ctx, s.way); better != nil {
				f.mu.Lock()
				f.next = better
				f.mu.Unlock()
				_ = s.Close() // its reader goes on with the other
				return
			}
		}
	})
	return func() { cancel(); group.Wait() }
}

// better measures the network and returns a connection that is better than w, if there is one
// that delivers.
func (f *follower) better(ctx context.Context, w way) *opened {
	n, err := f.measure(ctx, measurement{within: f.auto.Within})
	if err != nil || rank(n.Transport, n.Padding) >= rank(w.transport, w.padding) {
		return nil
	}
	token, err := f.token(ctx)
	if err != nil {
		return nil
	}
	cursor := f.place()
	if cursor == "" {
		return nil // nothing to go on from: a note that has not come yet
	}
	s, err := f.open(ctx, f.auto.wayOn(n), token, cursor)
	if err != nil {
		return nil
	}
	s.network = n
	return s
}

func (f *follower) hasNext() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next != nil
}

func (f *follower) takeNext() *opened {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.next
	f.next = nil
	if s != nil {
		f.auto.forgive()
	}
	return s
}

func (f *follower) dropNext() {
	if s := f.takeNext(); s != nil {
		_ = s.Close()
	}
}
