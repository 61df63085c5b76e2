package transport

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// seal signs a message as the ancestor's client does.
func seal(secret, payload, nonce string, at time.Time) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, `{"payload":%s,"timestamp":%d,"nonce":%q}`, payload, at.UnixMilli(), nonce)
	signature, _ := json.Marshal(base64.StdEncoding.EncodeToString(mac.Sum(nil))) // a string always is JSON
	return fmt.Sprintf(`{"payload":%s,"signature":%s,"timestamp":%d,"nonce":%q}`, payload, signature, at.UnixMilli(), nonce)
}

const (
	pinging   = `{"type":"ping"}`
	ponged    = `{"type":"pong"}`
	notSigned = `{"type":"error","message":"Message authentication failed","code":"unauthenticated"}`
)

// signs opens a socket, signs in and returns what to sign with.
func (s *server) signs(user string) (*client, string) {
	s.Helper()
	c := s.connect()
	c.gets(`{"type":"connection_established"}`)
	c.send(`{"type":"auth","token":"` + user + `"}`)
	secret, _ := c.gets(`{"type":"auth_success"}`)["sessionSecret"].(string)
	return c, secret
}

func TestASignedMessageDoesWhatItSays(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c, secret := s.signs("ann")
		c.send(seal(secret, pinging, "1", time.Now()))
		c.gets(ponged)
		c.send(seal(secret, `{"type":"note_update","noteId":"n","mutationId":"m","changes":{"content":"<signed> & é"}}`, "2", time.Now()))
		c.gets(`{"type":"note_update_success","mutationId":"m","updatedNote":{"content":"<signed> & é"}}`)
		c.send(pinging) // signing is the client's to choose
		c.gets(ponged)
	})
}

func TestReplayedLateAndForgedMessagesAreRefusedInTheAncestorsWords(t *testing.T) {
	bubble(t, func(s *server) {
		c, secret := s.signs("ann")
		refused := func(what, frame string) {
			t.Helper()
			c.send(frame)
			if m := c.gets(notSigned); t.Failed() {
				t.Fatalf("%s: %v", what, m)
			}
		}
		first := seal(secret, pinging, "1", time.Now())
		c.send(first)
		c.gets(ponged)
		refused("replayed", first)
		refused("signed with another secret", seal("0000", pinging, "2", time.Now()))
		refused("too old", seal(secret, pinging, "3", time.Now().Add(-5*time.Minute-time.Millisecond)))
		refused("too new", seal(secret, pinging, "4", time.Now().Add(time.Minute+time.Millisecond)))
		c.send(seal(secret, pinging, "5", time.Now().Add(-5*time.Minute)))
		c.gets(ponged)
		c.send(seal(secret, pinging, "6", time.Now().Add(time.Minute)))
		c.gets(ponged)
		later(5 * time.Minute)
		refused("replayed at the last moment", first)
		later(10 * time.Minute)
		refused("replayed when its nonce is forgotten", first)
		c.silent()
	})
}

func TestAnEnvelopeBeforeThereIsASecretIsRefused(t *testing.T) {
	bubble(t, func(s *server) {
		c := s.connect()
		c.gets(`{"type":"connection_established"}`)
		c.send(seal("", pinging, "1", time.Now()))
		c.gets(notSigned)
		c.send(pinging)
		c.gets(ponged)
	})
}

// T1: after a reconnect the ancestor's client signs its auth with the secret of the connection
// that is gone, is refused, and loops for ever.
func TestAnEnvelopedAuthWithADeadSecretSignsInByItsToken(t *testing.T) {
	bubble(t, func(s *server) {
		first, dead := s.signs("ann")
		first.hangUp()
		later(time.Hour)
		c := s.connect()
		c.gets(`{"type":"connection_established"}`)
		c.send(seal(dead, `{"type":"auth","token":"ann"}`, "1", time.Now().Add(-time.Hour)))
		secret, _ := c.gets(`{"type":"auth_success","userId":"ann"}`)["sessionSecret"].(string)
		c.send(seal(secret, pinging, "2", time.Now()))
		c.gets(ponged)
		c.send(seal(dead, `{"type":"auth","token":"forged"}`, "3", time.Now())) // and by nothing else
		c.gets(`{"type":"auth_failed","reason":"auth-failed"}`)
		c.over(CloseAuthFailed, "Authentication failed")
	})
}

// T2: without a secret the ancestor's client spins for ever.
func TestEverySignInOnASocketHasASecret(t *testing.T) {
	bubble(t, func(s *server) {
		login := loginOf("ann")
		for name, c := range map[string]*client{
			"a token with the request": s.serve(func(c *client) error { return s.ServeAccount(s.Context(), c, checkToken, &login, "") }),
			"nobody's token":           s.serve(func(c *client) error { return s.ServeAccount(s.Context(), c, checkToken, &Login{User: "local"}, "") }),
		} {
			c.gets(`{"type":"connection_established"}`)
			if secret, _ := c.gets(`{"type":"auth_success"}`)["sessionSecret"].(string); len(secret) != 64 {
				t.Errorf("%s: the secret is %q", name, secret)
			}
		}
		for _, login := range []Login{{}, loginOf("ann")} { // behind a gateway
			saved, c := Saved{ID: "c", Login: login}, newClient(s.T)
			if !s.Turn(s.Context(), c, &saved, checkToken, []byte(`{"type":"auth","token":"ann"}`)) {
				t.Error("it ended")
			}
			c.gets(`{"type":"connection_established"}`)
			secret := ""
			for _, f := range c.take() {
				if m := c.object(f.Data); m["type"] == "auth_success" {
					secret, _ = m["sessionSecret"].(string)
				}
			}
			next := newClient(s.T)
			if secret == "" || !s.Turn(s.Context(), next, &saved, checkToken, []byte(seal(secret, pinging, "1", time.Now()))) {
				t.Errorf("the secret is %q", secret)
			}
			next.gets(ponged)
		}
	})
}

// T11: each auth rotates the ancestor's secret, and what was signed before is refused.
func TestAMessageSignedBeforeTheClientHeardOfItsNewSecretCounts(t *testing.T) {
	bubble(t, func(s *server) {
		c, old := s.signs("ann")
		later(10 * time.Minute) // another window, and so another secret
		c.send(seal(old, `{"type":"auth","token":"ann"}`, "1", time.Now()))
		c.send(seal(old, pinging, "2", time.Now()))
		secret, _ := c.gets(`{"type":"auth_success"}`)["sessionSecret"].(string)
		c.gets(ponged)
		c.send(seal(secret, pinging, "3", time.Now()))
		c.gets(ponged)
		if secret == old {
			t.Error("the secret is the same")
		}
	})
}

// The ancestor's client may sign with a secret of the message's own five minutes.
func TestASecretOfTheMessagesWindowCounts(t *testing.T) {
	var g signing
	at := time.UnixMilli(1758000123456)
	g.issue("test.jwt.token", "user_2abc123", at.Add(-20*time.Minute))
	e, _ := wire.Unseal([]byte(seal("2b2d68cbe1039d06d055f2c27ffe8a775fb5a6579af71c8bab3bc78d11679144", pinging, "1", at)))
	if !g.genuine(&e, at) {
		t.Error("it does not")
	}
}

// T15: the ancestor drops a message that comes too fast, and does not say which.
func TestASignedMessageThatIsRefusedIsNamed(t *testing.T) {
	bubble(t, func(s *server) {
		c, secret := s.signs("ann")
		update := `{"type":"note_update","noteId":"n","mutationId":"m","changes":{}}`
		c.send(seal("0000", update, "1", time.Now()))
		c.gets(`{"type":"error","message":"Message authentication failed","noteId":"n","mutationId":"m"}`)
		for range s.Options.Messages {
			c.send(pinging)
		}
		c.take()
		c.send(seal(secret, update, "2", time.Now()))
		c.gets(`{"type":"error","code":"rate_limited","noteId":"n","mutationId":"m"}`)
	})
}

// T14: the ancestor's nonces grow without a bound, and are then forgotten all at once.
func TestNoncesAreBoundedAndNoMessageCanBeReplayed(t *testing.T) {
	var g signing
	now := time.UnixMilli(1758000000000)
	key := g.issue("token", "ann", now)
	var all []wire.Envelope
	for i := range 3 * mostNonces {
		now = now.Add(10 * time.Millisecond) // faster than any bound on messages
		e, _ := wire.Unseal([]byte(seal(key, pinging, fmt.Sprint(i), now)))
		if !g.genuine(&e, now) {
			t.Fatalf("message %d is refused", i)
		}
		all = append(all, e)
		if len(g.seen) > mostNonces {
			t.Fatalf("%d nonces", len(g.seen))
		}
	}
	for i := range all {
		if g.genuine(&all[i], now) {
			t.Fatalf("message %d can be replayed", i)
		}
	}
}
