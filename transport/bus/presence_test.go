package bus

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"notewire/transport/bus/bustest"
)

// end is a running Presence, and what it heard.
type end struct {
	*Presence
	heard chan string
}

func runPresence(t *testing.T, url string) *end {
	t.Helper()
	p, err := OpenPresence(url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	e := &end{p, make(chan string, 10_000)}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx, func(payload []byte) { e.heard <- string(payload) }) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return e
}

// waits reads until something is heard.
func (e *end) waits(t *testing.T, want string, again func()) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); ; {
		select {
		case got := <-e.heard:
			if got == want {
				return
			}
		case <-tick.C:
			again()
		case <-deadline:
			t.Fatalf("%q is not heard", want)
		}
	}
}

func nothing() {}

func TestPresenceArrivesAsItWasSaidAndInItsOrder(t *testing.T) {
	server := bustest.Start(t)
	a, b := runPresence(t, server.URL), runPresence(t, server.URL)
	hints := run(t, server.URL, "hints")
	for _, e := range []*end{a, b} {
		e.waits(t, "ready", func() { a.Publish([]byte("ready")) })
	}
	said := []string{`{"a":"<é\u0000>"}`, "\xff\x00\r\n", "", "last"}
	for _, text := range said {
		a.Publish([]byte(text))
	}
	for _, e := range []*end{a, b} { // the one who says it, too
		for _, want := range said {
			got := "ready"
			for got == "ready" {
				select {
				case got = <-e.heard:
				case <-time.After(patience):
					t.Fatalf("%q is not heard", want)
				}
			}
			if got != want {
				t.Fatalf("heard %q, want %q", got, want)
			}
		}
	}
	if len(hints.got) > 0 {
		t.Errorf("it is heard as the hint %+v", <-hints.got)
	}
}

func TestFlushWaitsUntilAllIsSaidAndNotForEver(t *testing.T) {
	server := bustest.Start(t)
	a, b := runPresence(t, server.URL), runPresence(t, server.URL)
	b.waits(t, "ready", func() { a.Publish([]byte("ready")) })
	for range backlog / 2 { // all have room
		a.Publish([]byte("x"))
	}
	a.Publish([]byte("last"))
	a.Flush(t.Context())
	if n := len(a.out); n != 0 {
		t.Errorf("%d wait after Flush", n)
	}
	b.waits(t, "last", nothing)

	mute := runPresence(t, silent(t))
	mute.Publish([]byte("x"))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	mute.Flush(ctx)
	if took := time.Since(began); took > time.Second {
		t.Errorf("Flush returned after %v", took)
	}
}
