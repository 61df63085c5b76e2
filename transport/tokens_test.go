package transport

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
)

// follower follows the frames of one log, and fails the test if one is missing, comes twice or in
// another order.
type follower struct {
	*client
	at int64
}

// take takes what has come, and returns how many of each type.
func (p *follower) take() map[string]int {
	p.Helper()
	kinds := map[string]int{}
	for _, f := range p.client.take() {
		m := p.object(f.Data)
		kind, _ := m["type"].(string)
		kinds[kind]++
		c, inLog := notes.ParseCursor(f.Cursor, "epoch")
		switch {
		case kind == "auth_success" && c.Seq != p.at:
			p.Fatalf("signed in again at %d; it is at %d", c.Seq, p.at)
		case kind != "auth_success" && inLog && f.Cursor != "":
			if p.at++; c.Seq != p.at {
				p.Fatalf("event %d came in the place of %d: %s", c.Seq, p.at, f.Data)
			}
		}
	}
	return kinds
}

const (
	tokenLife = time.Minute
	oneDay    = 24 * time.Hour
	refreshes = int(oneDay / tokenLife) // 1,440
)

// A token is refreshed when the server says that it must be, and a change is written from
// elsewhere, and by the client itself, at that very moment. T13: the ancestor's client lives on
// with a token that is long over. T12: it handles messages side by side, whatever their order.
func TestADayOfTokensThatLiveAMinuteLosesNothingOnAWebSocket(t *testing.T) {
	bubble(t, func(s *server) {
		s.Options.TokenStaleness = 75 * time.Second // warned of 15 s before
		s.do("ann", "n", notes.Create{})
		p := &follower{s.signIn("ann", ""), 1}
		for i := range refreshes {
			later(tokenLife)
			if got := p.take(); got["token_expiring"] != 1 || len(got) != 1 {
				t.Fatalf("minute %d: %v", i, got)
			}
			var both sync.WaitGroup
			both.Go(func() { s.write("ann", "n", fmt.Sprint("elsewhere ", i)) })
			p.send(fmt.Sprintf(`{"type":"note_update","noteId":"n","mutationId":"a-%d","changes":{"content":"a%d"}}`, i, i))
			p.send(`{"type":"auth","token":"ann"}`)
			p.send(fmt.Sprintf(`{"type":"note_update","noteId":"n","mutationId":"b-%d","changes":{"content":"b%d"}}`, i, i))
			both.Wait()
			got := p.take()
			if got["auth_success"] != 1 || got["note_sync"] != 1 || got["note_update_success"] != 2 || len(got) != 3 {
				t.Fatalf("minute %d: %v", i, got)
			}
		}
		if want := int64(1 + 3*refreshes); p.at != want {
			t.Errorf("it is at %d, want %d", p.at, want)
		}
		p.silent()
	})
}

func TestADayOfTokensThatLiveAMinuteLosesNothingOnAStream(t *testing.T) {
	bubble(t, func(s *server) {
		s.Options.TokenStaleness = 75 * time.Second
		s.do("ann", "n", notes.Create{})
		p := &follower{s.stream("ann", ""), 1}
		id := ""
		for i := range refreshes {
			later(tokenLife)
			m := p.gets(`{"type":"token_expiring","inMs":15000}`)
			if again, _ := m["connectionId"].(string); id == "" {
				id = again
			} else if again != id {
				t.Fatalf("minute %d: the connection is %q, and was %q", i, again, id)
			}
			var both sync.WaitGroup
			both.Go(func() { s.write("ann", "n", fmt.Sprint("elsewhere ", i)) })
			until, err := s.Refresh(s.Context(), id, loginOf("ann"))
			if err != nil || !until.Equal(time.Now().Add(75*time.Second)) {
				t.Fatalf("minute %d: until %v, %v", i, until, err)
			}
			both.Wait()
			if got := p.take(); got["note_sync"] != 1 || len(got) != 1 {
				t.Fatalf("minute %d: %v", i, got)
			}
		}
		if want := int64(1 + refreshes); p.at != want {
			t.Errorf("it is at %d, want %d", p.at, want)
		}
		later(75 * time.Second)
		if got := p.take(); got["token_expiring"] != 1 || got["auth_failed"] != 1 {
			t.Errorf("without another token: %v", got)
		}
		p.over(CloseTokenExpired, "the token is too old")
	})
}

func TestOnlyTheSameSignInRefreshesAConnection(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		note := s.live("ann", "n", "")
		id, _ := note.gets(`{"type":"initial"}`)["sessionId"].(string)
		later(30 * time.Minute)
		elsewhere := loginOf("ann")
		elsewhere.SID = "sess_other"
		for name, c := range map[string]struct {
			id    string
			login Login
		}{
			"another account": {id, loginOf("bob")},
			"another sign-in": {id, elsewhere},
			"no connection":   {"absent", loginOf("ann")},
		} {
			if _, err := s.Refresh(s.Context(), c.id, c.login); notes.CodeOf(err) != notes.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.another().Refresh(s.Context(), id, loginOf("ann")); notes.CodeOf(err) != notes.NotFound {
			t.Errorf("an instance that does not hold it: %v", err)
		}
		if _, err := s.Refresh(s.Context(), id, loginOf("ann")); err != nil {
			t.Fatal(err)
		}
		later(59*time.Minute - 1)
		note.silent()
		note.hangUp()
		if _, err := s.Refresh(s.Context(), id, loginOf("ann")); notes.CodeOf(err) != notes.NotFound {
			t.Errorf("a connection that has ended: %v", err)
		}
	})
}

// Refreshes may overtake each other: T11, several auth messages at a time.
func TestAnOlderTokenDoesNotTakeTimeFromAConnection(t *testing.T) {
	bubble(t, func(s *server) {
		old := loginOf("ann")
		later(10 * time.Minute)
		c := s.stream("ann", "")
		id := ""
		for known := range s.running.byID {
			id = known
		}
		until, err := s.Refresh(s.Context(), id, old)
		if want := time.Now().Add(time.Hour); err != nil || !until.Equal(want) {
			t.Errorf("until %v, %v; want %v", until, err, want)
		}
		later(59*time.Minute - 1)
		c.silent()
	})
}

// A client that is told, and has no other token, is told why it ends.
func TestATokenThatIsAlmostStaleIsWarnedOfAtOnce(t *testing.T) {
	bubble(t, func(s *server) {
		login := loginOf("ann")
		time.Sleep(time.Hour - 10*time.Second)
		c := s.serve(func(c *client) error { return s.ServeAccount(s.Context(), c, checkToken, &login, "") })
		c.gets(`{"type":"connection_established"}`)
		c.gets(`{"type":"auth_success"}`)
		c.gets(`{"type":"token_expiring","inMs":10000}`)
		later(10 * time.Second)
		c.gets(`{"type":"auth_failed","reason":"token-expired"}`)
		c.over(CloseTokenExpired, "the token is too old")
	})
}

// T8: the ancestor's client loses what happens while it is away for a token.
func TestAConnectionThatEndedForItsTokenGoesOnFromItsCursor(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.stream("ann", "")
		s.write("ann", "n", "before")
		cursor, _ := c.gets(`{"type":"note_sync"}`)["cursor"].(string)
		later(time.Hour)
		c.gets(`{"type":"token_expiring"}`)
		c.gets(`{"type":"auth_failed","reason":"token-expired"}`)
		c.over(CloseTokenExpired, "the token is too old")
		for i := range 3 {
			s.write("ann", "n", fmt.Sprint("away ", i))
		}
		for _, back := range []*client{s.stream("ann", cursor), s.signIn("ann", cursor)} {
			p := &follower{back, 2}
			if got := p.take(); got["note_sync"] != 3 || len(got) != 1 {
				t.Errorf("%v", got)
			}
		}
	})
}

// A turn has no timer: its token is looked at when it begins.
func TestATurnWithAStaleTokenDoesNothingButEnd(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		for _, note := range []notes.NoteID{"", "n"} {
			saved := Saved{ID: "c", Login: loginOf("ann"), Note: note, Begun: true, Cursor: "epoch-1", Member: true, Opened: 1}
			later(time.Hour)
			c := newClient(s.T)
			if s.Turn(s.Context(), c, &saved, checkToken, []byte(`{"type":"note_update","noteId":"n","changes":{"content":"late"}}`)) {
				t.Error("it goes on")
			}
			synctest.Wait()
			if got := <-c.closed; got.code != CloseTokenExpired {
				t.Errorf("closed with %v", got)
			}
		}
		if head, err := s.Service.NoteVersion(s.Context(), "n"); head != 1 || err != nil {
			t.Errorf("the note is at %d, %v", head, err)
		}
	})
}
