package feed

import (
	"sync"
	"time"
)

// doubtful reports whether the receiver is away, or was never seen.
func (t *turn) doubtful() bool { return !t.row.Proven || t.row.Failures > 0 }

// slow reports whether deliveries may take long.
func (t *turn) slow() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.doubtful() || t.f.pace.slow()
}

// slowAfter is how long deliveries take to a receiver that counts as slow.
const slowAfter = 500 * time.Millisecond

// pace is how long a receiver takes, lately. Safe for concurrent use.
type pace struct {
	mu   sync.Mutex
	mean time.Duration
}

func (p *pace) add(took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mean = (3*p.mean + took) / 4
}

func (p *pace) slow() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mean > slowAfter
}
