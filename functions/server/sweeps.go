package main

import (
	"context"
	"log/slog"
	"time"

	"notewire/dynamo"
	"notewire/notes"
)

// uploads that are not committed after a day never will be.
const (
	uploadsStale = 24 * time.Hour
	sweepEvery   = time.Hour
)

// sweepUploads removes what crashed commits left behind, until ctx ends.
func sweepUploads(ctx context.Context, store *dynamo.Store, log *slog.Logger) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			n, err := store.SweepUploads(ctx, now.Add(-uploadsStale))
			if err != nil && ctx.Err() == nil {
				log.Warn("uploads could not be swept", "error", err)
			}
			if n > 0 {
				log.Info("swept uploads that were never committed", "uploads", n)
			}
		}
	}
}

// sweepPurged removes what purged notes were, every few seconds, until ctx ends.
func sweepPurged(ctx context.Context, store *dynamo.Store, log *slog.Logger) {
	ticker := time.NewTicker(lateAfter)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		n, err := store.SweepPurged(ctx)
		if err != nil && ctx.Err() == nil {
			log.Warn("purged notes could not be removed; trying again", "error", err)
		}
		if n > 0 {
			log.Info("removed what was purged", "notes", n)
		}
	}
}

// lateAfter is how long the instance that committed a change has to tell all members of it.
const lateAfter = 5 * time.Second

// sweepLate tells members of large notes what another instance, or this one before it was
// stopped, committed and did not tell them: at once, and then every few seconds, until ctx
// ends.
func sweepLate(ctx context.Context, service *notes.Service, log *slog.Logger) {
	ticker := time.NewTicker(lateAfter)
	defer ticker.Stop()
	for before := time.Now(); ; {
		n, err := service.SweepLate(ctx, before)
		if err != nil && ctx.Err() == nil {
			log.Warn("members of large notes could not be told of changes; trying again", "error", err)
		}
		if n > 0 {
			log.Info("told members of changes that were committed without them", "notes", n)
		}
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			before = now.Add(-lateAfter)
		}
	}
}
