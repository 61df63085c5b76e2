package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const (
	subscribers  = 1000
	fanOutRounds = 5  // in turns with the baseline; the median counts
	fanOutEdits  = 40 // in each
)

// BenchmarkFanOut measures the CPU time of the server for one edit of 1 KB to 1,000
// subscribers over TCP, per delivery, beside that of the least that could do it (rawFanOut).
// The subscribers are in a process of their own, so that only the server counts; what the
// commit takes is in it.
func BenchmarkFanOut(b *testing.B) {
	for _, kind := range []string{"WebSocket", "SSE"} {
		b.Run(kind, func(b *testing.B) {
			var ours, raw []float64
			for b.Loop() {
				for range fanOutRounds {
					raw = append(raw, benchRaw(b, kind))
					ours = append(ours, benchServer(b, kind))
				}
			}
			b.ReportMetric(0, "ns/op") // the time on the clock says nothing
			b.ReportMetric(median(ours, raw, func(a, _ float64) float64 { return a }), "cpu-µs/delivery")
			b.ReportMetric(median(ours, raw, func(_, b float64) float64 { return b }), "raw-cpu-µs/delivery")
			b.ReportMetric(median(ours, raw, func(a, b float64) float64 { return a / b }), "ratio")
		})
	}
}

func benchServer(b *testing.B, kind string) float64 {
	b.Helper()
	p := start(b, "--ws-max-connections-per-user=1100", "--max-streams-per-user=1100")
	defer p.stop()
	p.must("/api/notes", `{"id":"n"}`)
	edit := fanOutEdit()
	return perDelivery(b, kind, p.URL, func() { p.must("/api/notes/n", edit) })
}

func fanOutEdit() string {
	return fmt.Sprintf(`{"changes":{"content":%q}}`, strings.Repeat("0123456789abcdef", 1<<6))
}

// perDelivery returns the CPU time of this process for sending to all subscribers, in
// microseconds for each.
func perDelivery(b *testing.B, kind, url string, send func()) float64 {
	b.Helper()
	arrived, leave := subscribe(b, kind, url)
	defer leave()
	for range 5 { // buffers and stacks find their sizes
		send()
		arrived()
	}
	runtime.GC()
	before := cpuTime(b)
	for range fanOutEdits {
		send()
		arrived()
	}
	return float64((cpuTime(b) - before).Microseconds()) / (fanOutEdits * subscribers)
}

func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

const subscribeTo = "NOTEWIRE_TEST_SUBSCRIBE_TO" // kind and URL

// subscribe starts the process of the subscribers. arrived waits until one more event has
// come to each.
func subscribe(b *testing.B, kind, url string) (arrived, leave func()) {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestSubscribers$")
	cmd.Env = append(os.Environ(), subscribeTo+"="+kind+" "+url)
	cmd.Stderr = os.Stderr
	quit, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	arrived = func() {
		if !lines.Scan() || lines.Text() != "all" {
			b.Fatalf("the subscribers say %q, %v", lines.Text(), lines.Err())
		}
	}
	arrived() // what each begins with
	return arrived, func() {
		_ = quit.Close()
		_ = cmd.Wait()
	}
}

// TestSubscribers is the process of the subscribers. It says "all" whenever as many events
// have come as there are subscribers, until its input ends.
func TestSubscribers(t *testing.T) {
	kind, url, ok := strings.Cut(os.Getenv(subscribeTo), " ")
	if !ok {
		t.Skip("runs for BenchmarkFanOut only")
	}
	var events atomic.Int64
	event := func() {
		if events.Add(1)%subscribers == 0 {
			fmt.Println("all")
		}
	}
	watch, path := watchSocket, "/ws/note/n"
	if kind == "SSE" {
		watch, path = watchStream, "/api/notes/n/events"
	}
	for range subscribers {
		go func() {
			fmt.Fprintln(os.Stderr, "a subscriber ends:", watch(url+path, event))
			os.Exit(1)
		}()
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0) // as a client that goes away
}

func watchSocket(url string, event func()) error {
	ctx := context.Background()
	ws, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return err
	}
	ws.SetReadLimit(-1)
	for {
		_, message, err := ws.Reader(ctx)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, message); err != nil {
			return err
		}
		event()
	}
}

func watchStream(url string, event func()) error {
	res, err := http.Get(url)
	if err != nil {
		return err
	}
	for lines := bufio.NewReaderSize(res.Body, 128<<10); ; {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return err
		}
		if bytes.HasPrefix(line, []byte("data: ")) {
			event()
		}
	}
}
