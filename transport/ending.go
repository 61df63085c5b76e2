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
	soon   bool   // that frame asks for no delay: nobody else is told to come back now
}

func (e *ending) Error() string { return e.reason }

var (
	errLeft     = &ending{code: CloseNormal, reason: "the client left"}
	errPanic    = &ending{code: CloseInternal, reason: "internal error"}
	errStopping = &ending{code: CloseGoingAway, reason: "the server stops"}
	errTurn     = &ending{code: CloseNormal, reason: "the connection waits for its next turn"}
	errWindow   = &ending{code: CloseGoingAway, reason: "the time of this stream is over", soon: true}
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

// windowLead is how long before its context's deadline a session says goodbye, at most.
const windowLead = time.Second

// windowOf returns a channel that receives when a session must end because its context has a
// deadline: hostings that bound how long a response may take set one.
func windowOf(ctx context.Context) (over <-chan time.Time, stop func()) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return nil, func() {}
	}
	timer := time.NewTimer(time.Until(windowEnd(deadline)))
	return timer.C, func() { timer.Stop() }
}

func windowEnd(deadline time.Time) time.Time {
	return deadline.Add(-min(windowLead, time.Until(deadline)/4))
}

// drain lets the message being handled finish, delivers what came of it, and ends with why.
func (s *session) drain(ctx context.Context, why *ending) error {
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
	return why
}

// end tells the client why, and closes the connection.
func (s *session) end(err error) {
	why, ok := errors.AsType[*ending](err)
	if !ok {
		why = &ending{code: CloseInternal, reason: "internal error"}
	}
	if why == errTurn {
		return
	}
	if why == errLeft || why.code == CloseSlow || why.code == CloseUnresponsive {
		s.conn.Close(why.code, why.reason)
		return
	}
	goodbye := why.frame
	if goodbye == nil && why.code.Reconnect() {
		var comeback time.Duration
		if !why.soon {
			comeback = rand.N(s.Options.Comeback + 1)
		}
		goodbye = wire.Reconnect(int(why.code), why.reason, comeback.Milliseconds())
	}
	if goodbye != nil {
		_ = s.conn.Write(context.Background(), Frame{Data: goodbye}) // it has a deadline; the end is the same
	}
	s.conn.Close(why.code, why.reason)
}
