package transport

import (
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
)

func TestHeartbeatsComeEvery25Seconds(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		for _, c := range []*client{s.signIn("ann", ""), s.stream("ann", ""), s.live("ann", "n", "epoch-1")} {
			began := c.beats.Load()
			for i := range int64(4) {
				later(25*time.Second - 1)
				if n := c.beats.Load() - began; n != i {
					t.Errorf("%d heartbeats shortly before the %dth is due", n, i+1)
				}
				later(1)
			}
			c.silent()
		}
	})
}

func TestAClientThatDoesNotAnswerHeartbeatsIsClosed(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.signIn("ann", "")
		c.mute.Store(true)
		later(25 * time.Second)
		c.over(CloseUnresponsive, "no answer to heartbeats")
	})
}

// Nothing is written to a client that does not read: it could not tell what is missing.
func TestAClientThatDoesNotReadIsClosedAtItsWriteDeadline(t *testing.T) {
	bubble(t, func(s *server) {
		stuck, other := s.signIn("ann", ""), s.signIn("ann", "")
		stuck.unread.Store(true)
		s.do("ann", "n", notes.Create{})
		s.write("ann", "n", "x")
		other.gets(`{"type":"note_created_sync"}`)
		other.gets(`{"type":"note_sync"}`)
		later(writeTimeout - 1)
		stuck.silent()
		later(1)
		stuck.over(CloseSlow, "the client does not read")
		other.silent()
	})
}

func TestAClientThatLeavesFreesItsConnectionEvenInTheMiddleOfAWrite(t *testing.T) {
	bubble(t, func(s *server) {
		socket, stream := s.signIn("ann", ""), s.stream("ann", "")
		for _, c := range []*client{socket, stream} {
			c.unread.Store(true)
		}
		s.do("ann", "n", notes.Create{})
		for _, c := range []*client{socket, stream} {
			c.hangUp()
			c.over(CloseNormal, "the client left")
		}
	})
}

// The mutation has begun, and the client will ask again by its id.
func TestAMutationIsCarriedThroughThoughItsConnectionEnds(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.signIn("ann", "")
		c.mute.Store(true)
		later(s.Options.Heartbeat - 1)
		release := s.holdCommits()
		c.send(`{"type":"note_update","noteId":"n","mutationId":"m1","changes":{"content":"kept"}}`)
		later(1)
		close(release)
		synctest.Wait()
		if n, err := s.Service.NoteVersion(s.Context(), "n"); n != 2 || err != nil {
			t.Errorf("version %d, %v", n, err)
		}
		again := s.signIn("ann", "")
		again.exchanges([]exchange{{
			`{"type":"note_update","noteId":"n","mutationId":"m1","changes":{"content":"kept"}}`,
			`{"type":"note_update_success","version":2,"cursor":"epoch-2"}`,
		}})
	})
}

func TestALogThatCannotBeReadEndsTheConnectionWithAWishToReconnect(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c, live := s.signIn("ann", ""), s.live("ann", "n", "epoch-1")
		c.silent()
		s.log.broken.Store(true)
		s.write("ann", "n", "x")
		for _, broken := range []*client{c, live} {
			broken.gets(`{"type":"reconnect","code":4006,"reason":"the log cannot be read now"}`)
			broken.over(CloseInternal, "the log cannot be read now")
		}
		c = s.connect()
		c.gets(`{"type":"connection_established"}`)
		c.send(`{"type":"auth","token":"ann"}`)
		for _, late := range []*client{c, s.live("ann", "n", "0")} {
			late.gets(`{"type":"reconnect","code":4006}`)
			late.over(CloseInternal, "the log cannot be read now")
		}
	})
}

func TestMessagesOfOneConnectionAreCarriedOutInTheirOrder(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.signIn("ann", "")
		release := s.holdCommits()
		c.send(`{"type":"note_update","noteId":"n","changes":{"content":"first"}}`)
		go c.send(`{"type":"note_update","noteId":"n","changes":{"content":"second"}}`)
		c.silent()
		close(release)
		c.gets(`{"type":"note_update_success","version":2,"updatedNote":{"content":"first"}}`)
		c.gets(`{"type":"note_update_success","version":3,"updatedNote":{"content":"second"}}`)
	})
}

func TestEveryCloseCodeSaysByItsRangeWhetherToReconnect(t *testing.T) {
	back := []CloseCode{CloseGoingAway, CloseSlow, CloseUnresponsive, CloseTokenExpired, CloseAuthTimeout, CloseTooMany, CloseInternal}
	stay := []CloseCode{CloseNormal, CloseTooLarge, CloseAuthFailed, CloseAccessLost, CloseAccountChange}
	for _, code := range back {
		if !code.Reconnect() {
			t.Errorf("%d says to stay away", code)
		}
	}
	for _, code := range stay {
		if code.Reconnect() {
			t.Errorf("%d says to come back", code)
		}
	}
}
