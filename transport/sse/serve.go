package sse

import (
	"context"
	"errors"
	"net/http"

	"notewire/transport"
)

var (
	errPanicked  = errors.New("sse: panic while writing")
	errAbandoned = errors.New("sse: session panicked")
)

// Serve answers r with an event stream and lets run write to it, in the caller's
// goroutine, until run returns. Then it sends what was written, for at most
// Options.WriteTimeout, ends the response, and returns once nothing of the stream is
// left: no goroutine, and no use of w.
//
// The context of run ends with the request, and when the connection is dead; then the
// reason is its cause. run must return soon after, and must not use the Conn any more
// once it returned.
//
// Serve returns the error of run, else the reason of the connection's death if that kept
// frames from the client, else nil. A panic of run goes on when the stream is cleaned up,
// and the response is cut off. The response has begun in all cases, so the caller must
// not write to w. A w that buffers needs a Flush; one without deadlines can hold Serve for
// as long as its Write blocks.
//
// The body of r must have been read before.
func Serve(w http.ResponseWriter, r *http.Request, opts Options, run func(context.Context, transport.Conn) error) error {
	opts = opts.withDefaults()
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)

	out := newResponse(w, opts.WriteTimeout, cancel)
	sub := subscribe(out)
	returned := false
	defer func() {
		if !returned {
			out.fail(errAbandoned)
		}
		sub.close()
		out.end()
		if sub.panicked != nil {
			panic(sub.panicked)
		}
	}()
	err := session(ctx, sub, newConn(sub, out, opts), run)
	returned = true
	return err
}

func session(ctx context.Context, sub *subscription, c *conn, run func(context.Context, transport.Conn) error) error {
	// What is published before the subscriber is registered would be lost.
	select {
	case <-sub.began:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	err := run(ctx, c)
	c.Close(transport.CloseNormal, "")
	if err == nil {
		err = c.out.window.dead()
	}
	return err
}
