package functions

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

func (s *surface) webhooks(c echo.Context) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	all, err := s.Webhooks.List(c.Request().Context(), user)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(all))
}

func (s *surface) newWebhook(c echo.Context) error {
	user, body, err := s.webhookRequest(c)
	if err != nil {
		return err
	}
	n, err := wire.DecodeNewWebhook(body)
	if err != nil {
		return err
	}
	made, err := s.Webhooks.Add(c.Request().Context(), user, n.URL)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store") // its secret is in it
	return c.JSONBlob(http.StatusCreated, wire.Encode(made))
}

func (s *surface) deleteWebhook(c echo.Context) error {
	user, _, err := s.webhookRequest(c)
	if err != nil {
		return err
	}
	if err := s.Webhooks.Delete(c.Request().Context(), user, c.Param("id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (s *surface) resumeWebhook(c echo.Context) error {
	user, _, err := s.webhookRequest(c)
	if err != nil {
		return err
	}
	w, err := s.Webhooks.Resume(c.Request().Context(), user, c.Param("id"))
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(w))
}

// webhookRequest is what the requests that change something have in common. They count as a
// mutation: they write as much.
func (s *surface) webhookRequest(c echo.Context) (user notes.UserID, body []byte, err error) {
	if user, err = s.user(c); err != nil {
		return "", nil, err
	}
	if body, err = s.body(c); err != nil {
		return "", nil, err
	}
	return user, body, s.takeQuota(c, user, 1, len(body))
}
