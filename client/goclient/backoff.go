package goclient

import (
	"cmp"
	"math/rand/v2"
	"time"
)

// Backoff says how long a follower waits before it connects again: a random time up to
// First, then up to twice that, and so on up to Most ("full jitter": after an outage not all
// come back at once). The zero value is 1 s and 30 s.
type Backoff struct {
	First, Most time.Duration
}

// most is how long the wait before that attempt can be; the first is number 0.
func (b Backoff) most(attempt int) time.Duration {
	first, most := cmp.Or(b.First, time.Second), cmp.Or(b.Most, 30*time.Second)
	for range attempt {
		if first >= most/2 {
			return most
		}
		first *= 2
	}
	return min(first, most)
}

func (b Backoff) wait(attempt int) time.Duration {
	return rand.N(b.most(attempt) + 1)
}
