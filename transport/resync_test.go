package transport

import (
	"testing"

	"notewire/notes"
)

// Who keeps the place of each frame, as an EventSource does, and is cut off before he is told
// to resync, must not come back behind that.
func TestNoFrameBeforeAResyncIsAPlaceToComeBackTo(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.serve(func(c *client) error { return s.StreamAccount(c.ctx, c, loginOf("ann"), "other-1") })
		for i, want := range []string{"", "epoch-1"} {
			if f := c.next(); f.Cursor != want {
				t.Errorf("frame %d of the account, %s, is at %q, want %q", i+1, f.Data, f.Cursor, want)
			}
		}
		c = s.live("ann", "n", "other-1")
		for i, want := range []string{"", "epoch-1"} {
			if f := c.next(); f.Cursor != want {
				t.Errorf("frame %d of the note, %s, is at %q, want %q", i+1, f.Data, f.Cursor, want)
			}
		}
		c = s.serve(func(c *client) error { return s.StreamAccount(c.ctx, c, loginOf("ann"), "epoch-0") })
		if f := c.next(); f.Cursor != "epoch-0" {
			t.Errorf("without a resync, %s is at %q", f.Data, f.Cursor)
		}
	})
}
