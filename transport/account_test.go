package transport

import (
	"testing"
	"time"

	"notewire/notes"
)

func TestTheHandshakeIsAsTheAncestorsClientsKnowIt(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.connect()
		hello := c.gets(`{"type":"connection_established","message":"Please authenticate to continue"}`)
		c.send(`{"type":"auth","token":"ann","unknown":1}`)
		m := c.gets(`{"type":"auth_success","message":"Authentication successful","userId":"ann","cursor":"epoch-1"}`)
		if m["connectionId"] != hello["connectionId"] || m["connectionId"] == nil {
			t.Errorf("two connection ids: %v, %v", hello["connectionId"], m["connectionId"])
		}
		if m["sessionSecret"] != secret("ann", "ann", time.Now()) {
			t.Errorf("secret %v", m["sessionSecret"])
		}
		c.silent()
	})
}

// The test vector of A1.6.
func TestTheSessionSecretIsTheAncestors(t *testing.T) {
	got := secret("test.jwt.token", "user_2abc123", time.UnixMilli(1758000123456))
	if want := "2b2d68cbe1039d06d055f2c27ffe8a775fb5a6579af71c8bab3bc78d11679144"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if a, b := secret("", "local", time.Now()), secret("", "local", time.Now()); a == b || len(a) != 64 {
		t.Errorf("without a token the secret can be guessed: %s, %s", a, b)
	}
}

func TestAConnectionThatDoesNotAuthenticateEndsAfter30Seconds(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.connect()
		c.gets(`{"type":"connection_established"}`)
		later(30*time.Second - 1)
		c.send(`{"type":"ping"}`) // does not count
		c.gets(`{"type":"pong"}`)
		c.silent()
		later(1)
		c.gets(`{"type":"error","message":"Authentication timeout. Connection will be closed."}`)
		c.over(CloseAuthTimeout, "no auth in time")
	})
}

func TestATokenThatIsNoGoodEndsTheConnection(t *testing.T) {
	for _, c := range []struct {
		token, answer, reason string
		code                  CloseCode
	}{
		{"expired", `{"type":"auth_failed","message":"Token expired","reason":"token-expired"}`, "Token expired", CloseTokenExpired},
		{"forged", `{"type":"auth_failed","message":"Authentication failed","reason":"auth-failed"}`, "Authentication failed", CloseAuthFailed},
		{"", `{"type":"auth_failed","message":"Authentication failed","reason":"auth-failed"}`, "Authentication failed", CloseAuthFailed},
	} {
		bubble(t, func(s *server) {
			first, again := s.connect(), s.signIn("ann", "")
			first.gets(`{"type":"connection_established"}`)
			for _, client := range []*client{first, again} {
				client.send(`{"type":"auth","token":"` + c.token + `"}`)
				client.gets(c.answer)
				client.over(c.code, c.reason)
			}
		})
	}
}

func TestATokenThatCannotBeCheckedNowLeavesTheConnectionAlone(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.connect()
		c.gets(`{"type":"connection_established"}`)
		c.send(`{"type":"auth","token":"unchecked"}`)
		c.gets(`{"type":"error","code":"unavailable","retryAfterMs":1000}`)
		c.send(`{"type":"auth","token":"ann"}`)
		c.gets(`{"type":"auth_success"}`)
	})
}

func TestAuthAgainKeepsThePlaceAndRefreshesTheToken(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.signIn("ann", "")
		s.do("ann", "n", notes.Create{})
		c.gets(`{"type":"note_created_sync","cursor":"epoch-1"}`)
		later(50 * time.Minute)
		c.send(`{"type":"auth","token":"ann","cursor":"0"}`) // a cursor counts only the first time
		m := c.gets(`{"type":"auth_success","userId":"ann","cursor":"epoch-1"}`)
		if m["sessionSecret"] != secret("ann", "ann", time.Now()) {
			t.Error("the secret did not change")
		}
		later(59*time.Minute - 1)
		c.silent()
		later(1)
		c.gets(`{"type":"token_expiring"}`)
		later(time.Minute)
		c.gets(`{"type":"auth_failed","reason":"token-expired"}`)
		c.over(CloseTokenExpired, "the token is too old")
	})
}

func TestAuthForAnotherAccountNeedsAnotherConnection(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.signIn("ann", "")
		c.send(`{"type":"auth","token":"bob"}`)
		c.gets(`{"type":"auth_failed","reason":"auth-failed"}`)
		c.over(CloseAccountChange, "another account needs another connection")
	})
}

func TestAConnectionEndsWhenItsTokenIsAnHourOld(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		socket, stream := s.signIn("ann", ""), s.stream("ann", "")
		later(59*time.Minute - 1)
		socket.silent()
		stream.silent()
		later(1)
		for _, c := range []*client{socket, stream} {
			m := c.gets(`{"type":"token_expiring","inMs":60000}`)
			if m["expiresAt"] != float64(time.Now().Add(time.Minute).UnixMilli()) || m["connectionId"] == nil {
				t.Errorf("%v", m)
			}
		}
		later(time.Minute - 1)
		socket.silent()
		stream.silent()
		later(1)
		for _, c := range []*client{socket, stream} {
			c.gets(`{"type":"auth_failed","message":"Token expired","reason":"token-expired"}`)
			c.over(CloseTokenExpired, "the token is too old")
		}
		c := s.live("ann", "n", "")
		c.gets(`{"type":"initial"}`)
		later(time.Hour)
		c.gets(`{"type":"token_expiring"}`)
		c.gets(`{"type":"reconnect","code":4003,"reason":"the token is too old"}`)
		c.over(CloseTokenExpired, "the token is too old")
	})
}

func TestALoginWithoutATimeDoesNotGetStale(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.serve(func(c *client) error {
			return s.ServeAccount(s.Context(), c, checkToken, &Login{User: "local"}, "")
		})
		c.gets(`{"type":"connection_established"}`)
		c.gets(`{"type":"auth_success","userId":"local"}`)
		later(3 * time.Hour)
		c.silent()
	})
}

func TestATokenThatCameWithTheRequestSignsInAtItsCursor(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		login := loginOf("ann")
		c := s.serve(func(c *client) error { return s.ServeAccount(s.Context(), c, checkToken, &login, "0") })
		c.gets(`{"type":"connection_established"}`)
		c.gets(`{"type":"auth_success","userId":"ann","cursor":"epoch-0"}`)
		c.gets(`{"type":"note_created_sync","cursor":"epoch-1"}`)
		later(40 * time.Second) // no auth is missing
		c.silent()
	})
}

func TestAnAccountHasABoundedNumberOfConnections(t *testing.T) {
	bubble(t, func(s *server) {
		var sockets []*client
		for range s.Options.Sockets {
			sockets = append(sockets, s.signIn("ann", ""))
		}
		s.stream("ann", "") // counted apart
		sockets[0].send(`{"type":"auth","token":"ann"}`)
		sockets[0].gets(`{"type":"auth_success"}`) // it does not count itself again
		tooMany := s.connect()
		tooMany.gets(`{"type":"connection_established"}`)
		tooMany.send(`{"type":"auth","token":"ann"}`)
		tooMany.gets(`{"type":"error","message":"Maximum connections exceeded for this user","code":"rate_limited","retryAfterMs":25000}`)
		tooMany.over(CloseTooMany, "too many connections")
		s.signIn("bob", "")
		sockets[1].hangUp()
		s.signIn("ann", "")
	})
}

func TestConnectionsOfNobodyAreCountedTogether(t *testing.T) {
	s := NewSessions(&Sessions{Options: Options{Anonymous: 2, Sockets: 5, Streams: 5}})
	release, err := s.Admit("", true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = s.Admit("", false); err != nil || s.Open() != 2 {
		t.Errorf("%d are open, %v", s.Open(), err)
	}
	if _, err := s.Admit("", true); notes.CodeOf(err) != notes.RateLimited {
		t.Errorf("a third one: %v", err)
	}
	release()
	if _, err := s.Admit("", false); err != nil {
		t.Errorf("in the place of one that left: %v", err)
	}
}

// A stream is signed in before it begins; only its first frame waits for the log.
func TestAStreamWhoseLogDoesNotAnswerHasNoAuthTimeout(t *testing.T) {
	bubble(t, func(s *server) {
		answer := make(chan struct{})
		s.log.onHead = func() { <-answer }
		c := s.serve(func(c *client) error { return s.StreamAccount(c.ctx, c, loginOf("ann"), "") })
		later(s.Options.AuthTimeout)
		c.silent()
		close(answer)
		c.gets(`{"type":"auth_success","userId":"ann","sessionSecret":null}`)
	})
}
