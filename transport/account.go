package transport

import (
	"context"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// SocketConn is a connection that also carries messages up.
type SocketConn interface {
	Conn
	Receiver
}

// account is the account dialect (seed 000): one connection, all of an account's notes.
type account struct {
	*session
	check SignIn
	// These belong to receive: who has signed in, how to uncount him, and what he signs with.
	user    notes.UserID
	release func()
	signing signing
}

func (x *Sessions) newAccount(conn Conn, check SignIn) *account {
	a := &account{session: x.newSession(conn), check: check, release: func() {}}
	a.dialect = a
	return a
}

// ServeAccount serves the account dialect on a socket, whose auth messages check checks.
// If login is not nil the client has shown its token already, and is signed in at that
// cursor as if by an auth message.
func (x *Sessions) ServeAccount(ctx context.Context, conn SocketConn, check SignIn, login *Login, cursor string) error {
	a := x.newAccount(conn, check)
	a.overdue = &ending{
		code: CloseAuthTimeout, reason: "no auth in time",
		frame: wire.ErrorFrame(wire.Problem{
			Code: string(notes.Unauthenticated), Message: "Authentication timeout. Connection will be closed.",
		}),
	}
	release, err := x.Admit("", true) // nobody's, until somebody signs in
	if err != nil {
		a.end(tooMany(err))
		return err
	}
	a.release = release
	defer func() { a.release() }()
	return a.serve(ctx, func(ctx context.Context) error {
		a.send(ctx, wire.ConnectionEstablished(a.id))
		if login != nil {
			a.signIn(ctx, *login, wire.Auth{Cursor: cursor})
		}
		return a.receive(ctx, conn)
	})
}

// StreamAccount serves the events of the account dialect on a connection that carries
// nothing up. The caller has admitted it.
func (x *Sessions) StreamAccount(ctx context.Context, conn Conn, login Login, cursor string) error {
	a := x.newAccount(conn, nil)
	a.stay(login, wire.AuthFailed(true))
	return a.serve(ctx, func(ctx context.Context) error {
		a.follow(ctx, login, "", cursor)
		return listen(ctx)
	})
}

func tooMany(err error) *ending {
	return &ending{code: CloseTooMany, reason: "too many connections", frame: wire.AccountError(err, wire.Refs{})}
}

// refusal implements dialect.
func (a *account) refusal(err error, refs wire.Refs) []byte { return wire.AccountError(err, refs) }

// handle implements dialect, in the order of checks of A1.5: rate, envelope, format, then what
// the message asks for. An auth message has a token to prove it: a client that comes back may
// have signed it with the secret of a connection that is gone.
func (a *account) handle(ctx context.Context, data []byte, late time.Duration) {
	envelope, sealed := wire.Unseal(data)
	if sealed {
		data = envelope.Payload
	}
	up, refs, err := wire.DecodeUp(data)
	_, isAuth := up.(wire.Auth)
	switch {
	case late > 0:
		err = tooFast(late)
	case sealed && !isAuth && !a.signing.genuine(&envelope, time.Now()):
		err = errNotGenuine
	}
	if err != nil {
		a.refuse(ctx, err, refs)
		return
	}
	switch m := up.(type) {
	case wire.Ping:
		a.send(ctx, wire.Pong(notes.MillisOf(time.Now())))
	case wire.Auth:
		a.auth(ctx, m)
	default:
		if a.user == "" {
			a.refuse(ctx, notes.Refuse(notes.Unauthenticated, "Authentication required"), refs)
			return
		}
		a.handleSignedIn(ctx, up, refs, len(data))
	}
}

func (a *account) handleSignedIn(ctx context.Context, up wire.Up, refs wire.Refs, size int) {
	switch m := up.(type) {
	case wire.JoinNote:
		a.inRoom(ctx, refs, func(ctx context.Context) error { return a.join(ctx, m.NoteID) })
	case wire.LeaveNote:
		a.inRoom(ctx, refs, func(ctx context.Context) error { return a.leave(ctx, m.NoteID) })
	case wire.SetPresence:
		a.inRoom(ctx, refs, func(ctx context.Context) error { return a.show(ctx, &m) })
	case wire.SendCustom:
		a.inRoom(ctx, refs, func(ctx context.Context) error { return a.sendCustom(ctx, &m) })
	case wire.Mutate:
		if err := a.take(a.user, size); err != nil {
			a.refuse(ctx, err, refs)
			return
		}
		a.mutate(ctx, m, refs)
	}
}

// auth checks a token. Again on the same connection it refreshes it: the account and the
// place in the log stay.
func (a *account) auth(ctx context.Context, m wire.Auth) {
	login, expired, err := a.check(ctx, m.Token)
	switch {
	case notes.CodeOf(err) == notes.Unavailable && err != nil:
		a.refuse(ctx, err, wire.Refs{})
	case notes.CodeOf(err) == notes.RateLimited && err != nil:
		a.finish(ctx, tooMany(err))
	case err != nil && expired:
		a.finish(ctx, &ending{code: CloseTokenExpired, reason: "Token expired", frame: wire.AuthFailed(true)})
	case err != nil:
		a.finish(ctx, &ending{code: CloseAuthFailed, reason: "Authentication failed", frame: wire.AuthFailed(false)})
	case a.user == "":
		a.signIn(ctx, login, m)
	case a.user != login.User:
		a.finish(ctx, &ending{
			code: CloseAccountChange, reason: "another account needs another connection", frame: wire.AuthFailed(false),
		})
	default:
		secret := a.signing.issue(m.Token, login.User, time.Now())
		a.ask(ctx, func() error { return a.greet(ctx, login, secret, false) })
	}
}

// signIn admits the connection and starts its stream.
func (a *account) signIn(ctx context.Context, login Login, m wire.Auth) {
	release, err := a.Admit(login.User, true)
	if err != nil {
		a.finish(ctx, tooMany(err))
		return
	}
	a.release()
	a.user, a.release = login.User, release
	a.follow(ctx, login, a.signing.issue(m.Token, login.User, time.Now()), m.Cursor)
}

// follow starts the owner on the account's log.
func (a *account) follow(ctx context.Context, login Login, secret, cursor string) {
	sub, after, gone, err := a.begin(ctx, Stream{Topic: notes.Topic{User: login.User}}, cursor)
	if err != nil {
		a.ask(ctx, func() error { return a.asEnding(ctx, err) })
		return
	}
	asked := a.ask(ctx, func() error {
		a.sub, a.after = sub, after
		if err := a.greet(ctx, login, secret, gone != ""); err != nil || gone == "" {
			return err
		}
		return a.writeResync(ctx, after, gone)
	})
	if !asked {
		sub.Close()
	}
}

// greet says who the connection is and where it stands, and lets it live on. If a resync is
// to follow, the frame is not yet a place to come back to: it would be lost in between.
func (a *account) greet(ctx context.Context, login Login, secret string, resync bool) error {
	a.stay(login, wire.AuthFailed(true))
	cursor := a.cursor(a.after)
	m := wire.AuthSuccess{UserID: login.User, SessionSecret: secret, Cursor: cursor, ConnectionID: a.id}
	f := Frame{Data: m.Encode(), Cursor: cursor}
	if resync {
		f.Cursor = ""
	}
	return a.write(ctx, f)
}

// mutate commits. The confirmation comes in its place of the log, except where the
// mutation has none there.
func (a *account) mutate(ctx context.Context, m wire.Mutate, refs wire.Refs) {
	if m.Owner != "" && m.Owner != a.user {
		a.send(ctx, wire.ErrorFrame(wire.Problem{
			Code: string(notes.Forbidden), Message: "Access denied: Cannot broadcast resource created by another user",
			MutationID: refs.MutationID, NoteID: refs.NoteID, FolderID: refs.FolderID,
		}))
		return
	}
	out, err := a.Service.Mutate(ctx, a.user, a.id, m.Mutation)
	switch {
	case err != nil:
		a.refuse(ctx, err, refs)
	case out.Repeated || !out.Logged:
		a.send(ctx, wire.Ack(out))
	}
}

// frame implements dialect: the sender of a mutation gets its confirmation.
func (a *account) frame(e *Event) (Frame, error) {
	if e.Loses != "" {
		a.askAgain(e.Loses)
	}
	if e.Via == a.id {
		return Frame{Data: e.Confirmation, Cursor: e.Frame.Cursor}, nil
	}
	return e.Frame, nil
}

// farewell implements dialect.
func (a *account) farewell() []byte { return wire.AuthEnded() }

// caughtUp implements dialect.
func (a *account) caughtUp() error { return nil }

// resync implements dialect.
func (a *account) resync(ctx context.Context, reason string) (int64, error) {
	head, err := a.sub.LogHead(ctx)
	if err != nil {
		return 0, err
	}
	for note := range a.seats { // what is gone may have said that some are lost
		a.askAgain(note)
	}
	return head, a.writeResync(ctx, head, reason)
}
