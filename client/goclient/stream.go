package goclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// Transport is what carries a stream.
type Transport string

const (
	WebSocket Transport = "websocket"
	SSE       Transport = "sse"  // Server-Sent Events
	Poll      Transport = "poll" // requests that wait for news, one after another
	// Auto is whichever arrives on the network that there is: Follow measures it.
	Auto Transport = "auto"
)

// MaxPadding is the most padding that a server sends, in bytes.
const MaxPadding = 64 << 10

func noTransport(t Transport) error { return fmt.Errorf("goclient: %q is no transport", t) }

// Stream is one connection to the server. One goroutine calls Next; Send and Close may be
// called by any. It must be closed.
type Stream struct {
	conn    conn
	note    string // of the note dialect; empty for an account's
	silence time.Duration
	opening time.Duration // how long it may be silent before anything was heard; 0: as long as ever
	hello   Event
	last    *Event      // the last frame that came
	heard   atomic.Bool // something came, a heartbeat perhaps
}

// frame is what a connection carries.
type frame struct {
	id   string // on an event stream
	data []byte
}

// conn is a connection of any transport.
type conn interface {
	// read returns the next frame. It calls alive whenever anything comes, heartbeats
	// too. If ctx ends, so does the connection. An end that the transport gives a code is
	// a *Closed, and one without a word is io.EOF or another error.
	read(ctx context.Context, alive func()) (frame, error)
	write(ctx context.Context, data []byte) error
	close() error
}

// Hello returns the frame that said that the connection is signed in: auth_success, with
// the place in the log where the stream stands. A note's stream has none. Polls have no such
// frame: there it is made from the first answer, and says no more than the place.
func (s *Stream) Hello() Event { return s.hello }

// Next waits for the next frame. It must be called again and again: heartbeats are answered
// here. If ctx ends, so does the connection.
//
// The error is a *Closed if the server said why it ended the connection; it wraps
// ErrCutOff if it was cut off or has been silent for too long, and ErrTooLarge if a frame
// is above the limit. Of polls it may be a *Refusal or an *AnswerError, too.
func (s *Stream) Next(ctx context.Context) (Event, error) {
	silence := s.silence
	if s.opening > 0 && !s.heard.Load() {
		silence = s.opening
	}
	ctx, alive, stop := watch(ctx, silence)
	defer stop()
	f, err := s.conn.read(ctx, func() { s.heard.Store(true); alive() })
	if err != nil {
		return Event{}, s.ending(ctx, err)
	}
	e, err := parseEvent(f, s.note)
	if err == nil {
		s.last = &e
	}
	return e, err
}

// ending says why a connection ended, as well as is known.
func (s *Stream) ending(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	_, socket := s.conn.(*socketConn)
	byCode, coded := errors.AsType[*Closed](err)
	// A gateway ends every connection with 1000.
	said := goodbye(s.last, !socket && err == io.EOF || coded && byCode.Code == CodeDeleted)
	if coded {
		if said != nil && (said.Code == byCode.Code || byCode.Code == CodeDeleted) {
			return said
		}
		return byCode
	}
	switch {
	case errors.Is(err, ErrTooLarge), statusOf(err) != 0:
		return err
	case said != nil:
		return said
	case errors.Is(err, io.EOF):
		return ErrCutOff
	}
	return fmt.Errorf("%w: %w", ErrCutOff, err)
}

// Send sends a frame up, as JSON; []byte and json.RawMessage are JSON already. Only a
// WebSocket can. That it returned nil does not mean that the frame arrived. If ctx ends
// while it waits, so does the connection.
func (s *Stream) Send(ctx context.Context, frame any) error {
	data, err := encode(frame)
	if err != nil {
		return err
	}
	return s.conn.write(ctx, data)
}

// Close ends the connection. Next then returns an error.
func (s *Stream) Close() error { return s.conn.close() }

// errSilent is why a connection that shows no life is given up.
var errSilent = fmt.Errorf("%w: nothing came, not even a heartbeat", ErrCutOff)

// watch returns a context that ends when alive has not been called for that long; never, if
// it is negative.
func watch(ctx context.Context, silence time.Duration) (watched context.Context, alive, stop func()) {
	if silence < 0 {
		return ctx, func() {}, func() {}
	}
	watched, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(silence, func() { cancel(errSilent) })
	return watched, func() { timer.Reset(silence) }, func() { timer.Stop(); cancel(nil) }
}
