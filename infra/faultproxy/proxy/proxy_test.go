package proxy

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const moment = 60 * time.Millisecond

// Each shape's test fails without the shape: this is what happens then.
func TestWithoutShapesEverythingPassesAsItComes(t *testing.T) {
	over := make(chan struct{})
	o := before(t, func(w io.Writer, r *http.Request) {
		fmt.Fprint(w, "first")
		<-over
		fmt.Fprint(w, " last")
	})
	p := o.through(Options{})
	res, err := get(t, p, "X-Mine: a", "Last-Event-ID: b", "Authorization: c")
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 5)
	if _, err := io.ReadFull(res.Body, chunk); err != nil || string(chunk) != "first" {
		t.Errorf("%q, %v", chunk, err)
	}
	close(over)
	if rest, err := io.ReadAll(res.Body); string(rest) != " last" || err != nil || res.Header.Get("X-Seen") != "abc" {
		t.Errorf("%q, %v, %v", rest, err, res.Header)
	}
	ws, _, err := dial(t, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := said(t, ws, 5*time.Second); err != nil {
		t.Error(err)
	}
}

func TestBufferUntilCloseWaitsForTheEnd(t *testing.T) {
	var ended atomic.Bool
	o := before(t, func(w io.Writer, r *http.Request) {
		fmt.Fprint(w, "first")
		time.Sleep(moment)
		ended.Store(true)
		fmt.Fprint(w, " last")
	})
	res, err := get(t, o.through(Options{Shapes: []Shape{BufferUntilClose}}))
	if err != nil || !ended.Load() {
		t.Fatalf("before the end comes %v, %v", res, err)
	}
	if all, err := io.ReadAll(res.Body); string(all) != "first last" || err != nil {
		t.Errorf("%q, %v", all, err)
	}
}

func TestBufferHoldsBackSoManyBytes(t *testing.T) {
	var full atomic.Bool
	o := before(t, func(w io.Writer, r *http.Request) {
		fmt.Fprint(w, strings.Repeat("x", 999))
		time.Sleep(moment)
		full.Store(true)
		fmt.Fprint(w, "y")
		fmt.Fprint(w, "held")
		<-r.Context().Done()
	})
	res, err := get(t, o.through(Options{Shapes: []Shape{Buffer}, Hold: 1000}))
	if err != nil || !full.Load() {
		t.Fatalf("before its buffer is full comes %v, %v", res, err)
	}
	if _, err := io.CopyN(io.Discard, res.Body, 1000); err != nil {
		t.Error(err)
	}
}

func TestDelayShiftsEverythingInParallel(t *testing.T) {
	var sent atomic.Int64
	o := before(t, func(w io.Writer, r *http.Request) {
		sent.Store(time.Now().UnixNano())
		for range 10 {
			fmt.Fprint(w, "0123456789")
			time.Sleep(time.Millisecond)
		}
	})
	const by = 150 * time.Millisecond
	res, err := get(t, o.through(Options{Shapes: []Shape{Delay}, Delay: by}))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(res.Body)
	if took := time.Since(time.Unix(0, sent.Load())); len(all) != 100 || err != nil || took < by || took > 6*by {
		t.Errorf("%d bytes after %v, %v", len(all), took, err)
	}
}

func TestThrottlePassesSoManyBytesASecond(t *testing.T) {
	o := before(t, func(w io.Writer, r *http.Request) { fmt.Fprint(w, strings.Repeat("x", 8000)) })
	begun := time.Now()
	res, err := get(t, o.through(Options{Shapes: []Shape{Throttle}, BytesPerSecond: 40000}))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(res.Body)
	if took := time.Since(begun); len(all) != 8000 || err != nil || took < 200*time.Millisecond || took > 3*time.Second {
		t.Errorf("%d bytes in %v, %v", len(all), took, err)
	}
}

func TestKillFramesLetsWebSocketsOpenAndNothingThrough(t *testing.T) {
	o := before(t, func(w io.Writer, r *http.Request) { fmt.Fprint(w, "answer") })
	p := o.through(Options{Shapes: []Shape{KillFrames}})
	ws, _, err := dial(t, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := said(t, ws, moment); err == nil || o.heard.Load() != 0 {
		t.Errorf("%v; the server heard %d messages", err, o.heard.Load())
	}
	res, err := get(t, p)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := io.ReadAll(res.Body); string(all) != "answer" || err != nil {
		t.Errorf("an answer is %q, %v", all, err)
	}
}

func TestHalfOpenGoesSilentWithoutAnEnd(t *testing.T) {
	left := make(chan struct{})
	o := before(t, func(w io.Writer, r *http.Request) {
		defer close(left)
		for r.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat("x", 100)); err != nil {
				return
			}
		}
	})
	p := o.through(Options{Shapes: []Shape{HalfOpen}, Rate: 1, Within: 500})
	res, err := get(t, p)
	if err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(2*moment, func() { res.Body.Close() })
	defer timer.Stop()
	n, err := io.Copy(io.Discard, res.Body)
	if n > 500 || err == nil || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%d bytes, then %v", n, err)
	}
	<-left // the server notices when the client leaves, not before: it could write

	ws, _, err := dial(t, p)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil { // up to 500 bytes come back
		err = said(t, ws, 2*moment)
	}
	if websocket.CloseStatus(err) != -1 || errors.Is(err, io.EOF) {
		t.Errorf("the WebSocket ends: %v", err)
	}
}

func TestResetEndsInTheMiddle(t *testing.T) {
	o := before(t, func(w io.Writer, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat("x", 100)); err != nil {
				return
			}
		}
	})
	res, err := get(t, o.through(Options{Shapes: []Shape{Reset}, Rate: 1, Seed: 3}))
	if err == nil {
		_, err = io.Copy(io.Discard, res.Body)
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Error(err)
	}
}

// The same seed has the same faults; another has others; and there are about as many as asked.
func TestFaultsAreDrawnFromTheSeed(t *testing.T) {
	o := before(t, func(w io.Writer, r *http.Request) { fmt.Fprint(w, strings.Repeat("x", 3000)) })
	const requests = 60
	for shape, ok := range map[Shape]func(*http.Response, error) bool{
		BadGateway: func(res *http.Response, err error) bool { return err == nil && res.StatusCode == 200 },
		Reset: func(res *http.Response, err error) bool {
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
			}
			return err == nil
		},
	} {
		var patterns []string
		for _, seed := range []uint64{7, 7, 8} {
			p := o.through(Options{Shapes: []Shape{shape}, Seed: seed, Rate: 0.5})
			pattern := ""
			for range requests {
				if ok(get(t, p)) {
					pattern += "."
				} else {
					pattern += "x"
				}
			}
			if hits := strings.Count(pattern, "x"); hits < requests/4 || hits > 3*requests/4 {
				t.Errorf("%s: %d of %d", shape, hits, requests)
			}
			patterns = append(patterns, pattern)
		}
		if patterns[0] != patterns[1] || patterns[0] == patterns[2] {
			t.Errorf("%s:\n%s", shape, strings.Join(patterns, "\n"))
		}
	}
}

func TestIdleCutClosesWhatIsSilent(t *testing.T) {
	const idle = 2 * moment
	o := before(t, func(w io.Writer, r *http.Request) {
		for range 10 {
			fmt.Fprint(w, "x")
			time.Sleep(idle / 4)
		}
		<-r.Context().Done()
	})
	p := o.through(Options{Shapes: []Shape{IdleCut}, Idle: idle})
	res, err := get(t, p)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := io.ReadAll(res.Body); len(all) != 10 || err == nil {
		t.Errorf("%d bytes, %v", len(all), err)
	}
	ws, _, err := dial(t, p)
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if err := said(t, ws, 5*time.Second); err != nil {
			t.Fatal(err)
		}
		time.Sleep(idle / 4)
	}
	if _, _, err := ws.Read(t.Context()); err == nil || t.Context().Err() != nil {
		t.Error("it is not cut")
	}
}

func TestStripHeadersKeepsTheCommonOnes(t *testing.T) {
	o := before(t, nil)
	p := o.through(Options{Shapes: []Shape{StripHeaders}})
	var seen string
	o.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Get("X-Mine") + r.Header.Get("Last-Event-ID") + r.Header.Get("Authorization")
		w.Header().Set("X-Accel-Buffering", "no")
		w.Header().Set("Retry-After", "3")
	})
	res, err := get(t, p, "X-Mine: a", "Last-Event-ID: b", "Authorization: c")
	if err != nil {
		t.Fatal(err)
	}
	if seen != "c" || res.Header.Get("X-Accel-Buffering") != "" || res.Header.Get("Retry-After") != "3" {
		t.Errorf("up goes %q, down comes %v", seen, res.Header)
	}
	ws, res, err := websocket.Dial(t.Context(), before(t, nil).through(Options{Shapes: []Shape{StripHeaders}}).URL(), &websocket.DialOptions{Subprotocols: []string{"notewire.v1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	if err := said(t, ws, 5*time.Second); err != nil || res.Header.Get("Sec-WebSocket-Protocol") != "" {
		t.Errorf("%v, %v", err, res.Header)
	}
}

func TestRefuseUpgradesOpensNoWebSocket(t *testing.T) {
	for status, want := range map[int]int{0: 200, 400: 400} {
		_, res, err := dial(t, before(t, nil).through(Options{Shapes: []Shape{RefuseUpgrades}, RefuseStatus: status}))
		if err == nil || res == nil || res.StatusCode != want {
			t.Errorf("refused by %d: %v, %v", status, res, err)
		}
	}
}

func TestCapConnectionsLetsTheNextOneWait(t *testing.T) {
	const seats = 2
	leave, came := make(chan struct{}), make(chan struct{}, seats+1)
	o := before(t, func(w io.Writer, r *http.Request) {
		came <- struct{}{}
		<-leave
	})
	p := o.through(Options{Shapes: []Shape{CapConnections}, Connections: seats})
	ended := make(chan error, seats+1)
	for range seats + 1 {
		go func() {
			_, err := get(t, p)
			ended <- err
		}()
	}
	for range seats {
		<-came
	}
	select {
	case <-came:
		t.Error("it does not wait")
	case <-time.After(moment):
	}
	close(leave)
	<-came
	for range seats + 1 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Shapes: []Shape{"pigeon"}}, {Rate: 2}, {Rate: -1}, {Hold: -1}, {RefuseStatus: 9}} {
		if _, err := Start("127.0.0.1:0", "http://127.0.0.1:1", o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
	if _, err := Start("127.0.0.1:0", "127.0.0.1:1", Options{}); err == nil {
		t.Error("an address without a scheme is taken")
	}
}
