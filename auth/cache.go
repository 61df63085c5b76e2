package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// cacheTTL bounds how long a token outlives the key that verified it.
	cacheTTL = time.Minute

	// cacheSize is the entries of one generation: about 1 MB, and far more
	// sessions than an instance serves in a minute.
	cacheSize = 4096
)

// cache remembers verified tokens: a burst of requests with one token costs one
// RSA operation (60 µs against 1 µs). It holds digests, not tokens.
//
// Two generations bound it: when the young one is full it becomes the old one,
// and the old one is dropped. The zero value is ready. Safe for concurrent use.
type cache struct {
	mu         sync.Mutex // guards both maps
	young, old map[[sha256.Size]byte]remembered
}

type remembered struct {
	id    Identity
	until time.Time
}

func (c *cache) get(digest [sha256.Size]byte, now time.Time) (Identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry, ok := c.young[digest]
	if !ok {
		entry, ok = c.old[digest]
	}
	if !ok || !now.Before(entry.until) {
		return Identity{}, false
	}
	return entry.id, true
}

func (c *cache) put(digest [sha256.Size]byte, id Identity, now time.Time) {
	until := now.Add(cacheTTL)
	if id.ExpiresAt.Before(until) {
		until = id.ExpiresAt
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.young == nil || len(c.young) >= cacheSize {
		c.young, c.old = make(map[[sha256.Size]byte]remembered), c.young
	}
	c.young[digest] = remembered{id, until}
}
