package sse

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"

	"github.com/r3labs/sse/v2"

	"notewire/transport"
)

// conn is the transport.Conn of one stream. One goroutine writes; Close may be called by
// any.
type conn struct {
	sub     *subscription
	out     *response
	lastID  string
	retry   []byte // for the first event, then nil
	padding int    // behind an event, and in a heartbeat
}

var _ transport.Conn = (*conn)(nil)

func newConn(sub *subscription, out *response, opts Options) *conn {
	c := &conn{sub: sub, out: out, lastID: opts.LastID, padding: opts.Padding}
	if opts.Retry > 0 {
		c.retry = strconv.AppendInt(nil, opts.Retry.Milliseconds(), 10)
	}
	return c
}

// framing is what an event costs beside its id and data.
const framing = len("id: \ndata: \nretry: 1000000000\n\n")

var errPublish = errors.New("sse: r3labs refused an event within the window")

// Write publishes one event. It returns when the event is queued; that the network took
// it shows in a later call, or in the context of the session. The frame's data is not
// copied.
//
// It returns an error that wraps ErrBadFrame, net.ErrClosed after Close, ctx's cause, or
// the reason of the connection's death: os.ErrDeadlineExceeded if the client did not read.
func (c *conn) Write(ctx context.Context, f transport.Frame) error {
	if err := check(f); err != nil {
		return err
	}
	id := f.Cursor
	if id == "" {
		id = c.lastID
	}
	e := &sse.Event{ID: []byte(id), Data: f.Data, Retry: c.retry}
	if err := c.publish(ctx, e, framing+len(id)+len(f.Data)); err != nil {
		return err
	}
	c.lastID, c.retry = id, nil
	if c.padding > 0 {
		return c.publish(ctx, &sse.Event{Comment: c.dots("")}, framing+c.padding)
	}
	return nil
}

// dots is a comment with the padding before some text.
func (c *conn) dots(text string) []byte {
	return append(bytes.Repeat([]byte{'.'}, c.padding), text...)
}

// Heartbeat publishes a comment, which carries no id and which clients do not show to the
// application. An EventSource cannot answer, so only the write deadline finds the dead.
func (c *conn) Heartbeat(ctx context.Context) error {
	comment := c.dots("hb")
	return c.publish(ctx, &sse.Event{Comment: comment}, framing+len(comment))
}

func (c *conn) publish(ctx context.Context, e *sse.Event, size int) error {
	if err := c.out.window.enter(ctx, size, c.out.timeout); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			c.out.fail(err)
		}
		return err
	}
	if !c.sub.publish(e) {
		c.out.fail(errPublish)
		return errPublish
	}
	return nil
}

// Close lets what was written go out, for at most the write timeout, and ends the session's
// context. The response itself ends when the session returns. The code and the reason
// have no place on a stream: the session writes them as its last frame before.
func (c *conn) Close(transport.CloseCode, string) {
	if err := c.out.window.drain(c.out.timeout); err != nil {
		c.out.fail(err)
	}
	c.out.cancel(nil)
}
