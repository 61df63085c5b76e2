package transport

import (
	"context"
	"testing"
	"time"

	"notewire/notes"
)

// A hosting that bounds how long a response may take says so by the context's deadline: the
// client is told to come back before it, at once, and has missed nothing.
func TestAStreamSaysGoodbyeBeforeItsDeadline(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.serve(func(c *client) error {
			ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
			defer cancel()
			return s.StreamAccount(ctx, c, loginOf("ann"), "epoch-0")
		})
		c.gets(`{"type":"auth_success","cursor":"epoch-0"}`)
		c.gets(`{"type":"note_created_sync","cursor":"epoch-1"}`)
		later(9*time.Second - 1)
		c.silent()
		s.write("ann", "n", "1") // in the last moment
		later(1)
		c.gets(`{"type":"note_sync","cursor":"epoch-2"}`)
		c.gets(`{"type":"reconnect","retryAfterMs":0}`)
		c.over(CloseGoingAway, "the time of this stream is over")
	})
}
