package auth

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

const CacheSize = cacheSize

// CacheEntriesAfter puts n tokens into a cache and counts what it still holds.
func CacheEntriesAfter(n int) int {
	var c cache
	now := time.Unix(0, 0)
	for i := range n {
		var digest [sha256.Size]byte
		binary.BigEndian.PutUint64(digest[:], uint64(i))
		c.put(digest, Identity{ExpiresAt: now.Add(time.Hour)}, now)
	}
	return len(c.young) + len(c.old)
}
