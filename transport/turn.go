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
	ID    string // of the connection
	Login Login  // User is empty until somebody signs in; of a passer-by, for ever
	// Secret is what the client may sign messages with; empty until it has one.
	Secret string
	Note   notes.NoteID // the note dialect's; empty: the account dialect
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
	a.resumeAs(saved)
	defer func() { a.release() }()
	goesOn := a.turn(ctx, saved, message, func(ctx context.Context) bool {
		switch {
		case !saved.Begun:
			a.send(ctx, wire.ConnectionEstablished(a.id))
			if a.user != "" {
				a.follow(ctx, saved.Login, a.signing.issue("", a.user, time.Now()), saved.Cursor)
			}
		case a.user != "":
			return a.mayGoOn(ctx, saved.Login, wire.AuthFailed(true)) && a.resume(ctx, saved)
		}
		return true
	})
	saved.Login, saved.Secret = a.login, a.signing.current()
	return goesOn
}

// Handle handles a message of a session that has begun and is signed in, beside its turns: it
// writes nothing of the log, and saves nothing. What came of the message in the log is the next
// turn's to write. It is not for auth messages, and does not count against the bound on messages.
// It returns true if the connection goes on; else it was closed, and told why.
func (x *Sessions) Handle(ctx context.Context, conn Conn, saved Saved, message []byte) bool {
	var s *session
	if saved.Note != "" {
		n := x.newLive(conn, saved.Login, saved.Note)
		n.member, n.opened, n.deleted = saved.Member, saved.Opened, saved.Deleted
		s = n.session
	} else {
		a := x.newAccount(conn, nil)
		a.resumeAs(&saved)
		s = a.session
	}
	return s.turn(ctx, &saved, message, func(ctx context.Context) bool { return s.mayGoOn(ctx, saved.Login, nil) })
}

// resumeAs takes over who has signed in. Which messages came is not saved: one that is signed
// can be replayed while it is not too old.
func (a *account) resumeAs(saved *Saved) {
	a.user = saved.Login.User
	if saved.Secret != "" {
		a.signing.secrets = []issued{{secret: saved.Secret}}
	}
}

func (x *Sessions) turnOfNote(ctx context.Context, conn Conn, saved *Saved, message []byte) bool {
	n := x.newLive(conn, saved.Login, saved.Note)
	n.member, n.opened, n.deleted = saved.Member, saved.Opened, saved.Deleted
	goesOn := n.turn(ctx, saved, message, func(ctx context.Context) bool {
		if !saved.Begun {
			return n.ask(ctx, func() error { return n.open(ctx, saved.Cursor) })
		}
		return n.mayGoOn(ctx, saved.Login, nil) && n.resume(ctx, saved)
	})
	saved.Member, saved.Opened, saved.Deleted = n.member, n.opened, n.deleted
	return goesOn
}

// mayGoOn ends a session, and returns false, if the token that it was saved with is of no use
// any more: no timer ran between its turns.
func (s *session) mayGoOn(ctx context.Context, login Login, frame []byte) bool {
	out, err := s.SignedOut(ctx, login.SID)
	end := s.Options.staleAt(login)
	stale := !end.IsZero() && !time.Now().Before(end)
	asked := s.ask(ctx, func() error {
		s.stay(login, frame)
		switch {
		case err != nil:
			return s.asEnding(ctx, err)
		case out:
			return s.signOut()
		case stale:
			return s.overdue
		}
		return nil
	})
	return asked && err == nil && !out && !stale
}

// turn serves the session from where it was saved to where there is nothing more to do, and
// saves it. begin returns false if the session ends before that.
func (s *session) turn(ctx context.Context, saved *Saved, message []byte, begin func(context.Context) bool) bool {
	s.id, s.inTurn = saved.ID, true
	s.rate.begun, s.rate.count = saved.Window, saved.Messages
	if deadline, ok := ctx.Deadline(); ok {
		s.until = windowEnd(deadline)
	}
	err := s.serve(context.WithoutCancel(ctx), func(ctx context.Context) error {
		if !begin(ctx) {
			<-ctx.Done() // of the session, which has been ended
			return nil
		}
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

// resume subscribes to the stream of a session that has had a turn, at its place. It returns
// false if the session ends.
func (s *session) resume(ctx context.Context, saved *Saved) bool {
	stream := Stream{Topic: notes.Topic{User: saved.Login.User}}
	if saved.Note != "" {
		stream = Stream{Topic: notes.Topic{Note: saved.Note}, PassersBy: !saved.Member}
	}
	sub, after, gone, err := s.begin(ctx, stream, saved.Cursor)
	if err != nil {
		s.ask(ctx, func() error { return s.asEnding(ctx, err) })
		return false
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
	return asked
}
