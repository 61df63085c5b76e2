package transport

import (
	"context"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// Saved is a session whose connection somebody else holds, such as a gateway, and which runs
// in turns: for a message, or for what is new in its log. It is all that a turn hands on to
// the next, wherever that runs. Only one turn of a connection may run at a time.
type Saved struct {
	ID    string       // of the connection
	Login Login        // User is empty until somebody signs in; of a passer-by, for ever
	Note  notes.NoteID // the note dialect's; empty: the account dialect
	// Cursor is, before the first turn, where the client wants to go on; after it, where
	// it is: the cursor of the last frame written.
	Cursor string
	Begun  bool // the first turn has been
	Behind bool // the last turn had no time to write all that there was

	// Of the note dialect: what the reader was when the session began, the version then,
	// and whether the last event put the note into the trash.
	Member  bool
	Opened  int64
	Deleted bool

	// Of the bound on messages: the window, and how many it had.
	Window   time.Time
	Messages int
}

// Turn runs a session for one message, or for none, and for all that is new in its log. It
// returns true if the connection goes on; else it was closed, and told why. check checks auth
// messages.
func (x *Sessions) Turn(ctx context.Context, conn Conn, saved *Saved, check SignIn, message []byte) bool {
	if saved.Note != "" {
		return x.turnOfNote(ctx, conn, saved, message)
	}
	a := x.newAccount(conn, check)
	a.user = saved.Login.User
	defer func() { a.release() }()
	goesOn := a.turn(ctx, saved, message, func(ctx context.Context) {
		switch {
		case !saved.Begun:
			a.send(ctx, wire.ConnectionEstablished(a.id))
			if a.user != "" {
				a.follow(ctx, saved.Login, "", saved.Cursor)
			}
		case a.user != "":
			if a.stay(saved.Login, wire.AuthFailed(true)); a.stale() {
				a.finish(ctx, a.overdue)
				return
			}
			a.resume(ctx, saved)
		}
	})
	saved.Login = Login{User: a.user, IssuedAt: a.issued}
	return goesOn
}

// Handle handles a message of a session that has begun and is signed in, beside its turns: it
// writes nothing of the log, and saves nothing. What came of the message in the log is the next
// turn's to write. It is not for auth messages, and does not count against the bound on messages.
func (x *Sessions) Handle(ctx context.Context, conn Conn, saved Saved, message []byte) {
	var s *session
	if saved.Note != "" {
		n := x.newLive(conn, saved.Login, saved.Note)
		n.member, n.opened, n.deleted = saved.Member, saved.Opened, saved.Deleted
		s = n.session
	} else {
		a := x.newAccount(conn, nil)
		a.user = saved.Login.User
		s = a.session
	}
	s.turn(ctx, &saved, message, func(context.Context) {})
}

func (x *Sessions) turnOfNote(ctx context.Context, conn Conn, saved *Saved, message []byte) bool {
	n := x.newLive(conn, saved.Login, saved.Note)
	n.member, n.opened, n.deleted = saved.Member, saved.Opened, saved.Deleted
	goesOn := n.turn(ctx, saved, message, func(ctx context.Context) {
		if !saved.Begun {
			n.ask(ctx, func() error { return n.open(ctx, saved.Cursor) })
			return
		}
		n.resume(ctx, saved)
	})
	saved.Member, saved.Opened, saved.Deleted = n.member, n.opened, n.deleted
	return goesOn
}

// stale reports whether the token is too old to go on with.
func (s *session) stale() bool {
	return !s.issued.IsZero() && time.Since(s.issued) >= s.Options.TokenStaleness
}

// turn serves the session from where it was saved to where there is nothing more to do, and
// saves it.
func (s *session) turn(ctx context.Context, saved *Saved, message []byte, begin func(context.Context)) bool {
	s.id = saved.ID
	s.rate.begun, s.rate.count = saved.Window, saved.Messages
	if deadline, ok := ctx.Deadline(); ok {
		s.until = windowEnd(deadline)
	}
	err := s.serve(context.WithoutCancel(ctx), func(ctx context.Context) error {
		begin(ctx)
		if message != nil {
			s.handle(ctx, message, s.rate.take(time.Now()))
		}
		asked := s.ask(ctx, func() error {
			var err error
			saved.Behind, err = s.catchUp(ctx)
			return err
		})
		if asked {
			<-ctx.Done() // of the session, which ends with the turn
		}
		return nil
	})
	saved.Begun = true
	saved.Window, saved.Messages = s.rate.begun, s.rate.count
	if s.sub != nil {
		saved.Cursor = s.cursor(s.after)
	}
	return err == errTurn
}

// catchUp writes what there is of the log and ends the turn. It returns true if the time of
// the turn is over before that.
func (s *session) catchUp(ctx context.Context) (behind bool, err error) {
	for {
		more, err := s.deliver(ctx)
		switch {
		case err != nil:
			return false, err
		case !more:
			return false, errTurn
		case s.overtime():
			return true, errTurn
		}
	}
}

// Bounded is a Conn that can hold only so much in one turn.
type Bounded interface {
	Conn
	// Full reports whether the turn should end, and the rest be left to the next.
	Full() bool
}

// overtime reports whether the turn must end before all is written.
func (s *session) overtime() bool {
	if b, ok := s.conn.(Bounded); ok && b.Full() {
		return true
	}
	return !s.until.IsZero() && time.Now().After(s.until)
}

// resume subscribes to the stream of a session that has had a turn, at its place.
func (s *session) resume(ctx context.Context, saved *Saved) {
	stream := Stream{Topic: notes.Topic{User: saved.Login.User}}
	if saved.Note != "" {
		stream = Stream{Topic: notes.Topic{Note: saved.Note}, PassersBy: !saved.Member}
	}
	sub, after, gone, err := s.begin(ctx, stream, saved.Cursor)
	if err != nil {
		s.ask(ctx, func() error { return s.asEnding(ctx, err) })
		return
	}
	asked := s.ask(ctx, func() error {
		s.sub, s.after = sub, after
		if gone != "" {
			s.after, err = s.resync(ctx, gone)
		}
		return err
	})
	if !asked {
		sub.Close()
	}
}
