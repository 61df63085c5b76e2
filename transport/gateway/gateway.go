package gateway

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/wire"
)

// Gateway serves the connections of an API Gateway. Safe for concurrent use, by any number of
// processes on one registry.
type Gateway struct {
	Sessions *transport.Sessions
	Registry Registry
	Poster   Poster
	SignIn   transport.SignIn
	Log      *slog.Logger
}

// LeaseTime bounds a turn. If its process dies, the connection waits so long.
const LeaseTime = 30 * time.Second

// waitForTurn bounds how long a message waits for the turn before it.
const waitForTurn = 20 * time.Second

// ErrBehind says that a connection has yet to be told more than there was time for. Its place
// is saved.
var ErrBehind = errors.New("the connection is not told of all that there is: give it another turn")

// Connect registers a connection. Nothing can be written to it before the gateway has heard
// that it is welcome: its first turn comes after. It is new: ID, Login if its request said who
// it is, Note for the note dialect, Cursor and Tokenless are set.
func (g *Gateway) Connect(ctx context.Context, c Connection) error {
	c.Since = time.Now()
	return g.Registry.Add(ctx, &c)
}

// Message handles one message of a connection. Of a session that is signed in, messages are
// handled as they come, side by side, and what they write to the log is told in a turn; before,
// and to sign in again, a message has a turn of its own.
func (g *Gateway) Message(ctx context.Context, id string, data []byte) error {
	c, err := g.Registry.Get(ctx, id)
	if err != nil {
		return err
	}
	plain := data
	if envelope, sealed := wire.Unseal(data); sealed {
		plain = envelope.Payload
	}
	up, _, _ := wire.DecodeUp(plain)
	_, isAuth := up.(wire.Auth)
	if !c.Begun || c.Note == "" && (c.Login.User == "" || isAuth) {
		return g.inTurn(ctx, id, data)
	}
	aside := &conn{gateway: g, id: id, ctx: context.WithoutCancel(ctx)}
	if !g.Sessions.Handle(ctx, aside, c.Saved, data) {
		return g.Registry.Remove(aside.ctx, id)
	}
	return g.Continue(ctx, id)
}

// inTurn handles a message when the turns before it have ended.
func (g *Gateway) inTurn(ctx context.Context, id string, data []byte) error {
	for begun := time.Now(); ; {
		c, err := g.Registry.Lease(ctx, id)
		switch {
		case err == nil:
			return g.turns(ctx, c, data)
		case !errors.Is(err, ErrBusy) || time.Since(begun) > waitForTurn:
			return err
		}
		select {
		case <-time.After(10*time.Millisecond + rand.N(20*time.Millisecond)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Continue gives a connection its first turn, or one for what is new in its log.
func (g *Gateway) Continue(ctx context.Context, id string) error {
	c, err := g.Registry.Lease(ctx, id)
	switch {
	case errors.Is(err, ErrBusy), errors.Is(err, ErrNoConnection):
		return nil // the holder looks again; or there is nothing to do
	case err != nil:
		return err
	}
	return g.turns(ctx, c, nil)
}

// Deliver gives a turn to every connection that follows a log. It goes on after an error,
// and returns the first.
func (g *Gateway) Deliver(ctx context.Context, t notes.Topic) error {
	ids, err := g.Registry.Following(ctx, t)
	for _, id := range ids {
		if turnErr := g.Continue(ctx, id); turnErr != nil && err == nil {
			err = turnErr
		}
	}
	return err
}

// Disconnect forgets a connection that has ended.
func (g *Gateway) Disconnect(ctx context.Context, id string) error {
	return g.Registry.Remove(ctx, id)
}

// turns runs turns of a leased connection until nobody left word meanwhile.
func (g *Gateway) turns(ctx context.Context, c *Connection, message []byte) error {
	for {
		connection := &conn{gateway: g, id: c.ID, ctx: context.WithoutCancel(ctx)}
		if !c.Begun {
			connection.openUntil = c.Since.Add(opening)
		}
		goesOn := g.Sessions.Turn(ctx, connection, &c.Saved, g.signIn(c), message)
		if !goesOn {
			return g.Registry.Remove(connection.ctx, c.ID)
		}
		again, err := g.Registry.Release(connection.ctx, c)
		if errors.Is(err, ErrNoConnection) {
			return nil
		}
		switch {
		case err != nil:
			return err
		case c.Behind:
			return ErrBehind
		case !again:
			return nil
		}
		message = nil
	}
}

// signIn bounds the sockets of an account, which no process alone can count.
func (g *Gateway) signIn(c *Connection) transport.SignIn {
	return func(ctx context.Context, token string) (transport.Login, bool, error) {
		var login transport.Login
		var expired bool
		var err error
		if token == "" && c.Tokenless != "" {
			login.User = c.Tokenless
		} else {
			login, expired, err = g.SignIn(ctx, token)
		}
		if err != nil || c.Login.User != "" {
			return login, expired, err
		}
		ids, err := g.Registry.Following(ctx, notes.Topic{User: login.User})
		if err == nil && len(ids) >= g.Sessions.Options.Sockets {
			err = &notes.Error{Code: notes.RateLimited, Message: "Maximum connections exceeded for this user", RetryAfter: 60_000}
		}
		return login, false, err
	}
}
