package functions

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// refresh lets a connection that runs here live on with the token of the request.
func (s *surface) refresh(c echo.Context) error {
	login, err := s.viewer(c)
	if err != nil {
		return err
	}
	if login.User == "" {
		return notes.Refuse(notes.Unauthenticated, "Authentication required")
	}
	if _, err := s.body(c); err != nil { // it may have one; it says nothing
		return err
	}
	id := c.Param("id")
	until, err := s.Sessions.Refresh(c.Request().Context(), id, login)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(struct {
		ConnectionID string       `json:"connectionId"`
		ExpiresAt    notes.Millis `json:"expiresAt,omitzero"`
	}{id, millisOf(until)}))
}

// signOut ends the sign-in of the caller's token. A second time is as good as the first.
func (s *surface) signOut(c echo.Context) error {
	token, given := bearer(c.Request())
	if !given {
		return notes.Refuse(notes.Unauthenticated, "Authentication required")
	}
	if _, err := s.body(c); err != nil { // it may have one; it says nothing
		return err
	}
	ctx := c.Request().Context()
	login, _, err := s.identify(ctx, token)
	if err != nil {
		return err
	}
	out, err := s.Sessions.SignedOut(ctx, login.SID)
	if err == nil && !out {
		err = s.Sessions.SignOut(ctx, login.SID, login.ExpiresAt)
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// clerkWebhook is told by Clerk which sign-ins have ended.
func (s *surface) clerkWebhook(c echo.Context) error {
	r := c.Request()
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, s.BodyBytes))
	if err != nil {
		return bodyError(err)
	}
	sid, err := s.Webhook.EndedSession(r.Header, body)
	if err != nil {
		return fmt.Errorf("%w: %w", notes.Refuse(notes.Unauthenticated, "The webhook's signature is not good"), err)
	}
	if err := s.Sessions.SignOut(r.Context(), sid, time.Time{}); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// unavailable is the refusal of what the store has no answer to.
func unavailable(err error) error {
	refusal := &notes.Error{Code: notes.Unavailable, Message: "Unavailable; try again", RetryAfter: 1000}
	return fmt.Errorf("%w: %w", refusal, err)
}
