package functions

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// folders answers all of the caller's folders. The cursor in it is taken before they are read.
func (s *surface) folders(c echo.Context) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	head, err := s.Service.AccountHead(ctx, user)
	if err != nil {
		return err
	}
	folders, err := s.Service.Folders(ctx, user)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.Folders{
		Folders: folders, Cursor: notes.Cursor{Epoch: s.Service.Epoch(), Seq: head}.String(),
	}))
}
