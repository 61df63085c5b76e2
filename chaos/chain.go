package chaos

import (
	"context"
	"sync"
	"time"
)

// deliverChain sends edits each of which is of the one before it, as a device does that was
// away: mostly all at once, and then those that were not settled, in order.
func (w *writer) deliverChain(ctx context.Context, chain []*Mutation) {
	if len(chain) == 0 {
		return
	}
	switch p := w.rand.IntN(6); {
	case p < 3 && len(w.sockets) > 0: // dealt with in order
		w.askFrames(ctx, chain...)
	case p < 5:
		w.overlap(ctx, chain)
	}
	for _, m := range chain {
		if len(m.Attempts) == 0 || !w.settled(m, 1) || m.Attempts[len(m.Attempts)-1].Code == "base_gone" {
			w.deliver(ctx, m)
		}
	}
}

// overlap posts each edit a moment after the one before it. One that overtakes finds no base.
func (w *writer) overlap(ctx context.Context, chain []*Mutation) {
	var sending sync.WaitGroup
	for i, m := range chain {
		apart, server := time.Duration(i)*rand64(w.rand, 20*time.Millisecond), w.server()
		sending.Go(func() {
			pause(ctx, apart)
			w.attempt(ctx, m, server)
		})
	}
	sending.Wait()
}
