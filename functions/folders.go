package functions

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"notewire/transport/wire"
)

// folders answers all of the caller's folders.
func (s *surface) folders(c echo.Context) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	cursor, err := s.accountCursor(ctx, user)
	if err != nil {
		return err
	}
	folders, err := s.Service.Folders(ctx, user)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.Folders{Folders: folders, Cursor: cursor}))
}
