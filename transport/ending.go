package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"notewire/transport/wire"
)

// ending is why a session ends, and what the client is told.
type ending struct {
	code   CloseCode
	reason string
	frame  []byte // sent before the close; nil: a reconnect frame if the code says so
}

func (e *ending) Error() string { return e.reason }

var (
	errLeft     = &ending{code: CloseNormal, reason: "the client left"}
	errPanic    = &ending{code: CloseInternal, reason: "internal error"}
	errStopping = &ending{code: CloseGoingAway, reason: "the server stops"}
)

// asEnding makes an error of the log the end of the session.
func (s *session) asEnding(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*ending](err); ok || err == nil {
		return err
	}
	if ctx.Err() != nil {
		return errLeft
	}
	s.Log.Error("a log cannot be read", "connection", s.id, "error", err)
	return &ending{code: CloseInternal, reason: "the log cannot be read now"}
}

// finish has the owner end the session.
func (s *session) finish(ctx context.Context, e *ending) {
	s.ask(ctx, func() error { return e })
}

// stay lets the connection live until its token is stale; then it gets that frame.
func (s *session) stay(login Login, frame []byte) {
	s.overdue = &ending{code: CloseTokenExpired, reason: "the token is too old", frame: frame}
	s.due.Stop()
	if !login.IssuedAt.IsZero() {
		s.due.Reset(time.Until(login.IssuedAt.Add(s.Options.TokenStaleness)))
	}
}

// drain lets the message being handled finish, delivers what came of it, and ends.
func (s *session) drain(ctx context.Context) error {
	timeout := time.NewTimer(s.Options.DrainWait)
	defer timeout.Stop()
	for waiting := true; waiting; {
		select {
		case <-s.idle: // and kept: no further message is handled
			waiting = false
		case f := <-s.do:
			if err := f(); err != nil {
				return err
			}
		case <-timeout.C:
			waiting = false
		case <-ctx.Done():
			return errLeft
		}
	}
	for more := true; more; {
		var err error
		if more, err = s.deliver(ctx); err != nil {
			return err
		}
	}
	return errStopping
}

// end tells the client why, and closes the connection.
func (s *session) end(err error) {
	why, ok := errors.AsType[*ending](err)
	if !ok {
		why = &ending{code: CloseInternal, reason: "internal error"}
	}
	if why == errLeft || why.code == CloseSlow || why.code == CloseUnresponsive {
		s.conn.Close(why.code, why.reason)
		return
	}
	goodbye := why.frame
	if goodbye == nil && why.code.Reconnect() {
		comeback := rand.N(s.Options.Comeback + 1) // at once, if it is zero
		goodbye = wire.Reconnect(int(why.code), why.reason, comeback.Milliseconds())
	}
	if goodbye != nil {
		_ = s.conn.Write(context.Background(), Frame{Data: goodbye}) // it has a deadline; the end is the same
	}
	s.conn.Close(why.code, why.reason)
}
