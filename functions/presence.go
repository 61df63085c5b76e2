package functions

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/presence"
	"notewire/transport/wire"
)

// show has one of the caller's event streams show something to the others of a note, for 30
// seconds, or nothing any more; it is told what they show from then on.
func (s *surface) show(c echo.Context) error {
	return s.post(c, func(note notes.NoteID, body []byte) (presence.Post, error) {
		id, m, err := wire.DecodePresenceBody(note, body)
		return presence.Post{Note: note, From: wire.Sender{ID: id}, Data: m.Data}, err
	})
}

// custom sends a custom message to all who are present in a note.
func (s *surface) custom(c echo.Context) error {
	return s.post(c, func(note notes.NoteID, body []byte) (presence.Post, error) {
		id, m, err := wire.DecodeCustomBody(note, body)
		return presence.Post{Note: note, From: wire.Sender{ID: id}, Name: m.Name, Data: m.Data}, err
	})
}

// post is a request that acts as a connection of the caller's. It counts as a mutation does.
func (s *surface) post(c echo.Context, decode func(notes.NoteID, []byte) (presence.Post, error)) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	body, err := s.body(c)
	if err != nil {
		return err
	}
	note := notes.NoteID(c.Param("id"))
	refs := wire.Refs{NoteID: note}
	p, err := decode(note, body)
	if err != nil {
		return refused{err, refs}
	}
	if err := s.takeQuota(c, user, 1, len(body)); err != nil {
		return refused{err, refs}
	}
	p.From.User = user
	if err := s.Sessions.Post(c.Request().Context(), p); err != nil {
		return refused{err, refs}
	}
	return c.NoContent(http.StatusNoContent)
}
