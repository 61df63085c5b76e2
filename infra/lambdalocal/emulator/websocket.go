package emulator

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// MaxMessage is the most bytes of a WebSocket message, either way.
const MaxMessage = 128 << 10

// WebSocketConfig describes a WebSocket API. Function must be set.
type WebSocketConfig struct {
	Function    *Function
	Stage       string        // default local
	IdleTimeout time.Duration // a connection without traffic is closed; default 10 min
	MaxDuration time.Duration // and any after this; default 2 h
	Integration time.Duration // how long the function may take for an event; default 29 s

	// Serialise invokes a connection's next message only after the one before was answered.
	// AWS does not: several messages of a connection are with the function at once, and it
	// promises no order, neither of their beginning nor of their end.
	Serialise bool
	// LoseDisconnects drops $disconnect, which AWS may: it is best effort.
	LoseDisconnects bool

	Log *slog.Logger // why a client got an error; default none
}

// WebSocketAPI is an API Gateway WebSocket API with the routes $connect, $default and
// $disconnect on one function, without route responses: what the function answers to a
// message is not sent to the client. It serves the clients at /{stage}, and the function at
// /{stage}/@connections/{id}. Like AWS it accepts a browser from any origin: whether to is
// the function's decision, in $connect. Close it when its server no longer takes requests.
type WebSocketAPI struct {
	cfg      WebSocketConfig
	handlers sync.WaitGroup // of connections, and of their messages

	mu          sync.Mutex
	connections map[string]*connection // those that are open
	closed      bool
}

// NewWebSocketAPI returns the API as an http.Handler.
func NewWebSocketAPI(cfg WebSocketConfig) *WebSocketAPI {
	cfg.Stage = cmp.Or(cfg.Stage, "local")
	cfg.IdleTimeout = cmp.Or(cfg.IdleTimeout, 10*time.Minute)
	cfg.MaxDuration = cmp.Or(cfg.MaxDuration, 2*time.Hour)
	cfg.Integration = cmp.Or(cfg.Integration, 29*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &WebSocketAPI{cfg: cfg, connections: map[string]*connection{}}
}

func (a *WebSocketAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	stage := "/" + a.cfg.Stage
	if id, ok := strings.CutPrefix(r.URL.Path, stage+"/@connections/"); ok {
		a.manage(w, r, id)
		return
	}
	if r.URL.Path != stage && r.URL.Path != stage+"/" {
		answerJSON(w, http.StatusForbidden, "Forbidden")
		return
	}
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		answerJSON(w, http.StatusUpgradeRequired, "Upgrade Required")
		return
	}
	a.mu.Lock()
	closed := a.closed
	if !closed {
		a.handlers.Add(1)
	}
	a.mu.Unlock()
	if closed {
		answerJSON(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	defer a.handlers.Done()
	a.connect(w, r)
}

// connect asks the function, opens the connection, and serves it to its end.
func (a *WebSocketAPI) connect(w http.ResponseWriter, r *http.Request) {
	c := newConnection(a, r)
	answer, err := a.invoke(c.connectEvent(r))
	if err != nil {
		a.cfg.Log.Warn("$connect failed", "connection", c.id, "error", err)
		answerJSON(w, statusOf(err), "Internal server error")
		return
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		answerJSON(w, answer.StatusCode, http.StatusText(answer.StatusCode))
		return
	}
	// Only now the connection exists. If the client has left meanwhile, it is told as any.
	c.socket, err = websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       answer.subprotocols(),
		InsecureSkipVerify: true,
		OnPingReceived:     func(context.Context, []byte) bool { c.active(); return true },
	})
	if err != nil {
		a.disconnect(c, int(websocket.StatusAbnormalClosure), "")
		return
	}
	c.socket.SetReadLimit(MaxMessage)
	a.mu.Lock()
	a.connections[c.id] = c
	closed := a.closed
	a.mu.Unlock()
	if closed {
		go c.close(websocket.StatusGoingAway, "Going away")
	}
	code, reason := c.serve()
	a.forget(c.id)
	a.disconnect(c, code, reason)
}

// disconnect tells the function, once.
func (a *WebSocketAPI) disconnect(c *connection, code int, reason string) {
	if a.cfg.LoseDisconnects {
		return
	}
	if _, err := a.invoke(c.disconnectEvent(code, reason)); err != nil {
		a.cfg.Log.Warn("$disconnect failed", "connection", c.id, "error", err)
	}
}

func (a *WebSocketAPI) open(id string) *connection {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.connections[id]
}

func (a *WebSocketAPI) forget(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.connections, id)
}

// Close closes all connections with 1001, tells the function, and waits for both.
func (a *WebSocketAPI) Close() error {
	a.mu.Lock()
	a.closed = true
	for _, c := range a.connections {
		go c.close(websocket.StatusGoingAway, "Going away")
	}
	a.mu.Unlock()
	a.handlers.Wait()
	return nil
}

// newID returns an id such as API Gateway's: it has a character that paths escape.
func newID() string {
	var random [11]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.URLEncoding.EncodeToString(random[:])
}
