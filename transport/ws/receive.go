package ws

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/coder/websocket"

	"notewire/transport"
)

// Receive returns the next text message. It does not check that it is UTF-8.
//
// After transport.ErrFrameTooLarge and transport.ErrNotText it may be called again; any
// other error is the last. When ctx ends, Receive returns its cause and the reading is
// over, but Write and Close still work, so that the client can be told why.
func (c *Conn) Receive(ctx context.Context) ([]byte, error) {
	// The library would close the connection at the end of ctx.
	stop := context.AfterFunc(ctx, c.interrupt)
	defer stop()
	c.receiving.Store(true)
	defer c.receiving.Store(false)
	c.raw.life.Add(1) // what waits unread may be the pong

	data, err := c.receive()
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return data, err
}

func (c *Conn) interrupt() { _ = c.raw.SetReadDeadline(time.Unix(1, 0)) }

func (c *Conn) receive() ([]byte, error) {
	typ, message, err := c.ws.Reader(context.Background())
	if err != nil {
		return nil, fmt.Errorf("ws: %w", err)
	}
	if typ != websocket.MessageText {
		return nil, discard(message, transport.ErrNotText)
	}
	data, err := io.ReadAll(io.LimitReader(message, c.opts.SoftLimit+1))
	if err != nil {
		return nil, fmt.Errorf("ws: %w", err)
	}
	if int64(len(data)) > c.opts.SoftLimit {
		data = nil // the rest may take long
		return nil, discard(message, transport.ErrFrameTooLarge)
	}
	return data, nil
}

// discard reads the message to its end and returns why, or the error that ended the
// connection.
func discard(message io.Reader, why error) error {
	if _, err := io.Copy(io.Discard, message); err != nil {
		return fmt.Errorf("ws: %w", err)
	}
	return why
}
