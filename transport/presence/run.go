package presence

import (
	"context"
	"time"
)

// Run ends leases, and says to other instances again what senders here show, until ctx ends.
func (r *Rooms) Run(ctx context.Context) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			for _, m := range r.all() {
				m.tick(now)
			}
		}
	}
}
