package functions

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/auth"
	"notewire/notes"
	"notewire/transport"
)

// localUser is who a request without a token acts as in local mode.
const localUser notes.UserID = "local"

// user returns who is signed in.
// Errors: Unauthenticated, Unavailable.
func (s *surface) user(c echo.Context) (notes.UserID, error) {
	login, err := s.viewer(c)
	if err == nil && login.User == "" {
		err = notes.Refuse(notes.Unauthenticated, "Authentication required")
	}
	return login.User, err
}

// viewer returns who is signed in, or nobody. The token comes in the Authorization header,
// or where a browser can send no header, as a WebSocket subprotocol "bearer.<token>".
func (s *surface) viewer(c echo.Context) (transport.Login, error) {
	token, given := bearer(c.Request())
	if given {
		login, _, err := s.signIn(c.Request().Context(), token)
		return login, err
	}
	if s.mayBeLocal(c.Request()) {
		return transport.Login{User: localUser}, nil
	}
	return transport.Login{}, nil
}

// opener is viewer for connections, which also take a ticket: browsers can send no header with
// an EventSource, and native apps may have no subprotocols. path is what the ticket must be for.
func (s *surface) opener(c echo.Context, path string) (transport.Login, error) {
	if _, given := bearer(c.Request()); !given && hasTicket(c) {
		return s.redeem(c.Request().Context(), c.QueryParam("ticket"), path)
	}
	return s.viewer(c)
}

func bearer(r *http.Request) (token string, given bool) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", true // a header that cannot be used is not the same as none
		}
		return strings.TrimSpace(token), true
	}
	for _, offered := range strings.Split(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		if token, ok := strings.CutPrefix(strings.TrimSpace(offered), "bearer."); ok {
			return token, true
		}
	}
	return "", false
}

// signIn checks a token, and that its sign-in goes on. It is a transport.SignIn.
func (s *surface) signIn(ctx context.Context, token string) (login transport.Login, expired bool, err error) {
	login, expired, err = s.identify(ctx, token)
	if err == nil {
		err = s.goesOn(ctx, login)
	}
	return login, expired, err
}

// goesOn refuses a login whose sign-in has ended.
// Errors: Unauthenticated, Unavailable.
func (s *surface) goesOn(ctx context.Context, login transport.Login) error {
	out, err := s.Sessions.SignedOut(ctx, login.SID)
	if err == nil && out {
		err = notes.Refuse(notes.Unauthenticated, "Signed out")
	}
	return err
}

// identify says whose token it is.
func (s *surface) identify(ctx context.Context, token string) (login transport.Login, expired bool, err error) {
	identity, err := s.Verifier.Verify(ctx, token)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		refusal := &notes.Error{Code: notes.Unavailable, Message: "The token cannot be checked now; try again", RetryAfter: 1000}
		return login, false, fmt.Errorf("%w: %w", refusal, err)
	case auth.IsExpired(err):
		return login, true, notes.Refuse(notes.Unauthenticated, "Token expired")
	case err != nil:
		return login, false, fmt.Errorf("%w: %w", notes.Refuse(notes.Unauthenticated, "Authentication failed"), err)
	}
	return transport.Login{
		User: notes.UserID(identity.UserID), SID: identity.SessionID, IssuedAt: identity.IssuedAt, ExpiresAt: identity.ExpiresAt,
	}, false, nil
}

// devToken mints a token for any user, in local mode.
func (s *surface) devToken(c echo.Context) error {
	name := c.QueryParam("user")
	if name == "" {
		name = string(localUser)
	}
	if !notes.ValidID(name) {
		return notes.Refuse(notes.Invalid, "user must be 1 to 64 of A-Z a-z 0-9 _ -, as in /dev/token?user=alice")
	}
	token, expires, err := s.Local.Mint(name, time.Now())
	if err != nil {
		return fmt.Errorf("mint a local token: %w", err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]any{"token": token, "userId": name, "expiresAt": expires.UnixMilli()})
}
