package functions

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// accountCursor is how far the log of an account reaches. It is taken before a list is read: a
// stream from there misses nothing that the list does not show.
func (s *surface) accountCursor(ctx context.Context, user notes.UserID) (string, error) {
	head, err := s.Service.AccountHead(ctx, user)
	return notes.Cursor{Epoch: s.Service.Epoch(), Seq: head}.String(), err
}

// list answers a page of the caller's notes.
func (s *surface) list(c echo.Context) error {
	if finds(c.QueryParams()) {
		return s.find(c)
	}
	user, err := s.user(c)
	if err != nil {
		return err
	}
	q, err := listQuery(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	cursor, err := s.accountCursor(ctx, user)
	if err != nil {
		return err
	}
	views, next, err := s.Service.List(ctx, user, q)
	if err != nil {
		return err
	}
	answer := wire.NotesPage{NextCursor: pageAfter(next), Cursor: cursor}
	for i := range views {
		answer.Notes = append(answer.Notes, wire.NoteOf(&views[i]))
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(answer))
}

func listQuery(c echo.Context) (notes.ListQuery, error) {
	var q notes.ListQuery
	var err error
	if q.Limit, err = intParam(c, "limit"); err != nil {
		return q, err
	}
	switch c.QueryParam("deleted") {
	case "", "false":
	case "true":
		q.Trashed = true
	default:
		return q, notes.Refuse(notes.Invalid, `deleted must be "true" or "false"`)
	}
	switch c.QueryParam("order") {
	case "", "updated":
	case "id":
		q.ByID = true
	default:
		return q, notes.Refuse(notes.Invalid, `order must be "updated" (newest first) or "id"`)
	}
	if after := c.QueryParam("after"); after != "" {
		q.After, err = parsePage(after)
	}
	return q, err
}

// pageAfter is where the next page starts, as text that only parsePage reads.
func pageAfter(e *notes.Entry) *string {
	if e == nil {
		return nil
	}
	s := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", e.UpdatedAt, e.Note))
	return &s
}

func parsePage(s string) (*notes.Entry, error) {
	bad := notes.Refuse(notes.Invalid, "after must be the nextCursor of an earlier page")
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, bad
	}
	at, id, _ := strings.Cut(string(text), " ")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || ms < 0 || !notes.ValidID(id) {
		return nil, bad
	}
	return &notes.Entry{Note: notes.NoteID(id), UpdatedAt: notes.Millis(ms)}, nil
}

// get answers one note.
func (s *surface) get(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	view, err := s.Service.Get(c.Request().Context(), viewer.User, notes.NoteID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.NoteOf(view)))
}

// intParam reads a query parameter that is a number from 0; absent is 0.
func intParam(c echo.Context, name string) (int, error) {
	text := c.QueryParam(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, notes.Refuse(notes.Invalid, name+" must be a number from 0")
	}
	return n, nil
}
