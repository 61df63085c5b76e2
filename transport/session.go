package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// session is one connection. One goroutine, in run, owns it and alone writes to the
// connection. A connection that carries messages up has a second one, in receive, which
// asks the owner for what it wants done.
type session struct {
	*Sessions
	conn Conn
	id   string
	dialect
	do   chan func() error // run by the owner, in order
	idle chan struct{}     // holds a token while no message is being handled
	rate rate              // belongs to receive
	present

	// The rest belongs to the owner.
	sub     *Subscription
	after   int64       // the place in the log of the last frame written
	login   Login       // of the last token
	due     *time.Timer // auth timeout, then the warning, then staleness of the token
	overdue *ending     // what happens at the end of that
	warned  bool        // the client was told to show a fresh token
	inTurn  bool        // somebody else holds the connection
	until   time.Time   // when a turn must end; zero: it is no turn, or has all the time

	signedOut chan struct{} // one slot: the sign-in has ended
	ended     chan struct{} // closed when nothing can be asked of the owner any more
	sid       string        // of login; guarded by connections
}

// dialect is what differs between an account's connection and a note's.
type dialect interface {
	// frame returns what the connection gets for an event, ErrGone if it must resync
	// instead, or how the session ends.
	frame(e *Event) (Frame, error)
	// caughtUp is called when all there is has been written.
	caughtUp() error
	// resync tells the client that its place in the log is gone; the session goes on
	// from the returned one.
	resync(ctx context.Context, reason string) (after int64, err error)
	// handle does what a message from the client asks. late is how long the client should
	// have waited with it; then it is only refused.
	handle(ctx context.Context, data []byte, late time.Duration)
	// refusal is the frame that says that a message is refused, and which.
	refusal(err error, refs wire.Refs) []byte
	// farewell is the last frame of a connection whose sign-in has ended.
	farewell() []byte
}

func (x *Sessions) newSession(conn Conn) *session {
	s := &session{
		Sessions: x, conn: conn, id: x.NewID(), do: make(chan func() error), idle: make(chan struct{}, 1),
		due: time.NewTimer(x.Options.AuthTimeout), rate: rate{limit: x.Options.Messages, window: x.Options.MessagesPer},
		signedOut: make(chan struct{}, 1), ended: make(chan struct{}), present: newPresent(),
	}
	s.idle <- struct{}{}
	return s
}

// serve runs the session to its end. speak is the second goroutine: it asks the owner for
// things until ctx ends.
func (s *session) serve(ctx context.Context, speak func(context.Context) error) error {
	defer s.due.Stop()
	if !s.enter() {
		s.end(errStopping)
		return errStopping
	}
	defer s.open.Done()
	if !s.inTurn {
		s.running.add(s)
		s.hearNews(s.login.SID)
		defer s.running.remove(s)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	spoken := make(chan struct{})
	go func() {
		defer close(spoken)
		defer cancel()
		if errors.Is(s.guard(ctx, speak), errPanic) { // other errors are those of a connection that has ended
			s.finish(ctx, errPanic)
		}
	}()
	err := s.guard(ctx, s.run)
	close(s.ended)
	s.riseAll()
	s.end(err)
	cancel()
	<-spoken
	if s.sub != nil {
		s.sub.Close()
	}
	return err
}

// guard keeps a panic from taking the server with it: the session ends, and the log has an
// id and the stack.
func (s *session) guard(ctx context.Context, f func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("a session panicked", "errorId", s.NewID(), "connection", s.id, "panic", p, "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return f(ctx)
}

// listen is speak for a connection that carries nothing up.
func listen(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// always is a channel that is always ready.
var always = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// run is the owner's loop: it writes what there is of the log, then waits for the next
// thing to do.
func (s *session) run(ctx context.Context) error {
	heartbeat := time.NewTicker(s.Options.Heartbeat)
	defer heartbeat.Stop()
	window, stop := windowOf(ctx)
	defer stop()
	draining := s.draining
	var leave <-chan time.Time
	for {
		more, err := s.deliver(ctx)
		if err != nil {
			return err
		}
		var ready, wake <-chan struct{}
		if more {
			ready = always // but other things get their turn
		}
		if s.sub != nil {
			wake = s.sub.Wake()
		}
		select {
		case <-ctx.Done():
			return errLeft
		case <-draining: // not all connections in one moment
			draining, leave = nil, time.After(rand.N(s.Options.DrainSpread+1))
		case <-leave:
			return s.drain(ctx, errStopping)
		case f := <-s.do:
			err = f()
		case <-heartbeat.C:
			if s.conn.Heartbeat(ctx) != nil {
				err = &ending{code: CloseUnresponsive, reason: "no answer to heartbeats"}
			}
		case <-s.due.C:
			err = s.isDue(ctx)
		case <-s.signedOut:
			err = s.signOut()
		case <-s.news:
			err = s.tellPresence(ctx)
		case p := <-s.posts:
			s.forwarded(ctx, p)
		case <-window:
			return s.drain(ctx, errWindow)
		case <-wake:
		case <-ready:
		}
		if err != nil {
			return err
		}
	}
}

// deliver writes the next events of the log, and reports whether there may be more.
func (s *session) deliver(ctx context.Context) (more bool, err error) {
	if s.sub == nil {
		return false, nil
	}
	events, err := s.sub.Read(ctx, s.after)
	for i := range events {
		if s.overtime() {
			return true, nil
		}
		if err = s.deliverOne(ctx, &events[i]); err != nil {
			break
		}
	}
	if errors.Is(err, ErrGone) {
		s.after, err = s.resync(ctx, "expired")
	}
	switch {
	case err != nil:
		return false, s.asEnding(ctx, err)
	case s.sub.Behind(s.after):
		return true, nil
	}
	return false, s.caughtUp()
}

func (s *session) deliverOne(ctx context.Context, e *Event) error {
	frame, err := s.frame(e)
	if err != nil {
		return err
	}
	if err := s.write(ctx, frame); err != nil {
		return err
	}
	s.after = e.Seq
	return nil
}

func (s *session) write(ctx context.Context, f Frame) error {
	if err := s.conn.Write(ctx, f); err != nil {
		if ctx.Err() != nil {
			return errLeft
		}
		return &ending{code: CloseSlow, reason: "the client does not read"}
	}
	return nil
}

// ask has the owner do f, and reports false if the session has ended instead.
func (s *session) ask(ctx context.Context, f func() error) bool {
	select {
	case s.do <- f:
		return true
	case <-ctx.Done():
		return false
	}
}

// refuse tells the client that a message is refused, and which.
func (s *session) refuse(ctx context.Context, err error, refs wire.Refs) {
	s.send(ctx, s.refusal(err, refs))
}

// send has the owner write a frame outside the log.
func (s *session) send(ctx context.Context, data []byte) {
	s.ask(ctx, func() error { return s.write(ctx, Frame{Data: data}) })
}

// consult has the owner do f for somebody else, and returns its answer.
// Errors: NotFound, if the session has ended.
func (s *session) consult(ctx context.Context, f func() error) (err error) {
	answer := make(chan error, 1)
	select {
	case s.do <- func() error { answer <- f(); return nil }:
	case <-s.ended:
		return errNoConnection
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err = <-answer:
		return err
	case <-s.ended: // it panicked
		return errPanic
	}
}

var errNoConnection = notes.Refuse(notes.NotFound, "No such connection here; open it again from its cursor")

// begin subscribes to a stream at the place that a cursor names, or at its head without
// one. gone says why the log does not go on from that cursor, and is empty if it does.
func (x *Sessions) begin(ctx context.Context, stream Stream, cursor string) (sub *Subscription, after int64, gone string, err error) {
	sub, err = x.Hub.Subscribe(ctx, stream)
	if err != nil {
		return nil, 0, "", err
	}
	head, epoch := sub.Head(), x.Service.Epoch()
	if cursor == "" {
		return sub, head, "", nil
	}
	c, ok := notes.ParseCursor(cursor, epoch)
	switch {
	case !ok:
		gone = "malformed"
	case c.Epoch != epoch:
		gone = "epoch"
	case c.Seq > head:
		gone = "ahead"
	default:
		return sub, c.Seq, "", nil
	}
	return sub, head, gone, nil
}

// Cursor returns the cursor of a place in a log.
func (x *Sessions) Cursor(seq int64) string { return x.cursor(seq) }

func (x *Sessions) cursor(seq int64) string {
	return notes.Cursor{Epoch: x.Service.Epoch(), Seq: seq}.String()
}

func (s *session) writeResync(ctx context.Context, after int64, reason string) error {
	cursor := s.cursor(after)
	return s.write(ctx, Frame{Data: wire.Resync(cursor, reason), Cursor: cursor})
}
