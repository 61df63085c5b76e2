package functions

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/wire"
)

// Tickets keeps what tickets stand for, for all instances. Implementations are safe for
// concurrent use.
type Tickets interface {
	// AddTicket keeps the content of a new ticket until it is taken, or until a time.
	AddTicket(ctx context.Context, id string, content []byte, until time.Time) error
	// TakeTicket returns the content to the first who asks; nil to all others, and too late.
	TakeTicket(ctx context.Context, id string) ([]byte, error)
}

// ticketLife is how long a ticket can be used. A URL ends up in logs; by then it is worthless.
const ticketLife = 30 * time.Second

// ticket is what one stands for: the login of the token that it was given for, and the path of
// the one connection that it opens.
type ticket struct {
	User      notes.UserID `json:"user"`
	SID       string       `json:"sid"`
	IssuedAt  notes.Millis `json:"issuedAt"`
	ExpiresAt notes.Millis `json:"expiresAt"`
	Path      string       `json:"path"`
}

func hasTicket(c echo.Context) bool { return c.QueryParam("ticket") != "" }

// newTicket answers a ticket for a path.
func (s *surface) newTicket(c echo.Context) error {
	login, err := s.viewer(c)
	if err != nil {
		return err
	}
	if login.User == "" {
		return notes.Refuse(notes.Unauthenticated, "Authentication required")
	}
	body, err := s.body(c)
	if err != nil {
		return err
	}
	var ask struct {
		Path string `json:"path"`
	}
	if err := wire.DecodeStrict(body, &ask); err != nil {
		return err
	}
	if !opensConnection(ask.Path) {
		return notes.Refuse(notes.Invalid, "path must be that of a WebSocket or an event stream, such as /api/events")
	}
	if err := s.takeQuota(c, login.User, 1, 0); err != nil { // it writes as much
		return err
	}
	id, until := rand.Text(), time.Now().Add(ticketLife)
	content := wire.Encode(ticket{login.User, login.SID, millisOf(login.IssuedAt), millisOf(login.ExpiresAt), ask.Path})
	if err := s.Tickets.AddTicket(c.Request().Context(), id, content, until); err != nil {
		return unavailable(err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSONBlob(http.StatusOK, wire.Encode(struct {
		Ticket    string       `json:"ticket"`
		ExpiresAt notes.Millis `json:"expiresAt"`
	}{id, notes.MillisOf(until)}))
}

// opensConnection reports whether a path is one that a connection is opened at.
func opensConnection(path string) bool {
	switch path {
	case "/", "/ws", "/api/events":
		return true
	}
	id, ok := strings.CutPrefix(path, "/ws/note/")
	if !ok {
		if id, ok = strings.CutSuffix(path, "/events"); ok {
			id, ok = strings.CutPrefix(id, "/api/notes/")
		}
	}
	return ok && notes.ValidID(id)
}

// redeem returns the login of a ticket, which is used up whatever comes of it.
// Errors: Unauthenticated, Unavailable.
func (s *surface) redeem(ctx context.Context, id, path string) (login transport.Login, err error) {
	refusal := notes.Refuse(notes.Unauthenticated, "The ticket was used before, is older than 30 seconds, or is for another path")
	if s.Tickets == nil {
		return login, refusal
	}
	content, err := s.Tickets.TakeTicket(ctx, id)
	if err != nil {
		return login, unavailable(err)
	}
	var t ticket
	if content == nil || wire.DecodeStrict(content, &t) != nil || t.Path != path {
		return login, refusal
	}
	login = transport.Login{User: t.User, SID: t.SID, IssuedAt: timeOf(t.IssuedAt), ExpiresAt: timeOf(t.ExpiresAt)}
	return login, s.goesOn(ctx, login)
}

// millisOf and timeOf keep the zero time.
func millisOf(t time.Time) notes.Millis {
	if t.IsZero() {
		return 0
	}
	return notes.MillisOf(t)
}

func timeOf(ms notes.Millis) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(ms))
}
