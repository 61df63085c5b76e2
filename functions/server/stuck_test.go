package main

import (
	"bytes"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	stuckReaders = 100
	stuckEdits   = 10 // in each measurement
	stuckRounds  = 5  // of which the median counts: other programs disturb some
	moreRounds   = 20 // before it fails, in case they disturb many
)

// TestAReaderThatNeverReadsDelaysNobodyAndCostsLittleMemory compares, in the same run and
// in turns, the time from an edit of 32 KB to its arrival at 100 readers without and with
// a client that reads nothing: its kernel's buffers are full, and the server is held in a
// write to it. The disk is left out, so that the delivery is what shows.
func TestAReaderThatNeverReadsDelaysNobodyAndCostsLittleMemory(t *testing.T) {
	p := start(t, "--ws-max-connections-per-user=200", "--max-streams-per-user=200", "--write-timeout=10m", "--unsafe-no-sync")
	p.must("/api/notes", `{"id":"n"}`)
	crowd := &crowd{
		program: p, arrivals: make(chan time.Time, stuckReaders),
		body: fmt.Sprintf(`{"changes":{"content":%q}}`, strings.Repeat("0123456789abcdef", 2<<10)),
	}
	for range 150 { // a history that is more than any kernel takes for a client
		p.must("/api/notes/n", crowd.body)
	}
	crowd.gather()
	const nobody, socket, stream = "nobody", "a WebSocket", "a stream"
	stuck := map[string]string{
		nobody: "",
		socket: "GET /ws/note/n?cursor=0 HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n",
		stream: "GET /api/notes/n/events?cursor=0 HTTP/1.1\r\n",
	}
	p99, memory := map[string][]float64{}, map[string][]float64{}
	slower := func(who string) float64 {
		return median(p99[who], p99[nobody], func(a, b float64) float64 { return a / b })
	}
	costs := func(who string) float64 {
		return median(memory[who], memory[nobody], func(a, b float64) float64 { return a - b })
	}
	disturbed := func() bool { return slower(socket) > 1.5 || slower(stream) > 1.5 }
	for round := 0; round < stuckRounds || round < moreRounds && disturbed(); round++ {
		for who, request := range stuck { // in any order
			leave := p.stick(request)
			p99[who] = append(p99[who], crowd.p99().Seconds())
			memory[who] = append(memory[who], megabytes())
			leave()
		}
	}
	for _, who := range []string{socket, stream} {
		t.Logf("with %s stuck: p99 %.2f times as long, %.2f MB", who, slower(who), costs(who))
		if slower(who) > 1.5 {
			t.Errorf("with %s stuck the p99 of 100 others is %.2f times as long: %.4f instead of %.4f s", who, slower(who), p99[who], p99[nobody])
		}
		if costs(who) >= 2 {
			t.Errorf("%s that is stuck costs %.2f MB", who, costs(who))
		}
	}
}

// median compares measurements of the same rounds.
func median(a, b []float64, compare func(a, b float64) float64) float64 {
	values := make([]float64, len(a))
	for i := range a {
		values[i] = compare(a[i], b[i])
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// megabytes is the memory in use.
func megabytes() float64 {
	runtime.GC()
	runtime.GC() // the second one frees what pools kept
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc+m.StackInuse) / (1 << 20)
}

// crowd is readers of one note, half of them on WebSockets and half on streams. They do as
// little as they can: they share the machine with the server.
type crowd struct {
	*program
	body     string // of an edit
	arrivals chan time.Time
}

func (c *crowd) gather() {
	arrived := func() { c.arrivals <- time.Now() }
	for range stuckReaders / 2 { // each ends with the server
		go func() { _ = watchSocket(c.URL+"/ws/note/n", arrived) }()
		go func() { _ = watchStream(c.URL+"/api/notes/n/events", arrived) }()
	}
	c.arrive(time.Now()) // what each begins with
}

// arrive waits until something has come to each reader, and returns how long it took.
func (c *crowd) arrive(began time.Time) (took []time.Duration) {
	c.t.Helper()
	late := time.After(patience)
	for range stuckReaders {
		select {
		case arrived := <-c.arrivals:
			took = append(took, arrived.Sub(began))
		case <-late:
			c.t.Fatal("it does not arrive")
		}
	}
	return took
}

func (c *crowd) p99() time.Duration {
	c.t.Helper()
	runtime.GC() // or what came before would decide when the next one is due
	var took []time.Duration
	for range stuckEdits {
		began := time.Now()
		c.must("/api/notes/n", c.body)
		took = append(took, c.arrive(began)...)
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}

// stick sends a request whose answer is never read, and returns once the server is held in
// a write. The server is in this process, so its goroutines tell. Without a request it does
// nothing.
func (p *program) stick(request string) (leave func()) {
	p.t.Helper()
	if request == "" {
		return func() {}
	}
	host := strings.TrimPrefix(p.URL, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		p.t.Fatal(err)
	}
	leave = func() { _ = conn.Close() }
	p.t.Cleanup(leave)
	_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	if _, err := fmt.Fprintf(conn, "%sHost: %s\r\n\r\n", request, host); err != nil {
		p.t.Fatal(err)
	}
	look, late := time.NewTicker(20*time.Millisecond), time.After(patience)
	defer look.Stop()
	for held := 0; held < 3; { // its kernel may still take something
		select {
		case <-look.C:
			held++
			if !heldInWrite() {
				held = 0
			}
		case <-late:
			p.t.Fatal("the client does not get stuck")
		}
	}
	return leave
}

var stacks = make([]byte, 4<<20)

// heldInWrite reports whether somebody waits for a client to read.
func heldInWrite() bool {
	for stack := range bytes.SplitSeq(stacks[:runtime.Stack(stacks, true)], []byte("\n\n")) {
		head, calls, _ := bytes.Cut(stack, []byte("\n"))
		if bytes.Contains(head, []byte("[IO wait")) && bytes.Contains(calls, []byte("net.(*conn).Write(")) {
			return true
		}
	}
	return false
}
