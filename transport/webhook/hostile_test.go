package webhook_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport/feed"
	"notewire/transport/webhook"
)

// hostile is a TCP server that does as it likes with each connection, until the test ends.
func hostile(t *testing.T, behave func(c net.Conn)) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	serving.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = true
			mu.Unlock()
			serving.Go(func() { defer c.Close(); behave(c) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		mu.Lock()
		for c := range open {
			c.Close()
		}
		mu.Unlock()
		serving.Wait()
	})
	return "http://" + listener.Addr().String()
}

// reads lets a server read the request before it behaves.
func reads(behave func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		behave(c)
	}
}

// say writes text again and again, with a pause, until nobody listens.
func say(c net.Conn, text string, pause time.Duration) {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

const within = 300 * time.Millisecond

func TestAHostileReceiverCostsNoMoreThanItsTime(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, c := range map[string]struct {
		behave func(net.Conn)
		taken  bool
		want   string // of the error
		most   time.Duration
	}{
		"never reads":          {func(c net.Conn) { time.Sleep(3 * within) }, false, "the receiver did not answer in time", within},
		"never answers":        {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, false, "the receiver did not answer in time", within},
		"drips its headers":    {reads(func(c net.Conn) { say(c, "H", 20*time.Millisecond) }), false, "", within},
		"endless headers":      {reads(func(c net.Conn) { _, _ = io.WriteString(c, ok); say(c, "X-A: "+strings.Repeat("a", 1000)+"\r\n", 0) }), false, "", within},
		"endless 1xx":          {reads(func(c net.Conn) { say(c, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 0) }), false, "", within},
		"no HTTP":              {reads(func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-x\r\n") }), false, "the receiver broke the connection off, or does not speak HTTP", within},
		"hangs up":             {reads(func(c net.Conn) {}), false, "the receiver broke the connection off, or does not speak HTTP", within},
		"endless body":         {reads(func(c net.Conn) { _, _ = io.WriteString(c, ok+"\r\n"); say(c, strings.Repeat("b", 1<<16), 0) }), true, "", within},
		"drips its body":       {reads(func(c net.Conn) { _, _ = io.WriteString(c, ok+"\r\n"); say(c, "b", 10*time.Millisecond) }), true, "", within},
		"body that never ends": {reads(func(c net.Conn) { _, _ = io.WriteString(c, ok+"Content-Length: 10\r\n\r\n"); time.Sleep(3 * within) }), true, "", within},
		"drips for long":       {reads(func(c net.Conn) { _, _ = io.WriteString(c, ok+"\r\n"); say(c, "b", 10*time.Millisecond) }), true, "", time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			sink := webhook.NewSink(webhook.Options{Loopback: true})
			defer sink.Close()
			url := hostile(t, c.behave)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begun := time.Now()
			allowed := within
			if c.most > within { // it is cut off before its time
				allowed = 5 * c.most
			}
			err := deliver(t, sink, url, allowed)
			took := time.Since(begun)
			runtime.ReadMemStats(&after)
			if took > c.most+200*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
				t.Errorf("it took %d bytes", n)
			}
			if c.taken {
				if err != nil {
					t.Errorf("%v", err)
				}
				return
			}
			if r, ok := errors.AsType[*feed.Retry](err); !ok || c.want != "" && r.Error() != c.want {
				t.Errorf("%T %v", err, err)
			}
		})
	}
}

// A receiver that is well is measured beside many that never answer.
func TestReceiversThatNeverAnswerDelayNobodyElse(t *testing.T) {
	opts := quick
	opts.Timeout = 5 * time.Second
	w := newWorld(t, opts)
	dead := hostile(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	r := newReceiver(t)
	r.Start()
	w.add(ann, r.URL)
	w.edits(ann, 1, "first")
	w.until(func() bool { return len(r.all()) == 1 })
	for n := range 20 {
		user := notes.UserID("user-" + string(rune('a'+n)))
		for range 5 {
			w.add(user, dead)
		}
		w.edits(user, 4, notes.NoteID(user+"-1"), notes.NoteID(user+"-2"), notes.NoteID(user+"-3"), notes.NoteID(user+"-4"))
	}
	var worst time.Duration
	for n := range 50 {
		begun := time.Now()
		w.edits(ann, 1, notes.NoteID(fmt.Sprint("n-", n)))
		w.until(func() bool { return len(r.all()) > n+1 })
		worst = max(worst, time.Since(begun))
	}
	t.Logf("beside 100 webhooks that never answer, the slowest of 50 changes came after %v", worst)
	if worst > time.Second {
		t.Errorf("the slowest change came after %v", worst)
	}
}
