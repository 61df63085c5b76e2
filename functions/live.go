package functions

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/sse"
	"notewire/transport/wire"
	"notewire/transport/ws"
)

// root answers a browser with the page, and a WebSocket with the account dialect: the
// ancestor's clients connect to the bare host.
func (s *surface) root(c echo.Context) error {
	if isUpgrade(c.Request()) {
		return s.accountWS(c)
	}
	s.page.ServeHTTP(c.Response(), c.Request())
	return nil
}

func isUpgrade(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// cursor is where the client wants its stream to go on: what its browser remembers, else
// what the URL says.
func cursor(r *http.Request) string {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		return id
	}
	return r.URL.Query().Get("cursor")
}

// accountWS serves the account dialect. A token may come with the request; if not, the
// auth message brings it, and in local mode may come without.
func (s *surface) accountWS(c echo.Context) error {
	var login *transport.Login
	if _, given := bearer(c.Request()); given || hasTicket(c) {
		viewer, err := s.opener(c, c.Request().URL.Path)
		if err != nil {
			return err
		}
		login = &viewer
	}
	local := s.mayBeLocal(c.Request())
	conn, err := s.accept(c)
	if conn == nil {
		return err
	}
	check := func(ctx context.Context, token string) (transport.Login, bool, error) {
		if token == "" && local {
			return transport.Login{User: localUser}, false, nil
		}
		return s.signIn(ctx, token)
	}
	s.logEnd(c, s.Sessions.ServeAccount(s.base(c), conn, check, login, cursor(c.Request())))
	return nil
}

// noteWS serves the note dialect. There is no auth message: the request says who asks.
func (s *surface) noteWS(c echo.Context) error {
	if !isUpgrade(c.Request()) {
		return echo.NewHTTPError(http.StatusUpgradeRequired, "Expected Upgrade: websocket")
	}
	viewer, id, release, err := s.openNote(c, true)
	if err != nil {
		return err
	}
	defer release()
	conn, err := s.accept(c)
	if conn == nil {
		return err
	}
	s.logEnd(c, s.Sessions.ServeNote(s.base(c), conn, viewer, id, cursor(c.Request())))
	return nil
}

// openNote asks whether the caller may follow a note, and counts his connection.
func (s *surface) openNote(c echo.Context, socket bool) (transport.Login, notes.NoteID, func(), error) {
	id := notes.NoteID(c.Param("id"))
	viewer, err := s.opener(c, c.Request().URL.Path)
	if err != nil {
		return viewer, id, nil, err
	}
	if _, err := s.Service.NoteHead(c.Request().Context(), viewer.User, id); err != nil {
		return viewer, id, nil, refused{err, wire.Refs{NoteID: id}}
	}
	release, err := s.Sessions.Admit(viewer.User, socket)
	return viewer, id, release, err
}

// openAccount asks who follows his account, and counts his stream.
func (s *surface) openAccount(c echo.Context) (transport.Login, func(), error) {
	viewer, err := s.opener(c, c.Request().URL.Path)
	if err == nil && viewer.User == "" {
		err = notes.Refuse(notes.Unauthenticated, "Authentication required")
	}
	if err != nil {
		return viewer, nil, err
	}
	release, err := s.Sessions.Admit(viewer.User, false)
	return viewer, release, err
}

// accountSSE streams the events of the account dialect.
func (s *surface) accountSSE(c echo.Context) error {
	viewer, release, err := s.openAccount(c)
	if err != nil {
		return err
	}
	defer release()
	return s.stream(c, func(ctx context.Context, conn transport.Conn) error {
		return s.Sessions.StreamAccount(ctx, conn, viewer, cursor(c.Request()))
	})
}

// noteSSE streams the events of the note dialect.
func (s *surface) noteSSE(c echo.Context) error {
	viewer, id, release, err := s.openNote(c, false)
	if err != nil {
		return err
	}
	defer release()
	return s.stream(c, func(ctx context.Context, conn transport.Conn) error {
		return s.Sessions.StreamNote(ctx, conn, viewer, id, cursor(c.Request()))
	})
}

func (s *surface) stream(c echo.Context, run func(context.Context, transport.Conn) error) error {
	if _, err := s.body(c); err != nil { // a POST may have one; it says nothing
		return err
	}
	opts := s.SSE
	if text := c.QueryParam("padding"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > sse.MaxPadding {
			return notes.Refuse(notes.Invalid, fmt.Sprintf("padding is %q; it must be bytes, 0 to %d", text, sse.MaxPadding))
		}
		opts.Padding = n
	}
	opts.LastID = c.Request().Header.Get("Last-Event-ID")
	opts.Retry = opts.Retry/2 + rand.N(opts.Retry/2+1) // so that not all come back at once
	request := c.Request()
	if s.StreamWindow > 0 {
		ctx, cancel := context.WithTimeout(request.Context(), s.StreamWindow)
		defer cancel()
		request = request.WithContext(ctx)
	}
	s.logEnd(c, sse.Serve(c.Response(), request, opts, run))
	return nil
}

// accept upgrades the request. If it cannot, the answer has been written and conn is nil.
func (s *surface) accept(c echo.Context) (*socket, error) {
	conn, err := ws.Accept(c.Response(), c.Request(), s.WS)
	if err != nil {
		s.Log.Debug("upgrade refused", "path", c.Path(), "error", err)
		return nil, nil
	}
	return &socket{conn, addressOf(c)}, nil
}

// socket is a WebSocket, and where its client is.
type socket struct {
	*ws.Conn
	address netip.Addr
}

// Address implements transport.Addressed.
func (s *socket) Address() netip.Addr { return s.address }

// base is the context of a WebSocket, which outlives its request's.
func (s *surface) base(c echo.Context) context.Context {
	return context.WithoutCancel(c.Request().Context())
}

func (s *surface) logEnd(c echo.Context, err error) {
	s.Log.Debug("connection ended", "path", c.Path(), "why", err)
}
