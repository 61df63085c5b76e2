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
// The context of run ends with the request, and when the connection is dead. run must
// return soon after, and must not use the Conn any more once it returned.
//
// Serve returns the error of run, joined with the reason of the connection's death if it
// died: os.ErrDeadlineExceeded if the client did not read. (The cause of run's context
// does not always say so: net/http may notice first, and only says context.Canceled.)
// A panic of run goes on when the stream is cleaned up, and the response is cut off. The
// response has begun in all cases, so the caller must not write to w. A w that buffers
// needs a Flush; one without deadlines can hold Serve for as long as its Write blocks.
//
// The body of r must have been read before. For HTTP/2 the server needs a WriteByteTimeout
// in its http.HTTP2Config: the deadline of a stream does not free a handler whose whole
// connection is stuck, and Serve would wait until TCP gives up.
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
	<-sub.began // what is published before the subscriber is registered would be lost
	err := run(ctx, c)
	c.Close(transport.CloseNormal, "")
	if dead := c.out.window.dead(); dead != nil {
		return errors.Join(err, dead)
	}
	return err
}
