package transport

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
)

// drain begins to stop the server, once everything has come to rest, and returns how that
// ends.
func (s *server) drain(ctx context.Context) <-chan error {
	synctest.Wait()
	done := make(chan error, 1)
	go func() { done <- s.Drain(ctx) }()
	synctest.Wait()
	return done
}

func TestADrainTellsEveryClientWhenToComeBack(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		clients := []*client{s.connect(), s.signIn("ann", ""), s.stream("ann", ""), s.live("ann", "n", "epoch-1")}
		clients[0].gets(`{"type":"connection_established"}`)
		done := s.drain(s.Context())
		for _, c := range clients {
			m := c.gets(`{"type":"reconnect","code":4000,"reason":"the server stops"}`)
			if wait, ok := m["retryAfterMs"].(float64); !ok || wait < 0 || wait > 2000 {
				t.Errorf("retryAfterMs is %v", m["retryAfterMs"])
			}
			c.over(CloseGoingAway, "the server stops")
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		late := s.connect()
		late.gets(`{"type":"reconnect","code":4000}`)
		late.over(CloseGoingAway, "the server stops")
		if err := s.Drain(s.Context()); err != nil {
			t.Errorf("the second time: %v", err)
		}
	})
}

func TestClientsSpreadTheirReturn(t *testing.T) {
	bubble(t, func(s *server) {
		var clients []*client
		for range 20 {
			clients = append(clients, s.signIn("ann", ""))
		}
		s.drain(s.Context())
		waits := map[any]bool{}
		for _, c := range clients {
			waits[c.gets(`{"type":"reconnect"}`)["retryAfterMs"]] = true
		}
		if len(waits) < 10 {
			t.Errorf("20 clients come back at %d moments", len(waits))
		}
	})
}

func TestAServerThatSpreadsNobodyLetsClientsComeBackAtOnce(t *testing.T) {
	bubble(t, func(s *server) {
		s.Options.Comeback = 0
		c := s.signIn("ann", "")
		s.drain(s.Context())
		c.gets(`{"type":"reconnect","retryAfterMs":0}`)
	})
}

func TestAMutationInFlightIsConfirmedBeforeTheConnectionDrains(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		s.do("bob", "board", notes.Create{})
		account, live := s.signIn("ann", ""), s.live("bob", "board", "epoch-1")
		release := s.holdCommits()
		account.send(`{"type":"note_update","noteId":"n","mutationId":"m1","changes":{"content":"x"}}`)
		live.send(`{"type":"update_event","mutationId":"m2","data":{"blob":1}}`)
		go account.send(`{"type":"note_update","noteId":"n","changes":{"content":"too late"}}`)
		done := s.drain(s.Context())
		account.silent()
		live.silent()
		close(release)
		account.gets(`{"type":"note_update_success","mutationId":"m1","version":2}`)
		live.gets(`{"type":"update","mutationId":"m2","version":2}`)
		for _, c := range []*client{account, live} {
			c.gets(`{"type":"reconnect","code":4000}`)
			c.over(CloseGoingAway, "the server stops")
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n, err := s.Service.NoteVersion(s.Context(), "n"); n != 2 || err != nil {
			t.Errorf("version %d, %v", n, err)
		}
	})
}

// A store that does not answer must not keep the server from stopping.
func TestADrainWaitsForAMutationOnlySoLong(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.signIn("ann", "")
		release := s.holdCommits()
		c.send(`{"type":"note_update","noteId":"n","changes":{"content":"x"}}`)
		done := s.drain(s.Context())
		later(s.Options.DrainWait - 1)
		c.silent()
		later(1)
		c.gets(`{"type":"reconnect","code":4000}`)
		close(release)
		<-done
		c.over(CloseGoingAway, "the server stops")
	})
}

func TestADrainThatIsCutShortSaysSo(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.signIn("ann", "")
		c.unread.Store(true)
		s.do("ann", "n", notes.Create{})
		ctx, cancel := context.WithTimeout(s.Context(), time.Second)
		defer cancel()
		if err := <-s.drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		later(writeTimeout)
		c.over(CloseSlow, "the client does not read")
	})
}

func TestADrainDeliversWhatIsInTheLogFirst(t *testing.T) {
	bubble(t, func(s *server) {
		for range 100 {
			s.do("ann", "", notes.Create{})
		}
		c := s.serve(func(c *client) error { return s.StreamAccount(c.ctx, c, loginOf("ann"), "0") })
		go func() { _ = s.Drain(s.Context()) }()
		frames := c.take()
		if last := frames[len(frames)-1]; len(frames) == 102 {
			c.matches(last, `{"type":"reconnect"}`)
		} else if len(frames) != 1 { // the drain came first
			t.Errorf("%d frames", len(frames))
		}
	})
}

// Not all clients are sent away in one moment.
func TestADrainIsSpread(t *testing.T) {
	bubble(t, func(s *server) {
		s.Options.DrainSpread = time.Second
		var clients []*client
		for i := range 40 {
			clients = append(clients, s.stream(notes.UserID(fmt.Sprintf("user%d", i)), ""))
		}
		drained := make(chan error, 1)
		go func() { drained <- s.Drain(s.Context()) }()
		gone := func() (n int) {
			for _, c := range clients {
				if len(c.closed) > 0 {
					n++
				}
			}
			return n
		}
		later(0)
		first := gone()
		later(500 * time.Millisecond)
		half := gone()
		later(501 * time.Millisecond)
		if first > 5 || half < 8 || half > 32 || gone() != 40 {
			t.Errorf("%d end at once, %d in the first half, %d in all", first, half, gone())
		}
		if err := <-drained; err != nil {
			t.Error(err)
		}
	})
}
