package gateway

import (
	"context"
	"errors"
	"time"

	"notewire/transport"
	"notewire/transport/wire"
)

// Poster is the gateway's side of connections, by their ids.
type Poster interface {
	// Post sends a message of at most MaxMessage bytes down. It may try several times.
	// Errors: ErrGone.
	Post(ctx context.Context, id string, data []byte) error
	// Close ends the connection. One that has ended is no error.
	Close(ctx context.Context, id string) error
}

// ErrGone says that a connection has ended.
var ErrGone = errors.New("the connection has ended")

// MaxMessage is how many bytes API Gateway takes as one message.
const MaxMessage = 128 << 10

// conn is a connection during one turn, as its session sees it.
type conn struct {
	gateway *Gateway
	id      string
	ctx     context.Context // of the turn
	gone    bool            // the client has left
	// openUntil is until when a connection that is not there may be one that the gateway is
	// about to open.
	openUntil time.Time
}

// opening is how long a gateway may take to open a connection after it asked.
const opening = 5 * time.Second

var _ transport.Conn = (*conn)(nil)

// Write implements transport.Conn.
func (c *conn) Write(ctx context.Context, f transport.Frame) error {
	data := f.Data
	if len(data) > MaxMessage {
		var err error
		if data, err = wire.Truncated(data); err != nil {
			return err
		}
	}
	err := c.gateway.Poster.Post(ctx, c.id, data)
	for errors.Is(err, ErrGone) && time.Now().Before(c.openUntil) {
		time.Sleep(50 * time.Millisecond)
		err = c.gateway.Poster.Post(ctx, c.id, data)
	}
	c.openUntil = time.Time{}
	c.gone = c.gone || errors.Is(err, ErrGone)
	return err
}

// Heartbeat implements transport.Conn: the gateway has no pings.
func (c *conn) Heartbeat(context.Context) error { return nil }

// Close implements transport.Conn. There are no codes: the last frame has said why.
func (c *conn) Close(transport.CloseCode, string) {
	if c.gone {
		return
	}
	if err := c.gateway.Poster.Close(c.ctx, c.id); err != nil {
		c.gateway.Log.Warn("a connection could not be closed", "connection", c.id, "error", err)
	}
}
