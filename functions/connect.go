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
		login, err := s.viewer(c)
		if err != nil {
			return err
		}
		connection := Connection{Login: login, Note: notes.NoteID(c.QueryParam("note")), Cursor: cursor(r)}
		if id := connection.Note; id != "" {
			if _, err := s.Service.NoteHead(r.Context(), login.User, id); err != nil {
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

// SignIn returns what checks the tokens of auth messages, where a gateway holds the socket:
// what a page's request would show of it is not there, so that there is no acting without a
// token.
func SignIn(d Deps) transport.SignIn { return (&surface{Deps: d}).signIn }
