package functions

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// find answers a page of the caller's notes in any order, by any filter.
func (s *surface) find(c echo.Context) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	q, err := findQuery(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	cursor, err := s.accountCursor(ctx, user)
	if err != nil {
		return err
	}
	found, err := s.Service.Find(ctx, user, q, true)
	if err != nil {
		return err
	}
	page := wire.NotesPage{
		Notes: []*wire.Note{}, NextCursor: placeCursor(q.Sort, found.Next), Total: &found.Total, Complete: &found.Complete,
		Cursor: cursor,
	}
	for i := range found.Notes {
		page.Notes = append(page.Notes, wire.NoteOf(&found.Notes[i]))
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(page))
}

// counts answers how many notes the caller has, in all and in each folder.
func (s *surface) counts(c echo.Context) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	all, folders, complete, err := s.Service.Count(c.Request().Context(), user)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.Counts{Counts: all, Folders: folders, Complete: complete}))
}

// visit remembers that the caller has opened a note: it is first in the list by access, and a
// public one of somebody else's is in it from then on.
func (s *surface) visit(c echo.Context) error { return s.remember(c, s.Service.Visit) }

// forget takes a note of somebody else's that the caller has opened out of that list.
func (s *surface) forget(c echo.Context) error { return s.remember(c, s.Service.Forget) }

// remember counts as a mutation does, but it is no part of any log.
func (s *surface) remember(c echo.Context, do func(context.Context, notes.UserID, notes.NoteID) error) error {
	user, err := s.user(c)
	if err != nil {
		return err
	}
	body, err := s.body(c)
	if err != nil {
		return err
	}
	id := notes.NoteID(c.Param("id"))
	refs := wire.Refs{NoteID: id}
	if err := wire.DecodeEmpty(body); err != nil {
		return refused{err, refs}
	}
	if err := s.takeQuota(c, user, 1, len(body)); err != nil {
		return refused{err, refs}
	}
	if err := do(c.Request().Context(), user, id); err != nil {
		return refused{err, refs}
	}
	return c.NoContent(http.StatusNoContent)
}
