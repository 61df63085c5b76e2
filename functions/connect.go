package functions

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/wire"
	"notewire/transport/ws"
)

// Connection is what the request of a WebSocket says, where a gateway holds the socket.
type Connection struct {
	Login  transport.Login // User is empty if nobody signed in yet
	Note   notes.NoteID    // the note dialect's; empty: the account dialect
	Cursor string
	// Tokenless is who an auth message without a token signs in as: in local mode the local
	// user, unless another page asks; else nobody.
	Tokenless notes.UserID
}

// NewConnect returns the handler that says whether a socket is welcome, by the checks of this
// surface: origin, token, and whether the note may be read. A gateway has no paths, so the
// note is in the query. welcome is told of each that is.
func NewConnect(d Deps, welcome func(context.Context, Connection) error) http.Handler {
	s := &surface{Deps: d}
	e := echo.New()
	e.HTTPErrorHandler = s.writeError
	e.Use(s.logRequest, s.recoverPanic, s.checkOrigin)
	e.GET("/", func(c echo.Context) error {
		r := c.Request()
		connection := Connection{Note: notes.NoteID(c.QueryParam("note")), Cursor: cursor(r)}
		_, given := bearer(r)
		if given || hasTicket(c) || connection.Note != "" { // the note dialect has no auth message
			path := "/"
			if connection.Note != "" {
				path = "/ws/note/" + string(connection.Note) // what it is elsewhere
			}
			var err error
			if connection.Login, err = s.opener(c, path); err != nil {
				return err
			}
		}
		if s.mayBeLocal(r) {
			connection.Tokenless = localUser
		}
		if id := connection.Note; id != "" {
			if _, err := s.Service.NoteHead(r.Context(), connection.Login.User, id); err != nil {
				return refused{err, wire.Refs{NoteID: id}}
			}
		}
		if err := welcome(r.Context(), connection); err != nil {
			return err
		}
		if r.Header.Get("Sec-WebSocket-Protocol") != "" {
			c.Response().Header().Set("Sec-WebSocket-Protocol", ws.Subprotocol)
		}
		return c.NoContent(http.StatusOK)
	})
	return e
}

// SignIn returns what checks the tokens of auth messages, where a gateway holds the socket.
func SignIn(d Deps) transport.SignIn { return (&surface{Deps: d}).signIn }
