package transport

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

const (
	// How old a signed message may be, and how far in the future (A1.6).
	oldestSigned = 5 * time.Minute
	newestSigned = time.Minute

	// mostNonces bounds what a connection remembers against replays, to about 200 KB. In the
	// time that a message can be replayed the bound on messages lets half as many through.
	mostNonces = 4096
)

// signing checks the signed messages of one connection. The zero value has no secret yet. One
// goroutine uses it.
type signing struct {
	secrets []issued           // the newest first
	seen    map[[16]byte]int64 // the timestamps of messages that came, by digests of their nonces
	floor   int64              // messages that are no younger are refused: their nonces were forgotten
}

// issued is a secret that the client was told, and what it was made of.
type issued struct {
	secret, token string
	user          notes.UserID
}

// issue makes the secret of an auth message. The one before stays good: the client may sign
// with it until it hears of the new one.
func (g *signing) issue(token string, user notes.UserID, now time.Time) string {
	next := issued{secret(token, user, now), token, user}
	if len(g.secrets) == 0 || g.secrets[0] != next {
		g.secrets = slices.Insert(g.secrets, 0, next)
		g.secrets = g.secrets[:min(2, len(g.secrets))]
	}
	return next.secret
}

// current returns the newest secret; empty if there is none.
func (g *signing) current() string {
	if len(g.secrets) == 0 {
		return ""
	}
	return g.secrets[0].secret
}

// genuine reports whether an envelope is signed, of now, and not seen before.
func (g *signing) genuine(e *wire.Envelope, now time.Time) bool {
	age := now.UnixMilli() - e.Timestamp
	if age > oldestSigned.Milliseconds() || age < -newestSigned.Milliseconds() || !g.signed(e) {
		return false
	}
	digest := sha256.Sum256(fmt.Appendf(nil, "%s:%d", e.Nonce, e.Timestamp))
	id := [16]byte(digest[:16])
	if _, replayed := g.seen[id]; replayed || e.Timestamp <= g.floor {
		return false
	}
	if g.seen == nil {
		g.seen = map[[16]byte]int64{}
	}
	g.seen[id] = e.Timestamp
	g.forget(now)
	return true
}

// signed tries what the client was told, and what an ancestor's client may have made itself of
// the same token.
func (g *signing) signed(e *wire.Envelope) bool {
	return slices.ContainsFunc(g.secrets, func(i issued) bool {
		return e.SignedWith(i.secret) || i.token != "" && e.SignedWith(secret(i.token, i.user, time.UnixMilli(e.Timestamp)))
	})
}

// forget makes room: what is too old to be replayed goes, and if need be the older half, with
// all that is as old.
func (g *signing) forget(now time.Time) {
	if len(g.seen) < mostNonces {
		return
	}
	g.floor = max(g.floor, now.Add(-oldestSigned).UnixMilli()-1)
	g.drop()
	if len(g.seen) < mostNonces/2 {
		return
	}
	times := make([]int64, 0, len(g.seen))
	for _, at := range g.seen {
		times = append(times, at)
	}
	slices.Sort(times)
	g.floor = max(g.floor, times[len(times)/2])
	g.drop()
}

func (g *signing) drop() {
	for id, at := range g.seen {
		if at <= g.floor {
			delete(g.seen, id)
		}
	}
}

var errNotGenuine = notes.Refuse(notes.Unauthenticated, "Message authentication failed")
