package main

import (
	"context"
	"log/slog"
	"time"

	"notewire/notes"
)

// thinner makes histories thinner after commits, if HISTORY_KEEP says so: one note after the
// other, so that commits have the store to themselves but for one reader. What it misses, because
// its queue is full or the process ends, is asked for again by the note's next versions, or done
// by notewire thin.
type thinner struct {
	service *notes.Service
	keep    int
	log     *slog.Logger
	due     chan notes.NoteID
	looked  map[notes.NoteID]time.Time // of the notes of the last hour; run's own
}

const (
	thinQueue = 256
	// thinAgain is how long a history is left alone: what may go changes by the day.
	thinAgain  = time.Hour
	lookedMost = 10_000 // notes that are remembered
)

// newThinner returns nil if all versions are kept.
func newThinner(service *notes.Service, keep int, log *slog.Logger) *thinner {
	if keep == 0 {
		return nil
	}
	return &thinner{service: service, keep: keep, log: log, due: make(chan notes.NoteID, thinQueue), looked: map[notes.NoteID]time.Time{}}
}

// committed is told how far a log has grown. It never blocks.
func (t *thinner) committed(topic notes.Topic, version int64) {
	if t == nil || topic.Note == "" || !notes.ThinDue(version) {
		return
	}
	select {
	case t.due <- topic.Note:
	default:
	}
}

// run thins what is due until ctx ends.
func (t *thinner) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-t.due:
			if !t.isTurn(id, time.Now()) {
				continue
			}
			n, err := t.service.Thin(ctx, id, t.keep)
			if err != nil && ctx.Err() == nil {
				t.log.Warn("a history could not be made thinner; trying again when the note has more versions", "note", id, "error", err)
			}
			if n > 0 {
				t.log.Info("removed old versions", "note", id, "versions", n)
			}
		}
	}
}

// isTurn reports whether the note was not looked at within the last hour.
func (t *thinner) isTurn(id notes.NoteID, now time.Time) bool {
	if now.Sub(t.looked[id]) < thinAgain {
		return false
	}
	if len(t.looked) >= lookedMost {
		clear(t.looked) // rather look once too often than remember for ever
	}
	t.looked[id] = now
	return true
}
