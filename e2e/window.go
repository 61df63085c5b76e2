package e2e

import (
	"errors"
	"fmt"

	"notewire/client/goclient"
)

var windowRules = []rule{
	{"an account's stream whose time is over asks to come back at once, and misses nothing", []Ability{AccountSSE, StreamWindow}, accountWindow},
	{"a note's stream whose time is over asks to come back at once, and misses nothing", []Ability{NoteSSE, StreamWindow}, noteWindow},
}

func accountWindow(t *trial) {
	ann := t.user("ann")
	id := ann.create(nil)
	windows(ann, id, ann.place(), func(cursor string) (*goclient.Stream, error) { return ann.OpenAccount(t.ctx, goclient.SSE, cursor) })
}

func noteWindow(t *trial) {
	ann := t.user("ann")
	id := ann.create(nil)
	at := ann.note(goclient.SSE, id, "").cursor
	windows(ann, id, at, func(cursor string) (*goclient.Stream, error) { return ann.OpenNote(t.ctx, goclient.SSE, id, cursor) })
}

// windows follows a note while its streams end, and while there is none.
func windows(u *user, note, cursor string, open func(cursor string) (*goclient.Stream, error)) {
	t := u.t
	t.Helper()
	for i := range 3 {
		if i > 0 {
			u.edit(note, members{"content": fmt.Sprint("between ", i)})
		}
		s, err := open(cursor)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		u.edit(note, members{"content": fmt.Sprint("during ", i)})
		got := 0
		for {
			e, err := s.Next(t.ctx)
			if err != nil {
				end, ok := errors.AsType[*goclient.Closed](err)
				if !ok || !end.Reconnect || !end.AtOnce {
					t.Fatalf("the end of a stream: %v", err)
				}
				break
			}
			if e.Cursor != "" {
				_, at := parseCursor(cursor)
				_, seq := parseCursor(e.Cursor)
				equal(t, "the number of the event", seq, at+1)
				cursor, got = e.Cursor, got+1
			}
		}
		equal(t, "events of a connection", got, min(i+1, 2))
	}
}
