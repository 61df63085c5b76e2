package goclient

import (
	"context"
	"time"
)

// Subscription says what to follow. The zero value is the account's log from now on, by
// WebSocket.
type Subscription struct {
	Transport Transport // empty: WebSocket
	NoteID    string    // follow this note, in the note dialect; empty: the account
	Cursor    string    // go on after this place; "0": the beginning of the log; empty: now
	Backoff   Backoff
	// OnState, if it is not nil, is told of every change of the connection, by the
	// goroutine that called Follow.
	OnState func(State)
}

func (s *Subscription) check() error {
	if s.Transport != WebSocket && s.Transport != SSE {
		return noTransport(s.Transport)
	}
	if s.NoteID != "" {
		_, err := notePath(s.NoteID, "")
		return err
	}
	return nil
}

// State is what a follower is doing.
type State struct {
	Phase  Phase
	Cursor string        // where it is in the log
	Err    error         // why it waits
	Wait   time.Duration // how long it waits
}

// Phase is one of Connecting, Connected and Waiting.
type Phase string

const (
	Connecting Phase = "connecting"
	Connected  Phase = "connected"
	Waiting    Phase = "waiting" // to connect again
)

// settled is how long a connection must have lived for the waits to be short again.
const settled = 10 * time.Second

// Follow keeps a stream open and calls handle for every event of the log, in order and
// once: it reconnects from its cursor, after the time that the server named or with
// back-off, and drops what is not newer. Its cursor moves when handle returns nil.
//
// Two kinds of events are state and not changes, and may come again after a reconnect:
// `resync`, after which the caller lists its notes anew (PROTOCOL.md, section 1), and a
// note's `initial`, the note as it is. Frames outside the log are not passed on.
//
// It returns when ctx ends, with its error; when handle returns an error, with that one;
// and when coming back would not help, with the reason: a *Closed, a *Refusal or an
// *AnswerError, or an error that wraps ErrTooLarge. A token that was refused is not tried
// again: it comes back only if Options.Token returns another.
func (c *Client) Follow(ctx context.Context, s Subscription, handle func(Event) error) error {
	if s.Transport == "" {
		s.Transport = WebSocket
	}
	if err := s.check(); err != nil {
		return err
	}
	f := &follower{Client: c, sub: s, handle: handle}
	for {
		again, err := f.once(ctx)
		switch {
		case !again:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		}
		if err := f.rest(ctx, err); err != nil {
			return err
		}
	}
}

// follower is one call of Follow.
type follower struct {
	*Client
	sub     Subscription // its cursor moves
	handle  func(Event) error
	attempt int           // connections that failed in a row
	lived   time.Duration // the last connection, if it was one
}

// once connects, reads to the end, and says whether to do so again.
func (f *follower) once(ctx context.Context) (again bool, err error) {
	f.tell(State{Phase: Connecting})
	f.lived = 0
	token, err := f.token(ctx)
	if err != nil {
		return true, err
	}
	s, err := f.open(ctx, token)
	if err == nil {
		f.tell(State{Phase: Connected})
		opened := time.Now()
		var handled error
		handled, err = f.read(ctx, s)
		if handled != nil {
			return false, handled
		}
		if f.lived = time.Since(opened); f.lived >= settled {
			f.attempt = 0
		}
	}
	if needsToken(err) {
		return f.hasAnother(ctx, token), err
	}
	return mayComeBack(err), err
}

func (f *follower) open(ctx context.Context, token string) (*Stream, error) {
	if f.sub.NoteID != "" {
		return f.openNote(ctx, f.sub.Transport, f.sub.NoteID, token, f.sub.Cursor)
	}
	s, err := f.openAccount(ctx, f.sub.Transport, token, f.sub.Cursor)
	if err == nil && f.sub.Cursor == "" {
		f.sub.Cursor = s.Hello().Cursor // not otherwise: a resync that is still to come would be lost
	}
	return s, err
}

// read passes events on to the end of the stream, and closes it.
func (f *follower) read(ctx context.Context, s *Stream) (handled, err error) {
	defer s.Close()
	for {
		e, err := s.Next(ctx)
		if err != nil {
			return nil, err
		}
		if !f.wants(&e) {
			continue
		}
		if err := f.handle(e); err != nil {
			return err, nil
		}
		// The note follows its resync as initial. Only then is the place reached: a
		// connection that broke off between them must not go on without the note.
		if e.Type != "resync" || f.sub.NoteID == "" {
			f.sub.Cursor = e.Cursor
		}
	}
}

func (f *follower) wants(e *Event) bool {
	switch e.Type {
	case "resync", "initial":
		return true
	}
	return e.Cursor != "" && isPast(e.Cursor, f.sub.Cursor)
}

// rest waits before the next connection.
func (f *follower) rest(ctx context.Context, why error) error {
	if f.atOnce(why) {
		f.tell(State{Phase: Waiting, Err: why})
		return nil
	}
	wait := f.sub.Backoff.wait(f.attempt)
	if asked := retryAfter(why); asked > 0 {
		wait = asked + wait/4 // others were told the same
	}
	f.attempt++
	f.tell(State{Phase: Waiting, Err: why, Wait: wait})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *follower) tell(s State) {
	if f.sub.OnState != nil {
		s.Cursor = f.sub.Cursor
		f.sub.OnState(s)
	}
}
