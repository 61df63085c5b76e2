package transport

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
)

// T13: the ancestor's sockets live on after a sign-out elsewhere.
func TestASignOutEndsTheConnectionsOfItsSignInHereAtOnce(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		socket, stream, note := s.signIn("ann", ""), s.stream("ann", ""), s.live("ann", "n", "epoch-1")
		others := []*client{s.signIn("bob", ""), s.connect()}
		others[1].gets(`{"type":"connection_established"}`)
		if err := s.SignOut(s.Context(), "sess_ann", time.Time{}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*client{socket, stream} {
			c.gets(`{"type":"auth_failed","reason":"signed-out","message":"Signed out"}`)
			c.over(CloseSignedOut, "signed out")
		}
		note.gets(`{"type":"error","code":"unauthenticated","message":"Signed out","noteId":"n"}`)
		note.over(CloseSignedOut, "signed out")
		for _, c := range others {
			c.silent()
		}
	})
}

func TestASignOutEndsConnectionsElsewhereWithinFiveSeconds(t *testing.T) {
	for _, after := range []time.Duration{0, time.Millisecond, 1500 * time.Millisecond, 2999 * time.Millisecond} {
		bubble(t, func(s *server) {
			s.do("ann", "n", notes.Create{})
			other := s.another()
			clients := []*client{other.signIn("ann", ""), other.stream("ann", ""), other.live("ann", "n", "epoch-1")}
			later(after)
			if err := s.SignOut(s.Context(), "sess_ann", time.Time{}); err != nil {
				t.Fatal(err)
			}
			later(5 * time.Second)
			for i, c := range clients {
				if got := c.take(); len(got) != 1 {
					t.Errorf("client %d got %d frames", i, len(got))
				}
				c.over(CloseSignedOut, "signed out")
			}
			if out, err := other.SignedOut(s.Context(), "sess_ann"); !out || err != nil {
				t.Errorf("its tokens are good elsewhere: %v, %v", out, err)
			}
		})
	}
}

// What was asked a moment ago is not asked again, and so a request may pass for a second.
func TestRequestsAreRefusedElsewhereWithinASecond(t *testing.T) {
	bubble(t, func(s *server) {
		other := s.another()
		if out, _ := other.SignedOut(s.Context(), "sess_ann"); out {
			t.Error("signed out too early")
		}
		if err := s.SignOut(s.Context(), "sess_ann", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if out, _ := s.SignedOut(s.Context(), "sess_ann"); !out {
			t.Error("not at once where it was asked for")
		}
		time.Sleep(time.Second)
		if out, err := other.SignedOut(s.Context(), "sess_ann"); !out || err != nil {
			t.Errorf("%v, %v", out, err)
		}
	})
}

// A sign-out is kept until no token and no connection of it can be left.
func TestASignOutOutlivesItsTokens(t *testing.T) {
	bubble(t, func(s *server) {
		_ = s.SignOut(s.Context(), "short", time.Now().Add(time.Minute))
		_ = s.SignOut(s.Context(), "long", time.Now().Add(3*time.Hour))
		ended := func() []string {
			sids, err := s.store.EndedSignIns(s.Context(), []string{"short", "never", "long"})
			if err != nil {
				t.Fatal(err)
			}
			return sids
		}
		time.Sleep(time.Hour + time.Second)
		if got := ended(); fmt.Sprint(got) != "[short long]" {
			t.Errorf("after an hour: %v", got)
		}
		time.Sleep(2 * time.Hour)
		if got := ended(); fmt.Sprint(got) != "[long]" {
			t.Errorf("after three: %v", got)
		}
	})
}

// A connection that begins while its sign-in ends does not slip through.
func TestAConnectionThatBeginsDuringASignOutEnds(t *testing.T) {
	bubble(t, func(s *server) {
		login := loginOf("ann") // was checked before
		if err := s.SignOut(s.Context(), login.SID, time.Time{}); err != nil {
			t.Fatal(err)
		}
		c := s.serve(func(c *client) error { return s.StreamAccount(c.ctx, c, login, "") })
		synctest.Wait()
		frames := c.take()
		if n := len(frames); n == 0 || c.object(frames[n-1].Data)["reason"] != "signed-out" {
			t.Errorf("%d frames", n)
		}
		c.over(CloseSignedOut, "signed out")
	})
}

// countedSignOuts counts calls and ids, and fails if it is told to.
type countedSignOuts struct {
	calls, sids, most atomic.Int64
	fail              atomic.Bool
}

func (c *countedSignOuts) EndSignIn(context.Context, string, time.Time) error {
	if c.fail.Load() {
		return errors.New("no answer")
	}
	return nil
}

func (c *countedSignOuts) EndedSignIns(_ context.Context, sids []string) ([]string, error) {
	c.calls.Add(1)
	c.sids.Add(int64(len(sids)))
	c.most.Store(max(c.most.Load(), int64(len(sids))))
	if c.fail.Load() {
		return nil, errors.New("no answer")
	}
	return nil, nil
}

func TestASweepAsksForEachSignInOnceInBoundedBatches(t *testing.T) {
	bubble(t, func(s *server) {
		counted := &countedSignOuts{}
		s.SignOuts = counted
		for i := range 120 {
			user := notes.UserID(fmt.Sprintf("user-%d", i))
			s.stream(user, "")
			s.stream(user, "") // of the same sign-in
		}
		if err := s.SweepSignOuts(s.Context()); err != nil {
			t.Fatal(err)
		}
		if calls, sids, most := counted.calls.Load(), counted.sids.Load(), counted.most.Load(); calls != 2 || sids != 120 || most > SignInsAtOnce {
			t.Errorf("%d calls for %d sign-ins, %d at once", calls, sids, most)
		}
	})
}

func TestABurstOfRequestsAsksOnce(t *testing.T) {
	bubble(t, func(s *server) {
		counted := &countedSignOuts{}
		s.SignOuts = counted
		for range 100 {
			if out, err := s.SignedOut(s.Context(), "sess_ann"); out || err != nil {
				t.Fatal(out, err)
			}
		}
		if n := counted.calls.Load(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		for i := range 3 * heardMost {
			_, _ = s.SignedOut(s.Context(), fmt.Sprint("sess_", i))
		}
		if n := len(s.heard.goOn); n > heardMost {
			t.Errorf("%d are remembered", n)
		}
	})
}

// A connection belongs to the sign-in of its last token.
func TestAuthWithATokenOfAnotherSignInMovesTheConnection(t *testing.T) {
	bubble(t, func(s *server) {
		bySID := func(_ context.Context, token string) (Login, bool, error) {
			return Login{User: "ann", SID: token, IssuedAt: time.Now()}, false, nil
		}
		c := s.serve(func(c *client) error { return s.ServeAccount(s.Context(), c, bySID, nil, "") })
		c.gets(`{"type":"connection_established"}`)
		for _, sid := range []string{"first", "second"} {
			c.send(`{"type":"auth","token":"` + sid + `"}`)
			c.gets(`{"type":"auth_success"}`)
		}
		for _, sid := range []string{"first", "second"} {
			c.silent()
			if err := s.SignOut(s.Context(), sid, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		c.gets(`{"type":"auth_failed","reason":"signed-out"}`)
		c.over(CloseSignedOut, "signed out")
	})
}

// A store without an answer lets nobody in, and ends nobody's connection.
func TestAStoreWithoutAnAnswerIsNoSignOut(t *testing.T) {
	bubble(t, func(s *server) {
		counted := &countedSignOuts{}
		s.SignOuts = counted
		c := s.stream("ann", "")
		counted.fail.Store(true)
		if _, err := s.SignedOut(s.Context(), "sess_new"); notes.CodeOf(err) != notes.Unavailable {
			t.Errorf("%v", err)
		}
		if err := s.SignOut(s.Context(), "sess_ann", time.Time{}); notes.CodeOf(err) != notes.Unavailable {
			t.Errorf("%v", err)
		}
		if err := s.SweepSignOuts(s.Context()); err == nil {
			t.Error("the sweep does not say so")
		}
		c.silent()
	})
}

// Between the turns of a connection that somebody else holds nothing runs.
func TestATurnOfASignInThatHasEndedDoesNothingButEnd(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		if err := s.another().SignOut(s.Context(), "sess_ann", time.Time{}); err != nil {
			t.Fatal(err)
		}
		update := []byte(`{"type":"note_update","noteId":"n","changes":{"content":"late"}}`)
		for _, note := range []notes.NoteID{"", "n"} {
			saved := Saved{ID: "c", Login: loginOf("ann"), Note: note, Begun: true, Cursor: "epoch-1", Member: true, Opened: 1}
			c := newClient(s.T)
			if s.Turn(s.Context(), c, &saved, checkToken, update) {
				t.Error("it goes on")
			}
			if got := <-c.closed; got.code != CloseSignedOut {
				t.Errorf("closed with %v", got)
			}
			aside := newClient(s.T)
			if s.Handle(s.Context(), aside, saved, update) {
				t.Error("a message beside the turns: it goes on")
			}
			if got := <-aside.closed; got.code != CloseSignedOut {
				t.Errorf("a message beside the turns: closed with %v", got)
			}
		}
		if head, err := s.Service.NoteVersion(s.Context(), "n"); head != 1 || err != nil {
			t.Errorf("the note is at %d, %v", head, err)
		}
	})
}

// L6: making a note private does not close the ancestor's sockets. T16: its instances do not
// see each other.
func TestLosingAccessEndsConnectionsElsewhereWithinFiveSeconds(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		s.do("ann", "n", notes.Share{Access: notes.Some(notes.Public), Members: []notes.Member{{User: "bob", Role: notes.Writer}}})
		other := s.another()
		member, stranger, nobody, owner := other.live("bob", "n", ""), other.live("cid", "n", ""), other.live("", "n", ""), other.live("ann", "n", "")
		for _, c := range []*client{member, stranger, nobody, owner} {
			c.gets(`{"type":"initial"}`)
		}
		s.do("ann", "n", notes.Share{Access: notes.Some(notes.Private), Remove: []notes.UserID{"bob"}})
		later(5 * time.Second)
		for _, c := range []*client{member, stranger, nobody} {
			c.gets(`{"type":"error","code":"forbidden"}`)
			c.over(CloseAccessLost, "Unauthorized")
		}
		owner.gets(`{"type":"update"}`)
		owner.silent()
	})
}
