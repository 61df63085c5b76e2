package transport

import "time"

// rate is a fixed window, as the ancestor counts (A1.7). One goroutine uses it.
type rate struct {
	limit  int
	window time.Duration
	begun  time.Time
	count  int
}

// take counts a message, and returns how long to wait if it is one too many.
func (r *rate) take(now time.Time) time.Duration {
	if now.Sub(r.begun) >= r.window {
		r.begun, r.count = now, 0
	}
	r.count++
	if r.count <= r.limit {
		return 0
	}
	return r.begun.Add(r.window).Sub(now)
}
