package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/client/goclient"
	"notewire/e2e"
	"notewire/infra/faultproxy/proxy"
)

// A network gets worse twice, and well again. The follower goes down from WebSocket to event
// stream to polls, and back up, and has every event once.
func TestAFollowerGoesDownWithItsNetworkAndBackUp(t *testing.T) {
	t.Parallel() // it waits most of the time
	server := launch(t, t.TempDir(), []string{"HEARTBEAT=500ms"}, buildProgram(t))
	defer server.stop(t)
	writes := newLoad(t, server, nil)
	defer writes.stop()
	var all sync.WaitGroup
	for _, note := range []string{"", "n"} {
		network := &weather{T: t, server: server.URL, address: "127.0.0.1:0"}
		network.becomes()
		defer network.end()
		client, err := goclient.New(network.URL(), e2e.DevTokens(server.URL)("ada"))
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() { network.upsAndDowns(client, note) })
	}
	all.Wait()
}

func (w *weather) upsAndDowns(client *goclient.Client, note string) {
	ctx, cancel := context.WithCancel(w.Context())
	defer cancel()
	f := startFollower(ctx, client, note)
	for _, step := range []struct {
		change func()
		by     goclient.Transport
	}{
		{func() {}, goclient.WebSocket},
		{func() { w.becomes(proxy.KillFrames) }, goclient.SSE},
		{func() { w.becomes(proxy.RefuseUpgrades, proxy.BufferUntilClose) }, goclient.Poll},
		{w.heals, goclient.WebSocket},
	} {
		step.change()
		begun := time.Now()
		if err := f.until(step.by); err != nil {
			w.Errorf("note %q: %v", note, err)
			return
		}
		w.Logf("note %q: by %s after %v", note, step.by, time.Since(begun).Round(time.Millisecond))
	}
	cancel()
	if err := <-f.ended; !errors.Is(err, context.Canceled) {
		w.Errorf("note %q: %v", note, err)
	}
}

// weather is a network that changes.
type weather struct {
	*testing.T
	*proxy.Proxy
	server, address string
}

// becomes breaks what goes through and begins anew.
func (w *weather) becomes(shapes ...proxy.Shape) {
	w.end()
	p, err := proxy.Start(w.address, w.server, proxy.Options{Shapes: shapes, RefuseStatus: 400})
	if err != nil {
		w.Error(err)
		return
	}
	w.Proxy, w.address = p, strings.TrimPrefix(p.URL(), "http://")
}

func (w *weather) end() {
	if w.Proxy != nil {
		w.Proxy.Close()
	}
}

// heals leaves what goes through alone: it still works.
func (w *weather) heals() {
	if err := w.Set(proxy.Options{}); err != nil {
		w.Error(err)
	}
}

// autoFollower checks the numbers of all events, and says where it is.
type autoFollower struct {
	ended chan error
	seen  int64

	mu     sync.Mutex
	by     goclient.Transport // the transport of the connection
	events int                // that came by it
}

func startFollower(ctx context.Context, c *goclient.Client, note string) *autoFollower {
	f := &autoFollower{ended: make(chan error, 1)}
	sub := goclient.Subscription{
		NoteID: note, Cursor: "0", Backoff: goclient.Backoff{First: 20 * time.Millisecond, Most: 200 * time.Millisecond},
		Auto: goclient.AutoOptions{Within: time.Second, Ping: 500 * time.Millisecond, Climb: 300 * time.Millisecond},
		OnState: func(s goclient.State) {
			if s.Phase == goclient.Connected {
				f.mu.Lock()
				f.by, f.events = s.Transport, 0
				f.mu.Unlock()
			}
		},
	}
	go func() {
		f.ended <- c.Follow(ctx, sub, func(e goclient.Event) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.seen++; e.MutationID != fmt.Sprint("m", f.seen) {
				return fmt.Errorf("event %d is %s", f.seen, e.Data)
			}
			f.events++
			return nil
		})
	}()
	return f
}

// until waits for some events by that transport.
func (f *autoFollower) until(by goclient.Transport) error {
	for deadline := time.Now().Add(20 * time.Second); ; {
		f.mu.Lock()
		on, there := f.by, f.by == by && f.events >= 5
		f.mu.Unlock()
		switch {
		case there:
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("it does not come by %s; it is on %s", by, on)
		}
		select {
		case err := <-f.ended:
			return fmt.Errorf("it ended: %w", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
