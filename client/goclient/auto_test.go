package goclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// place is a server on a network, by path: what is nil does not arrive.
type place struct {
	socket    func(ws *websocket.Conn, visit int) // after connection_established
	stream    func(w http.ResponseWriter, r *http.Request)
	negotiate int // how often it was asked what it has
	visits    int // of WebSockets that sign in
}

func (p *place) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/negotiate":
		p.negotiate++
		fmt.Fprint(w, `{"transports":["websocket","sse","poll"],"sse":{"heartbeatMs":25000},"probe":{"path":"/api/probe"}}`)
	case "/ws":
		p.accept(w, r)
	case "/api/probe":
		for i, sent := range []int{0, 1024, 4096, 16384, 65536, 65600} {
			stream(w, r, fmt.Sprintf(`{"type":"probe","n":%d,"sent":%d,"at":%d}`, i+1, sent, time.Now().UnixMilli()))
			time.Sleep(probeGap * time.Millisecond)
		}
	case "/api/events":
		p.stream(w, r)
	case "/api/changes":
		polled(w, "e-0", false)
	}
}

// accept answers pings, and has visits of clients that stay go as socket says.
func (p *place) accept(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer ws.CloseNow()
	ctx := context.Background()
	for {
		_, data, err := ws.Read(ctx)
		switch {
		case err != nil:
			return
		case strings.Contains(string(data), "ping"):
			_ = ws.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`))
		case strings.Contains(string(data), "auth"):
			p.visits++
			_ = ws.Write(ctx, websocket.MessageText, []byte(hello))
			p.socket(ws, p.visits)
			return
		}
	}
}

// visited records the transports that a follower came by.
func visited(to *[]Transport) func(State) {
	return func(s State) {
		if s.Phase == Connected {
			*to = append(*to, s.Transport)
		}
	}
}

// A server that restarts cuts connections off: no reason to leave the best transport, nor to
// measure again.
func TestARestartIsNoReasonToChangeTheTransport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &place{socket: func(ws *websocket.Conn, visit int) {
			if visit < 6 {
				return // cut off
			}
			_ = ws.Write(context.Background(), websocket.MessageText, []byte(change(1)))
			_, _, _ = ws.Read(context.Background())
		}}
		c := serve(t, Options{}, p.serve)
		var by []Transport
		var f following
		if err := c.Follow(t.Context(), Subscription{OnState: visited(&by)}, f.until("e-1")); err != errEnough {
			t.Error(err)
		}
		if len(by) != 6 || slices.Contains(by, SSE) || slices.Contains(by, Poll) || p.negotiate != 1 {
			t.Errorf("by %v, asked %d times", by, p.negotiate)
		}
	})
}

// A WebSocket that opens, and then again and again goes silent, is left for a stream; and tried
// again after a while, later each time.
func TestATransportThatFallsSilentIsLeftForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &place{
			socket: func(ws *websocket.Conn, _ int) { // it hears, and says nothing more
				for err := error(nil); err == nil; {
					_, _, err = ws.Read(context.Background())
				}
			},
			stream: func(w http.ResponseWriter, r *http.Request) {
				stream(w, r, hello)
				for {
					select {
					case <-time.After(25 * time.Second):
						fmt.Fprint(w, ":hb\n\n")
						_ = http.NewResponseController(w).Flush()
					case <-r.Context().Done():
						return
					}
				}
			},
		}
		c := serve(t, Options{}, p.serve)
		var by []Transport
		var when []time.Time
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Minute)
		defer cancel()
		var f following
		sub := Subscription{Cursor: "e-0", Backoff: Backoff{First: time.Millisecond, Most: time.Millisecond}, OnState: func(s State) {
			if s.Phase == Connected {
				by, when = append(by, s.Transport), append(when, time.Now())
			}
		}}
		if err := c.Follow(ctx, sub, f.handle); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		want := []Transport{WebSocket, WebSocket, SSE, WebSocket, WebSocket, SSE, WebSocket, WebSocket, SSE}
		if !slices.Equal(by, want) {
			t.Errorf("by %v", by)
		}
		for i, least := range map[int]time.Duration{2: 10 * time.Minute, 5: 20 * time.Minute} {
			if i+1 < len(when) {
				if stayed := when[i+1].Sub(when[i]); stayed < least || stayed > least+time.Minute {
					t.Errorf("the stream at %d is left after %v, want %v", i, stayed, least)
				}
			}
		}
	})
}

// The evidence that counts, and the one that does not.
func TestWhatCountsAgainstATransport(t *testing.T) {
	for name, c := range map[string]struct {
		heard  bool
		err    error
		doubts bool
	}{
		"no message":              {false, ErrCutOff, true},
		"a box's answer":          {false, &AnswerError{Status: 400}, true},
		"a box's close code":      {false, closed(1011, "", 0), true},
		"silence, once":           {true, errSilent, false},
		"cut off after a message": {true, ErrCutOff, false},
		"the server stops":        {false, closed(4000, "", 0), false},
		"refused":                 {false, &Refusal{Status: 401}, false},
		"the token is no good":    {false, closed(CodeAuthFailed, "", 0), false},
	} {
		client, err := New("http://a", Options{})
		if err != nil {
			t.Fatal(err)
		}
		a := client.newAuto(AutoOptions{})
		if again := a.judge(way{transport: WebSocket, silence: time.Minute}, c.heard, time.Second, c.err); again != c.doubts || a.doubted != c.doubts {
			t.Errorf("%s: measured again: %v, want %v", name, a.doubted, c.doubts)
		}
	}
	client, err := New("http://a", Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := client.newAuto(AutoOptions{})
	for range cuts { // a box that ends every connection soon
		a.judge(way{transport: WebSocket, silence: time.Minute}, true, time.Second, ErrCutOff)
	}
	if !a.doubted || !a.shunned[WebSocket] {
		t.Error("cuts do not count")
	}
	a = client.newAuto(AutoOptions{})
	for range 5 { // a device that sleeps every night
		a.judge(way{transport: WebSocket, silence: time.Minute}, true, time.Hour, errSilent)
	}
	if a.doubted {
		t.Error("silences far apart count together")
	}
}

func TestTheBestThatDeliversIsChosen(t *testing.T) {
	dead := Measured{Err: errNotMeasured}
	for _, c := range []struct {
		network   Network
		shunned   []Transport
		transport Transport
		padding   int
	}{
		{Network{}, nil, WebSocket, 0},
		{Network{}, []Transport{WebSocket}, SSE, 0},
		{Network{}, []Transport{WebSocket, SSE, Poll}, WebSocket, 0}, // none is better than another
		{Network{WebSocket: dead}, nil, SSE, 0},
		{Network{WebSocket: dead, HoldBack: 4096}, nil, SSE, 4096},
		{Network{WebSocket: dead, HoldBack: BuffersAll}, nil, Poll, 0},
		{Network{WebSocket: dead, SSE: dead}, nil, Poll, 0},
		{Network{SSE: dead, Poll: dead}, nil, WebSocket, 0},
	} {
		shunned := map[Transport]bool{}
		for _, s := range c.shunned {
			shunned[s] = true
		}
		if err := c.network.choose(shunned); err != nil || c.network.Transport != c.transport || c.network.Padding != c.padding {
			t.Errorf("%v without %v: %v", &c.network, c.shunned, err)
		}
	}
	if n := (Network{WebSocket: dead, SSE: dead, Poll: dead}); n.choose(nil) == nil {
		t.Error("something is chosen where nothing arrives")
	}
}
