package goclient

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"
)

// Subscription says what to follow. The zero value is the account's log from now on, by
// whatever transport the network lets through.
type Subscription struct {
	Transport Transport // empty: Auto
	Padding   int       // of an event stream, in the place of Options.Padding; of Auto the measured one
	NoteID    string    // follow this note, in the note dialect; empty: the account
	Cursor    string    // go on after this place; "0": the beginning of the log; empty: now
	Backoff   Backoff
	Auto      AutoOptions
	// OnState, if it is not nil, is told of every change of the connection, by the
	// goroutine that called Follow.
	OnState func(State)
}

func (s *Subscription) check() error {
	switch s.Transport {
	case Auto, WebSocket, SSE, Poll:
	default:
		return noTransport(s.Transport)
	}
	if s.Padding < 0 || s.Padding > MaxPadding {
		return fmt.Errorf("goclient: a padding of %d bytes; there are 0 to %d", s.Padding, MaxPadding)
	}
	if s.NoteID != "" {
		_, err := notePath(s.NoteID, "")
		return err
	}
	return nil
}

// State is what a follower is doing.
type State struct {
	Phase     Phase
	Cursor    string        // where it is in the log
	Transport Transport     // what it connects by, unless it waits
	Err       error         // why it waits
	Wait      time.Duration // how long it waits
	Network   *Network      // what was measured
}

// Phase is what a follower has come to.
type Phase string

const (
	Negotiated Phase = "negotiated" // by Auto: Network says what was measured
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
//
// With Auto it measures the network, unless that was done a short while ago, and takes the best
// transport of WebSocket, SSE, padded SSE and polls. It measures again when a connection brings
// no message in time, or goes silent again and again; and, on any but a WebSocket, after a
// while, to change to a better one: that is opened from the cursor before the other is closed.
func (c *Client) Follow(ctx context.Context, s Subscription, handle func(Event) error) error {
	s.Transport, s.Padding = cmp.Or(s.Transport, Auto), cmp.Or(s.Padding, c.opts.Padding)
	if err := s.check(); err != nil {
		return err
	}
	f := &follower{Client: c, sub: s, handle: handle}
	if s.Transport == Auto {
		f.auto = c.newAuto(s.Auto)
	}
	defer f.dropNext()
	for {
		again, err := f.once(ctx)
		switch {
		case !again:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case f.hasNext():
			continue
		}
		if err := f.rest(ctx, err); err != nil {
			return err
		}
	}
}

// follower is one call of Follow.
type follower struct {
	*Client
	sub     Subscription // its cursor moves: under mu
	handle  func(Event) error
	auto    *auto         // nil: the transport is given
	attempt int           // connections that failed in a row
	lived   time.Duration // the last connection, if it was one

	mu   sync.Mutex
	next *opened // a better connection, which is there already
}

// opened is a stream, and how it was opened.
type opened struct {
	*Stream
	way     way
	network *Network // for which it was
}

// once connects, reads to the end, and says whether to do so again.
func (f *follower) once(ctx context.Context) (again bool, err error) {
	f.lived = 0
	token, err := f.token(ctx)
	if err != nil {
		return true, err
	}
	s, err := f.connect(ctx, token)
	if err == nil {
		f.tell(State{Phase: Connected, Transport: s.way.transport})
		begun := time.Now()
		var handled error
		handled, err = f.read(ctx, s)
		if handled != nil {
			return false, handled
		}
		if f.lived = time.Since(begun); f.lived >= settled {
			f.attempt = 0
		}
	}
	if s != nil && f.auto != nil && f.auto.judge(s.way, s.Stream != nil && s.heard.Load(), f.lived, err) {
		return true, err
	}
	if needsToken(err) {
		return f.hasAnother(ctx, token), err
	}
	return mayComeBack(err), err
}

// connect returns the connection that is there, or opens one. With an error it returns how it
// tried, if it came to that.
func (f *follower) connect(ctx context.Context, token string) (*opened, error) {
	if s := f.takeNext(); s != nil {
		f.auto.network = s.network
		f.tell(State{Phase: Negotiated, Network: s.network})
		return s, nil
	}
	w := way{f.sub.Transport, f.sub.Padding, f.opts.Silence, f.opts.Silence}
	if f.auto != nil {
		var measured *Network
		var err error
		if w, measured, err = f.auto.way(ctx); err != nil {
			return nil, err
		}
		if measured != nil {
			f.tell(State{Phase: Negotiated, Network: measured})
		}
	}
	f.tell(State{Phase: Connecting, Transport: w.transport})
	s, err := f.open(ctx, w, token, f.sub.Cursor)
	if err != nil {
		return &opened{way: w}, err
	}
	if f.sub.NoteID == "" && f.sub.Cursor == "" {
		f.moveTo(s.Hello().Cursor) // not otherwise: a resync that is still to come would be lost
	}
	return s, nil
}

func (f *follower) open(ctx context.Context, w way, token, cursor string) (*opened, error) {
	var s *Stream
	var err error
	if f.sub.NoteID != "" {
		s, err = f.openNote(ctx, w, f.sub.NoteID, token, cursor)
	} else {
		s, err = f.openAccount(ctx, w, token, cursor)
	}
	if err != nil {
		return nil, err
	}
	return &opened{Stream: s, way: w}, nil
}

// read passes events on to the end of the stream, and closes it.
func (f *follower) read(ctx context.Context, s *opened) (handled, err error) {
	defer s.Close()
	if f.auto != nil {
		defer f.keepAlive(ctx, s)()
		defer f.climb(ctx, s)()
	}
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
			f.moveTo(e.Cursor)
		}
	}
}

func (f *follower) moveTo(cursor string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sub.Cursor = cursor
}

// place is where the follower is, for other goroutines than its own.
func (f *follower) place() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sub.Cursor
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
