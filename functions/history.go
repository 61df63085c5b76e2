package functions

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// versions answers a page of a note's history, as versions or in groups.
func (s *surface) versions(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	q, err := historyQuery(c)
	if err != nil {
		return err
	}
	pause, err := pauseParam(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request().Context(), notes.NoteID(c.Param("id"))
	if pause > 0 {
		groups, err := s.Service.HistoryGroups(ctx, viewer.User, id, q, pause)
		if err != nil {
			return err
		}
		return c.JSONBlob(http.StatusOK, wire.Encode(wire.GroupsPageOf(groups)))
	}
	history, err := s.Service.History(ctx, viewer.User, id, q)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.VersionsPageOf(history)))
}

// historyQuery reads where a page begins. What belongs to the other direction is refused: a client
// that mixes them would miss versions.
func historyQuery(c echo.Context) (q notes.HistoryQuery, err error) {
	place, other, to := "before", "after", &q.Before
	switch c.QueryParam("direction") {
	case "", "desc":
	case "asc":
		q.Asc = true
		place, other, to = "after", "before", &q.After
	default:
		return q, notes.Refuse(notes.Invalid, `direction must be "desc" (newest first) or "asc"`)
	}
	if c.QueryParam(other) != "" {
		return q, notes.Refuse(notes.Invalid, "before goes with direction=desc, after with direction=asc")
	}
	if q.Limit, err = intParam(c, "limit"); err != nil {
		return q, err
	}
	n, err := intParam(c, place)
	*to = int64(n)
	return q, err
}

// longestPause is a day, in minutes.
const longestPause = 24 * 60

// pauseParam reads how long a pause between groups is; 0: no groups are asked for.
func pauseParam(c echo.Context) (notes.Millis, error) {
	if c.QueryParam("group") == "" {
		return 0, nil
	}
	minutes, err := intParam(c, "group")
	if err != nil || minutes < 1 || minutes > longestPause {
		return 0, notes.Refuse(notes.Invalid, "group must be a number of minutes from 1 to 1440")
	}
	return notes.Millis(minutes) * 60 * 1000, nil
}

// version answers one version with the note as it was.
func (s *surface) version(c echo.Context) error {
	viewer, n, err := s.versionParam(c)
	if err != nil {
		return err
	}
	v, member, err := s.Service.Version(c.Request().Context(), viewer, notes.NoteID(c.Param("id")), n)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.VersionOf(v, wire.Audience(member), true)))
}

// kept answers what a conflict kept beside a version.
func (s *surface) kept(c echo.Context) error {
	viewer, n, err := s.versionParam(c)
	if err != nil {
		return err
	}
	note, err := s.Service.Kept(c.Request().Context(), viewer, notes.NoteID(c.Param("id")), n)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.Kept{Version: n, Note: wire.NoteAt(note, wire.Members)}))
}

// diff answers what changed between two versions.
func (s *surface) diff(c echo.Context) error {
	viewer, err := s.viewer(c)
	if err != nil {
		return err
	}
	from, err := versionNumber(c.QueryParam("from"))
	if err != nil {
		return err
	}
	to, err := versionNumber(c.QueryParam("to"))
	if err != nil {
		return err
	}
	kept := false
	switch c.QueryParam("kept") {
	case "", "false":
	case "true":
		kept = true
	default:
		return notes.Refuse(notes.Invalid, `kept must be "true" or "false"`)
	}
	lines := -1
	if c.QueryParam("context") != "" {
		if lines, err = intParam(c, "context"); err != nil {
			return err
		}
	}
	d, err := s.Service.Diff(c.Request().Context(), viewer.User, notes.NoteID(c.Param("id")), from, to, kept, lines)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(wire.DiffOf(d, kept)))
}

// versionParam reads who asks, and for which version.
func (s *surface) versionParam(c echo.Context) (viewer notes.UserID, n int64, err error) {
	login, err := s.viewer(c)
	if err != nil {
		return "", 0, err
	}
	n, err = versionNumber(c.Param("version"))
	return login.User, n, err
}

func versionNumber(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, notes.Refuse(notes.Invalid, "a version is a number from 1")
	}
	return n, nil
}
