package e2e

import (
	"crypto/rand"
	"errors"
	"strconv"
	"strings"

	"notewire/client/goclient"
)

func newMutationID() string { return rand.Text() }

// tap is a stream that is read frame by frame. It checks of all that comes what always holds:
// events follow each other without a gap and without a duplicate.
type tap struct {
	*goclient.Stream
	user      *user
	transport goclient.Transport
	noteID    string // of the note dialect
	cursor    string // of the last event: where it stands
}

// account opens the account's stream, from a cursor or from now.
func (u *user) account(transport goclient.Transport, cursor string) *tap {
	u.t.Helper()
	return u.open(&tap{user: u, transport: transport, cursor: cursor})
}

// note opens a note's stream, from a cursor or from now. Then it has read the note as it is.
func (u *user) note(transport goclient.Transport, noteID, cursor string) *tap {
	u.t.Helper()
	s := u.open(&tap{user: u, transport: transport, noteID: noteID, cursor: cursor})
	if cursor == "" {
		s.event("initial")
	}
	return s
}

func (u *user) open(s *tap) *tap {
	u.t.Helper()
	if err := s.connect(); err != nil {
		u.t.Fatalf("open a stream by %s: %v", s.transport, err)
	}
	u.t.Cleanup(func() { s.Close() })
	return s
}

func (s *tap) connect() (err error) {
	u := s.user
	if s.noteID != "" {
		s.Stream, err = u.OpenNote(u.t.ctx, s.transport, s.noteID, s.cursor)
		return err
	}
	if s.Stream, err = u.OpenAccount(u.t.ctx, s.transport, s.cursor); err == nil && s.cursor == "" {
		s.cursor = s.Hello().Cursor
	}
	return err
}

// read returns the next frame. Where the hosting ends streams after a while, it comes back.
func (s *tap) read() (goclient.Event, error) {
	for {
		e, err := s.Next(s.user.t.ctx)
		if err == nil && !(s.rotates() && e.Type == "reconnect") {
			return e, nil
		}
		end, ok := errors.AsType[*goclient.Closed](err)
		switch {
		case err == nil:
		case s.rotates() && ok && end.AtOnce:
			_ = s.Close() // it has ended
			if err := s.connect(); err != nil {
				return e, err
			}
		default:
			return e, err
		}
	}
}

func (s *tap) rotates() bool {
	return s.transport == goclient.SSE && s.user.t.hosting.Abilities[StreamWindow]
}

// event returns the next frame, which must be of that type and in its place.
func (s *tap) event(kind string) goclient.Event {
	t := s.user.t
	t.Helper()
	e, err := s.read()
	if err != nil || e.Type != kind {
		t.Fatalf("%s: want %s after %s, got %.500s, error %v", s.transport, kind, s.cursor, e.Data, err)
	}
	s.inPlace(e)
	return e
}

// show is event, decoded.
func (s *tap) show(kind string) shown {
	s.user.t.Helper()
	return decode[shown](s.user.t, s.event(kind))
}

// inPlace checks an event's number, and moves on.
func (s *tap) inPlace(e goclient.Event) {
	t := s.user.t
	t.Helper()
	if e.Cursor == "" {
		return
	}
	before := e.Type == "auth_success" || e.Type == "resync" // of a resync to come: no place to come back to
	if s.transport == goclient.SSE && e.ID != e.Cursor && !before {
		t.Fatalf("an event's id is %q, its cursor %q", e.ID, e.Cursor)
	}
	epoch, seq := parseCursor(e.Cursor)
	switch e.Type {
	case "initial", "resync", "auth_success": // places, not events
		s.cursor = e.Cursor
		return
	case "mutation_ack", "note_update_success":
		if _, at := parseCursor(s.cursor); seq <= at {
			return // of a repeated mutation, or of one without an effect
		}
	}
	atEpoch, at := parseCursor(s.cursor)
	if seq != at+1 || atEpoch != "" && epoch != atEpoch {
		t.Fatalf("%s: after %q comes %.300s", s.transport, s.cursor, e.Data)
	}
	s.cursor = e.Cursor
}

// parseCursor takes a cursor apart. Clients need not: to the suite it says what is missing.
func parseCursor(cursor string) (epoch string, seq int64) {
	i := strings.LastIndexByte(cursor, '-')
	seq, _ = strconv.ParseInt(cursor[i+1:], 10, 64) // none is 0
	return cursor[:max(i, 0)], seq
}

// say sends a frame up.
func (s *tap) say(frame any) {
	t := s.user.t
	t.Helper()
	if err := s.Send(t.ctx, frame); err != nil {
		t.Fatal(err)
	}
}

// ends checks that the stream ends, after these frames, with that code.
func (s *tap) ends(code int, last ...string) {
	t := s.user.t
	t.Helper()
	lost := s.transport == goclient.Poll && len(last) == 1 && last[0] == "error"
	if !lost {
		for _, kind := range last {
			s.event(kind)
		}
	}
	e, err := s.read()
	if lost && err == nil && e.Type == "error" { // whoever lost access between two polls learns it by the status of the next
		e, err = s.read()
	}
	if err == nil {
		t.Fatalf("%s: the stream should end with %d; it goes on with %.300s", s.transport, code, e.Data)
	}
	t.isEnd(err, code)
}

// isEnd checks that a connection was ended with that code.
func (t *trial) isEnd(err error, code int) {
	t.Helper()
	if end, ok := errors.AsType[*goclient.Closed](err); !ok || end.Code != code {
		t.Fatalf("the connection should end with %d: %v", code, err)
	}
}
