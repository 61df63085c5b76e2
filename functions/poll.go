package functions

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/poll"
)

// longestPoll is how long a poll waits for news, at most and unless it says otherwise: shorter
// than proxies wait for an answer.
const longestPoll = 25 * time.Second

// accountPoll answers a poll of the account's log.
func (s *surface) accountPoll(c echo.Context) error {
	viewer, release, err := s.openAccount(c)
	if err != nil {
		return err
	}
	defer release()
	return s.poll(c, transport.Saved{Login: viewer, Begun: true})
}

// notePoll answers a poll of a note's log.
func (s *surface) notePoll(c echo.Context) error {
	viewer, id, release, err := s.openNote(c, false)
	if err != nil {
		return err
	}
	defer release()
	return s.poll(c, transport.Saved{Login: viewer, Note: id})
}

func (s *surface) poll(c echo.Context, saved transport.Saved) error {
	if _, err := s.body(c); err != nil { // a POST may have one; it says nothing
		return err
	}
	wait, err := waitOf(c.QueryParam("wait"))
	if err != nil {
		return err
	}
	saved.ID, saved.Cursor = s.NewID(), cursor(c.Request())
	answer, err := poll.Poll(c.Request().Context(), s.Sessions, saved, wait)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSONBlob(http.StatusOK, answer.Encode())
}

// waitOf reads how many seconds to wait; 0 asks for what there is.
func waitOf(text string) (time.Duration, error) {
	if text == "" {
		return longestPoll, nil
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds >= 0) {
		return 0, notes.Refuse(notes.Invalid, fmt.Sprintf("wait is %q; it must be seconds, 0 to %v", text, longestPoll.Seconds()))
	}
	return min(longestPoll, time.Duration(min(seconds, longestPoll.Seconds())*float64(time.Second))), nil
}
