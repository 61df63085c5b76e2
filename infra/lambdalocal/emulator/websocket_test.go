package emulator

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// gateway is a WebSocket API on a function of real processes.
type gateway struct {
	url   string // http, with the stage
	notes *notes
	api   *WebSocketAPI
}

func startGateway(t *testing.T, cfg WebSocketConfig, fn Config) *gateway {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{url: "http://" + listener.Addr().String() + "/prod"}
	cfg.Function, g.notes = start(t, "socket", fn, "WEBSOCKET_API_ENDPOINT="+g.url)
	cfg.Stage = "prod"
	g.api = NewWebSocketAPI(cfg)
	server := httptest.NewUnstartedServer(g.api)
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(func() {
		server.Close()
		_ = g.api.Close()
	})
	return g
}

// dial connects as a browser does, from another origin.
func (g *gateway) dial(t *testing.T, query string) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	c, res, err := websocket.Dial(t.Context(), g.url+query, &websocket.DialOptions{
		Subprotocols: []string{"notewire.v1", "bearer.token"},
		HTTPHeader:   http.Header{"Origin": {"https://elsewhere.example"}},
	})
	if c != nil {
		c.SetReadLimit(1 << 20)
		t.Cleanup(func() { _ = c.CloseNow() })
	}
	return c, res, err
}

func (g *gateway) connect(t *testing.T) *websocket.Conn {
	t.Helper()
	c, _, err := g.dial(t, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func send(t *testing.T, c *websocket.Conn, text string) {
	t.Helper()
	if err := c.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, c *websocket.Conn) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, message, err := c.Read(ctx)
	return string(message), err
}

func event(t *testing.T, note string) (e websocketEvent) {
	t.Helper()
	_, text, _ := strings.Cut(note, " ")
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAConnectionFromBeginningToEnd(t *testing.T) {
	g := startGateway(t, WebSocketConfig{}, Config{})
	c, res, err := g.dial(t, "?token=a&token=b")
	if err != nil {
		t.Fatal(err)
	}
	if c.Subprotocol() != "notewire.v1" || res.StatusCode != 101 {
		t.Errorf("answer %d, subprotocol %q", res.StatusCode, c.Subprotocol())
	}
	e := event(t, g.notes.wait(t, "$connect"))
	got := []string{
		e.RequestContext.RouteKey, e.RequestContext.EventType, e.RequestContext.Stage, e.RequestContext.Identity.SourceIP,
		e.Headers["Sec-WebSocket-Protocol"], e.Headers["Origin"], e.MultiValueHeaders["Origin"][0],
		e.QueryStringParameters["token"], strings.Join(e.MultiValueQueryStringParameters["token"], "|"),
	}
	want := []string{"$connect", "CONNECT", "prod", "127.0.0.1", "notewire.v1,bearer.token", "https://elsewhere.example", "https://elsewhere.example", "b", "a|b"}
	if !slices.Equal(got, want) {
		t.Errorf("$connect %q, want %q", got, want)
	}
	send(t, c, "echo hello")
	if answer, err := receive(t, c); answer != "hello" {
		t.Errorf("%q %v", answer, err)
	}
	m := event(t, g.notes.wait(t, "$default"))
	if m.RequestContext.ConnectionID != e.RequestContext.ConnectionID || m.Body != "echo hello" || len(m.Headers) > 0 || m.RequestContext.MessageID == nil {
		t.Errorf("message %+v", m)
	}
	if err := c.Close(4001, "bye"); err != nil {
		t.Fatal(err)
	}
	d := event(t, g.notes.wait(t, "$disconnect"))
	if d.RequestContext.DisconnectStatusCode != 4001 || *d.RequestContext.DisconnectReason != "bye" {
		t.Errorf("$disconnect %+v", d.RequestContext)
	}
}

func TestAConnectionIsOpenOnlyAfterConnectReturned(t *testing.T) {
	g := startGateway(t, WebSocketConfig{}, Config{})
	for query, want := range map[string]int{"?post=1": 410, "?refuse=1": 401, "?fail=1": 502} {
		_, res, err := g.dial(t, query)
		if err == nil || res.StatusCode != want {
			t.Errorf("%s: %d %v, want %d", query, res.StatusCode, err, want)
		}
	}
	for path, want := range map[string]int{"": 426, "/elsewhere": 403} {
		res, err := http.Get(g.url + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("GET %s: %d, want %d", path, res.StatusCode, want)
		}
	}
}

// The first message ends only when the second has been run: AWS does not wait between them.
func TestMessagesOfAConnectionRunSideBySide(t *testing.T) {
	g := startGateway(t, WebSocketConfig{}, Config{})
	c, file := g.connect(t), filepath.Join(t.TempDir(), "made")
	send(t, c, "wait "+file)
	send(t, c, "make "+file)
	send(t, c, "echo done")
	if answer, err := receive(t, c); answer != "done" {
		t.Errorf("%q %v", answer, err)
	}
}

func TestABurstIsAnsweredWhole(t *testing.T) {
	const messages = 20
	g := startGateway(t, WebSocketConfig{}, Config{Concurrency: messages + 1})
	c := g.connect(t)
	want := map[string]bool{}
	for i := range messages {
		want[strconv.Itoa(i)] = true
		send(t, c, "echo "+strconv.Itoa(i))
	}
	for len(want) > 0 {
		answer, err := receive(t, c)
		if !want[answer] {
			t.Fatalf("%q %v, still waiting for %v", answer, err, want)
		}
		delete(want, answer)
	}
}

func TestMessagesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	g := startGateway(t, WebSocketConfig{Serialise: true, Integration: time.Second}, Config{Timeout: 2 * time.Second})
	c, file := g.connect(t), filepath.Join(t.TempDir(), "made")
	send(t, c, "wait "+file)
	send(t, c, "make "+file)
	if answer, err := receive(t, c); !strings.Contains(answer, `"message":"Endpoint request timed out"`) {
		t.Errorf("%q %v", answer, err)
	}
}

func TestAMessageThatFailsIsAnswered(t *testing.T) {
	g := startGateway(t, WebSocketConfig{}, Config{})
	c := g.connect(t)
	for _, message := range []string{"fail", "nothing"} { // nothing: an answer without a status
		send(t, c, message)
		answer, err := receive(t, c)
		if !strings.Contains(answer, `"message":"Internal server error"`) || !strings.Contains(answer, `"connectionId"`) {
			t.Errorf("%s: %q %v", message, answer, err)
		}
	}
}

func TestTheEndsOfAConnection(t *testing.T) {
	ends := func(t *testing.T, cfg WebSocketConfig, want websocket.StatusCode, do func(*gateway, *websocket.Conn)) {
		g := startGateway(t, cfg, Config{})
		c := g.connect(t)
		do(g, c)
		if _, err := receive(t, c); websocket.CloseStatus(err) != want {
			t.Errorf("closed with %v, want %d", err, want)
		}
		if e := event(t, g.notes.wait(t, "$disconnect")); e.RequestContext.DisconnectStatusCode != int64(want) {
			t.Errorf("$disconnect has %d, want %d", e.RequestContext.DisconnectStatusCode, want)
		}
	}
	nothing := func(*gateway, *websocket.Conn) {}
	t.Run("idle", func(t *testing.T) { ends(t, WebSocketConfig{IdleTimeout: 50 * time.Millisecond}, 1001, nothing) })
	t.Run("old", func(t *testing.T) { ends(t, WebSocketConfig{MaxDuration: 50 * time.Millisecond}, 1001, nothing) })
	t.Run("too big", func(t *testing.T) {
		ends(t, WebSocketConfig{}, 1009, func(_ *gateway, c *websocket.Conn) { send(t, c, strings.Repeat("x", MaxMessage+1)) })
	})
	t.Run("the API closes", func(t *testing.T) {
		ends(t, WebSocketConfig{}, 1001, func(g *gateway, _ *websocket.Conn) { go g.api.Close() })
	})
	t.Run("without a word", func(t *testing.T) {
		g := startGateway(t, WebSocketConfig{}, Config{})
		_ = g.connect(t).CloseNow()
		if e := event(t, g.notes.wait(t, "$disconnect")); e.RequestContext.DisconnectStatusCode != 1006 {
			t.Errorf("$disconnect has %d", e.RequestContext.DisconnectStatusCode)
		}
	})
	t.Run("lost", func(t *testing.T) {
		g := startGateway(t, WebSocketConfig{LoseDisconnects: true}, Config{})
		_ = g.connect(t).CloseNow()
		_ = g.api.Close()
		if lines := g.notes.lines(); len(lines) != 1 {
			t.Errorf("the function heard %q", lines)
		}
	})
}

func TestAMessageAtTheLimitPasses(t *testing.T) {
	g := startGateway(t, WebSocketConfig{}, Config{})
	c := g.connect(t)
	long := strings.Repeat("x", MaxMessage-len("echo "))
	send(t, c, "echo "+long)
	if answer, err := receive(t, c); answer != long {
		t.Errorf("%d bytes came back, %v", len(answer), err)
	}
}
