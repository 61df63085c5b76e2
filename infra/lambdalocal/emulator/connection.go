package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// writeTimeout is how long a client may take to take a message.
const writeTimeout = 10 * time.Second

// connection is one client's.
type connection struct {
	api         *WebSocketAPI
	id          string
	domain      string
	sourceIP    string
	userAgent   string
	connectedAt time.Time

	socket     *websocket.Conn
	idle       *time.Timer
	lastActive atomic.Int64 // Unix milliseconds
}

func newConnection(a *WebSocketAPI, r *http.Request) *connection {
	c := &connection{
		api: a, id: newID(), domain: r.Host, sourceIP: sourceIP(r), userAgent: r.UserAgent(), connectedAt: time.Now(),
	}
	c.idle = time.AfterFunc(a.cfg.IdleTimeout, func() { c.close(websocket.StatusGoingAway, "Going away") })
	c.idle.Stop() // until it is open
	return c
}

// serve reads messages until the end, and returns the close code and reason.
func (c *connection) serve() (code int, reason string) {
	defer c.idle.Stop()
	old := time.AfterFunc(c.api.cfg.MaxDuration, func() { c.close(websocket.StatusGoingAway, "Going away") })
	defer old.Stop()
	c.active()
	defer c.socket.CloseNow()
	for {
		kind, message, err := c.socket.Read(context.Background())
		if err != nil {
			return c.end(err)
		}
		c.active()
		if c.api.cfg.Serialise {
			c.message(kind, message)
			continue
		}
		c.api.handlers.Go(func() { c.message(kind, message) })
	}
}

// message invokes the function. What it answers is for API Gateway alone, but the client
// hears that it failed.
func (c *connection) message(kind websocket.MessageType, message []byte) {
	event := c.messageEvent(kind, message)
	_, err := c.api.invoke(event)
	if err == nil {
		return
	}
	c.api.cfg.Log.Warn("a message failed", "connection", c.id, "error", err)
	text := "Internal server error"
	if errors.Is(err, context.DeadlineExceeded) {
		text = "Endpoint request timed out"
	}
	failure, _ := json.Marshal(map[string]string{
		"message": text, "connectionId": c.id, "requestId": event.RequestContext.RequestID,
	})
	_ = c.send(failure)
}

// send writes a text message, as API Gateway does with whatever is posted.
func (c *connection) send(message []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	if err := c.socket.Write(ctx, websocket.MessageText, message); err != nil {
		return err
	}
	c.active()
	return nil
}

// active notes that something went over the connection.
func (c *connection) active() {
	c.lastActive.Store(time.Now().UnixMilli())
	c.idle.Reset(c.api.cfg.IdleTimeout)
}

// close closes from this side. It waits a little for the client's close.
func (c *connection) close(code websocket.StatusCode, reason string) {
	_ = c.socket.Close(code, reason)
}

// end says how the connection ended; the client repeats the code of a close from this side.
func (c *connection) end(err error) (code int, reason string) {
	if e, ok := errors.AsType[websocket.CloseError](err); ok {
		return int(e.Code), e.Reason
	}
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return int(websocket.StatusMessageTooBig), "Message too big"
	}
	return int(websocket.StatusAbnormalClosure), ""
}
