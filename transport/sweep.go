package transport

import (
	"cmp"
	"context"
	"log/slog"
	"time"
)

// SweepEvery looks, until ctx ends, how far the logs that are followed have grown: that is
// how an instance of a fleet learns what no hint told it.
func (h *Hub) SweepEvery(ctx context.Context, every time.Duration, log *slog.Logger) {
	sweepEvery(ctx, every, h.Sweep, func(err error) { log.Warn("logs could not be swept for news", "error", err) })
}

// sweepEvery sweeps until ctx ends. failed hears of what fails before.
func sweepEvery(ctx context.Context, every time.Duration, sweep func(context.Context) error, failed func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := sweep(ctx); err != nil && ctx.Err() == nil {
				failed(err)
			}
		}
	}
}

// sweepers is how many logs are asked at a time.
const sweepers = 8

// Sweep looks once. A log that cannot be asked does not keep it from the others.
func (h *Hub) Sweep(ctx context.Context) error {
	h.mu.Lock()
	tails := make(chan *tail, len(h.tails))
	for _, t := range h.tails {
		tails <- t
	}
	h.mu.Unlock()
	close(tails)
	errs := make(chan error, sweepers)
	for range sweepers {
		go func() { errs <- h.sweep(ctx, tails) }()
	}
	var err error
	for range sweepers {
		err = cmp.Or(err, <-errs)
	}
	return err
}

// sweep returns the first error, which is much like the others.
func (h *Hub) sweep(ctx context.Context, tails <-chan *tail) (first error) {
	for t := range tails {
		head, err := h.log.Head(ctx, t.stream)
		if err == nil {
			t.hint(head)
		}
		first = cmp.Or(first, err)
	}
	return first
}
