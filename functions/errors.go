package functions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// statuses is the one table from a refusal to an HTTP status.
var statuses = map[notes.Code]int{
	notes.Invalid:         http.StatusBadRequest,
	notes.Unauthenticated: http.StatusUnauthorized,
	notes.Forbidden:       http.StatusForbidden,
	notes.NotFound:        http.StatusNotFound,
	notes.VersionMismatch: http.StatusConflict,
	notes.Conflict:        http.StatusConflict,
	notes.BaseGone:        http.StatusConflict,
	notes.NoteExpired:     http.StatusConflict,
	notes.Purged:          http.StatusGone,
	notes.VersionThinned:  http.StatusGone,
	notes.NoteExists:      http.StatusConflict,
	notes.MutationReused:  http.StatusConflict,
	notes.TooLarge:        http.StatusRequestEntityTooLarge,
	notes.LimitExceeded:   http.StatusUnprocessableEntity,
	notes.RateLimited:     http.StatusTooManyRequests,
	notes.Skipped:         http.StatusFailedDependency,
	notes.Unavailable:     http.StatusServiceUnavailable,
	notes.Internal:        http.StatusInternalServerError,
}

// refused is an error with the ids of what it refuses.
type refused struct {
	error
	refs wire.Refs
}

func (r refused) Unwrap() error { return r.error }

// writeError is echo's error handler: it answers with the problem, and logs what is our
// fault under an id that the answer names.
func (s *surface) writeError(err error, c echo.Context) {
	status, problem := s.describe(err)
	if status >= 500 {
		problem.ErrorID = s.NewID()
		s.Log.Log(c.Request().Context(), severity(c, err), "request failed", "errorId", problem.ErrorID,
			"method", c.Request().Method, "path", c.Path(), "status", status, "error", err)
	}
	if c.Response().Committed {
		return // an event stream, say; its client comes back
	}
	if problem.RetryAfterMS > 0 {
		c.Response().Header().Set("Retry-After", strconv.FormatInt((problem.RetryAfterMS+999)/1000, 10))
	}
	if status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="notewire"`)
	}
	_ = c.JSONBlob(status, wire.ErrorBody(problem)) // fails only if the client has gone
}

// severity is that of an error that is ours, unless it is only that the client has left.
func severity(c echo.Context, err error) slog.Level {
	if c.Request().Context().Err() != nil && errors.Is(err, context.Canceled) {
		return slog.LevelDebug
	}
	return slog.LevelError
}

func (s *surface) describe(err error) (int, wire.Problem) {
	var refs wire.Refs
	if r, ok := errors.AsType[refused](err); ok {
		refs = r.refs
	}
	if f, ok := errors.AsType[*wire.FormatError](err); ok {
		status := http.StatusBadRequest
		if f.Code == wire.WrongContentType {
			status = http.StatusUnsupportedMediaType
		}
		return status, wire.ProblemOf(err, refs)
	}
	if h, ok := errors.AsType[*echo.HTTPError](err); ok && h.Code < 500 {
		return h.Code, wire.Problem{Code: httpCode(h.Code), Message: fmt.Sprint(h.Message)}
	}
	return statuses[notes.CodeOf(err)], wire.ProblemOf(err, refs)
}

// httpCode names a status that the router itself answers.
func httpCode(status int) string {
	switch status {
	case http.StatusNotFound:
		return string(notes.NotFound)
	case http.StatusMethodNotAllowed:
		return "method_not_allowed"
	}
	return string(notes.Invalid)
}

// recoverPanic turns a panic into an internal error; the server lives on.
func (s *surface) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

// logRequest logs each request at debug level: its route, never its query or headers,
// which may carry tokens.
func (s *surface) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begun := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // writes the answer, so that its status is known
		}
		s.Log.Debug("request", "method", c.Request().Method, "route", c.Path(),
			"status", c.Response().Status, "took", time.Since(begun))
		return nil
	}
}
