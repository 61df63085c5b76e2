package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// deadlineMargin is how long before Lambda ends an invocation the request's context ends, so
// that a stream can say goodbye.
const deadlineMargin = 2 * time.Second

// HTTP returns the handler of a function that serves h. A panic of h answers 500, or cuts the
// response off; the process lives.
func HTTP(h http.Handler, log *slog.Logger) func(context.Context, json.RawMessage) (io.Reader, error) {
	return func(ctx context.Context, event json.RawMessage) (io.Reader, error) {
		in, err := requestOf(event)
		if err != nil {
			return nil, err
		}
		cancel := func() {}
		if deadline, ok := ctx.Deadline(); ok {
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-deadlineMargin))
		}
		req, err := in.http(ctx)
		if err != nil {
			cancel()
			return nil, err
		}
		out := newResponse()
		go func() {
			defer cancel()
			out.end(serve(h, out, req, log))
		}()
		return out.answer(in.version), nil
	}
}

// serve returns the error that cuts the response off, if the handler panicked.
func serve(h http.Handler, w *response, r *http.Request, log *slog.Logger) (err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("a handler panicked", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			w.WriteHeader(http.StatusInternalServerError)
			err = fmt.Errorf("the handler panicked: %v", p)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}
