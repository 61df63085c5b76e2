package transport

import (
	"context"
	"log/slog"
	"time"
)

// SweepEvery looks, until ctx ends, how far the logs that are followed have grown: that is
// how an instance of a fleet learns what no hint told it.
func (h *Hub) SweepEvery(ctx context.Context, every time.Duration, log *slog.Logger) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := h.Sweep(ctx); err != nil && ctx.Err() == nil {
				log.Warn("logs could not be swept for news", "error", err)
			}
		}
	}
}

// Sweep looks once.
func (h *Hub) Sweep(ctx context.Context) error {
	h.mu.Lock()
	tails := make([]*tail, 0, len(h.tails))
	for _, t := range h.tails {
		tails = append(tails, t)
	}
	h.mu.Unlock()
	for _, t := range tails {
		head, err := h.log.Head(ctx, t.stream)
		if err != nil {
			return err
		}
		t.hint(head)
	}
	return nil
}
