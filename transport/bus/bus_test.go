package bus

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"notewire/notes"
	"notewire/transport/bus/bustest"
)

const patience = 10 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// instance is a running Bus, and the hints that it got.
type instance struct {
	*Bus
	t    *testing.T
	got  chan told
	stop func() // returns when Run has
}

type told struct {
	topic notes.Topic
	seq   int64
}

func (i *instance) Publish(t notes.Topic, seq int64) { i.got <- told{t, seq} }

func run(t *testing.T, url, name string) *instance {
	t.Helper()
	b, err := Open(url, name, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	i := &instance{Bus: b, t: t, got: make(chan told, 10000)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); b.Run(ctx, i) }()
	i.stop = sync.OnceFunc(func() {
		t.Helper()
		cancel()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Error("Run does not return")
		}
	})
	t.Cleanup(i.stop)
	return i
}

// hears waits until a hint of the other's arrives, and returns how many were sent: one that
// is published while either is not connected is lost, as hints may be.
func (i *instance) hears(other *instance) (sent int64) {
	i.t.Helper()
	topic := notes.Topic{User: "probe"}
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for deadline := time.After(patience); ; {
		sent++
		other.Bus.Publish(topic, sent)
		select {
		case h := <-i.got:
			if h.topic != topic {
				i.t.Fatalf("got %+v", h)
			}
			i.drain(other)
			return sent
		case <-again.C:
		case <-deadline:
			i.t.Fatal("no hint comes")
		}
	}
}

// drain takes what hears sent, up to a last hint.
func (i *instance) drain(other *instance) {
	i.t.Helper()
	last := told{notes.Topic{Note: "last"}, 1}
	other.Bus.Publish(last.topic, last.seq)
	for i.next() != last {
	}
}

func (i *instance) next() told {
	i.t.Helper()
	select {
	case h := <-i.got:
		return h
	case <-time.After(patience):
		i.t.Fatal("no hint comes")
		return told{}
	}
}

func TestAHintReachesTheOthersAndNotItsSender(t *testing.T) {
	server := bustest.Start(t)
	a, b := run(t, server.URL, "a"), run(t, server.URL, "b")
	a.hears(b)
	b.hears(a)
	hints := []told{{notes.Topic{User: "alice"}, 7}, {notes.Topic{Note: "n"}, 3}, {notes.Topic{User: "alice"}, 8}}
	for _, h := range hints {
		a.Bus.Publish(h.topic, h.seq)
	}
	for _, want := range hints {
		if got := b.next(); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	// Redis keeps the order of a channel: what a sent would have come back before this.
	b.Bus.Publish(notes.Topic{Note: "after"}, 1)
	if got := a.next(); got.topic.Note != "after" {
		t.Errorf("the sender got its own %+v", got)
	}
}

func TestWhatIsNoHintIsIgnored(t *testing.T) {
	server := bustest.Start(t)
	a, b := run(t, server.URL, "a"), run(t, server.URL, "b")
	b.hears(a)
	client := server.Client()
	defer client.Close()
	for _, payload := range []string{
		"", "x", "null", "[]", "7", `{"from":7}`, `{}`, `{"from":"x","seq":1}`, "\xff\x00",
		`{"from":"x","user":"u","note":"n","seq":1}`, `{"from":"x","user":"u","seq":"1"}`, `{"from":"x","user":"u","seq":1`,
		`{"from":"x","user":"u","seq":1e99}`,
	} {
		if n, err := client.Publish(t.Context(), channel, payload).Result(); err != nil || n != 2 {
			t.Fatalf("%q reached %d: %v", payload, n, err)
		}
	}
	a.Bus.Publish(notes.Topic{User: "alice"}, 1)
	if got := b.next(); got.topic.User != "alice" {
		t.Errorf("got %+v", got)
	}
}

func TestPublishNeverBlocksAndCountsWhatItDrops(t *testing.T) {
	b, err := Open("redis://127.0.0.1:1", "a", slog.New(slog.DiscardHandler)) // nobody sends: it does not run
	if err != nil {
		t.Fatal(err)
	}
	published := make(chan struct{})
	go func() {
		defer close(published)
		for seq := range int64(backlog + 100) {
			b.Publish(notes.Topic{User: "alice"}, seq)
		}
	}()
	select {
	case <-published:
	case <-time.After(patience):
		t.Fatal("Publish blocks")
	}
	if n := b.Dropped(); n != 100 {
		t.Errorf("%d dropped, want 100", n)
	}
}

func TestHintsThatTheServerDoesNotTakeAreCounted(t *testing.T) {
	for name, url := range map[string]string{"refuses": bustest.New(t).URL, "is silent": silent(t)} {
		t.Run(name, func(t *testing.T) {
			a := run(t, url, "a")
			const n = backlog
			for seq := range int64(n) {
				a.Bus.Publish(notes.Topic{User: "alice"}, seq)
			}
			eventually(t, "not all are counted as dropped", func() bool { return a.Dropped() == n })
		})
	}
}

// silent is the URL of a server that takes connections and says nothing.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "redis://" + l.Addr().String()
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); !holds(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal(what)
		}
	}
}

func TestHintsFlowAgainAfterTheServerWasKilled(t *testing.T) {
	server := bustest.Start(t)
	a, b := run(t, server.URL, "a"), run(t, server.URL, "b")
	for range 2 {
		b.hears(a)
		server.Kill()
		a.Bus.Publish(notes.Topic{User: "alice"}, 1)
		server.Restart()
		b.hears(a)
		a.hears(b)
	}
}

func TestABusStartsBeforeItsServer(t *testing.T) {
	server := bustest.New(t)
	a, b := run(t, server.URL, "a"), run(t, server.URL, "b")
	server.Restart()
	b.hears(a)
}

func TestRunEndsPromptlyWhateverTheServerDoes(t *testing.T) {
	server := bustest.Start(t)
	a, b := run(t, server.URL, "a"), run(t, server.URL, "b")
	b.hears(a)
	for name, i := range map[string]*instance{
		"a connected bus":        a,
		"a server that refuses":  run(t, bustest.New(t).URL, "c"),
		"a server that is mute":  run(t, silent(t), "d"),
		"a host that is not one": run(t, "redis://nowhere.invalid:6379", "e"),
	} {
		began := time.Now()
		i.stop()
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: Run ended after %v", name, took)
		}
	}
	b.stop()
	server.Kill()
	goleak.VerifyNone(t)
}

func TestABadURLIsSaidAtOnce(t *testing.T) {
	if _, err := Open("http://127.0.0.1", "a", slog.New(slog.DiscardHandler)); err == nil {
		t.Error("Open takes it")
	}
}
