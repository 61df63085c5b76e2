package sse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// response is the ResponseWriter that r3labs writes to. r3labs ignores write errors and
// sets no deadlines; response does both, and empties the window.
//
// The head goes out through the writer that the handler was given, so that whatever wraps
// it (echo.Response, loggers) knows that the response has begun. All else goes to the
// innermost writer: a wrapper's Flush may hide errors (echo) and its Write may hold bytes
// back (gzip). The price is that wrappers do not count the bytes.
type response struct {
	outer   http.ResponseWriter
	inner   http.ResponseWriter
	control *http.ResponseController // of inner
	scratch http.Header              // what r3labs sets; we send our own
	window  *window
	timeout time.Duration
	cancel  context.CancelCauseFunc // of the session's context

	// Used by the goroutine of ServeHTTP alone.
	begun     bool
	unflushed int
	deadline  time.Time // of the batch in progress; zero between batches

	mu    sync.Mutex // orders what arm, fail and end do to the deadline
	ended bool       // the handler returns: w is no longer ours
}

func newResponse(w http.ResponseWriter, timeout time.Duration, cancel context.CancelCauseFunc) *response {
	inner := innermost(w)
	return &response{
		outer:   w,
		inner:   inner,
		control: http.NewResponseController(inner),
		scratch: make(http.Header),
		window:  new(window),
		timeout: timeout,
		cancel:  cancel,
	}
}

func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = wrapper.Unwrap()
	}
}

// Header returns a header that is never sent, so nothing that r3labs sets gets out.
func (r *response) Header() http.Header { return r.scratch }

func (r *response) WriteHeader(code int) {
	h := r.outer.Header()
	h.Set("Content-Type", "text/event-stream") // exactly: proxies compare it as a whole
	h.Set("Cache-Control", "no-cache, no-transform")
	h.Set("X-Accel-Buffering", "no")
	h.Del("Connection")
	h.Del("Content-Length")
	h.Del("Content-Encoding")
	r.outer.WriteHeader(code)
	h.Del("Content-Encoding") // by a wrapper that holds the head back and expected to compress
}

// emptyID is what r3labs writes for an event without an id. It would make the client
// forget the one it has.
const emptyID = "id: \n"

func (r *response) Write(p []byte) (int, error) {
	if string(p) == emptyID {
		return len(p), nil
	}
	written := 0
	for {
		if err := r.arm(); err != nil {
			return written, err
		}
		n, err := r.inner.Write(p[:min(piece, len(p))])
		written, r.unflushed = written+n, r.unflushed+n
		if err != nil {
			return written, r.check(err)
		}
		if p = p[n:]; len(p) == 0 {
			return written, nil
		}
		r.window.moved()
		r.deadline = time.Time{} // it moves: the next piece has a deadline of its own
	}
}

// piece is how much of an event the client must take within a write deadline.
const piece = 64 << 10

// Flush is called by r3labs once for the head and then once per event. An event leaves the
// flush to its successors if they are published already, but not beyond 32 KB, nor when
// the batch is slow: each event has to make do with what is left of the batch's deadline.
func (r *response) Flush() {
	if !r.begun {
		r.begun = true
		r.begin()
		return
	}
	slow := time.Until(r.deadline) < r.timeout*7/8
	if last := r.window.wrote(); last || slow || r.unflushed >= coalesce {
		r.flush()
		r.window.flushed()
	}
}

// begin sends the head. From then on the server's own deadlines for whole requests must
// not hold. Before the head net/http reads what the handler left of the request's body,
// and a client that never sends it must not hold us.
func (r *response) begin() {
	_ = r.control.SetReadDeadline(time.Now().Add(r.timeout)) // not all writers support it
	r.flush()
	_ = r.control.SetReadDeadline(time.Time{})
}

func (r *response) flush() {
	if r.arm() != nil {
		return
	}
	if r.check(r.control.Flush()) != nil {
		return
	}
	r.unflushed = 0
	r.disarm()
}

// arm sets the deadline of a batch at its first byte. A writer that knows no deadlines
// (Lambda's) is left to its platform.
func (r *response) arm() error {
	if !r.deadline.IsZero() {
		return nil // also when dead: then the write fails at once
	}
	r.mu.Lock()
	if err := r.window.dead(); err != nil {
		r.mu.Unlock()
		return err
	}
	r.deadline = time.Now().Add(r.timeout)
	err := r.control.SetWriteDeadline(r.deadline)
	r.mu.Unlock()
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return r.check(err)
}

// disarm takes the deadline back: HTTP/2 would reset an idle stream when it passes.
func (r *response) disarm() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deadline = time.Time{}
	if r.window.dead() == nil {
		_ = r.control.SetWriteDeadline(time.Time{}) // a real fault shows in the next write
	}
}

// check fails the connection if err is not nil.
func (r *response) check(err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("sse: write: %w", err)
	r.fail(err)
	return err
}

// fail declares the connection dead: nothing more is written, what is being written stops
// at once, and the session's context ends with err as its cause.
func (r *response) fail(err error) {
	if !r.window.fail(err) {
		return
	}
	r.cancel(err)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		_ = r.control.SetWriteDeadline(time.Unix(1, 0)) // unsupported: the platform ends it
	}
}

// end sets the deadline for the last bytes, which net/http writes after the handler.
func (r *response) end() {
	_ = r.arm() // dead: net/http will find out as well
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
}
