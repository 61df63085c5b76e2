package notes

import (
	"context"
	"errors"
)

// thinTries bounds how often a history is looked at again because its note has changed.
const thinTries = 3

// marksInRead is how many versions are read at once.
const marksInRead = 500

// Thin removes from a note's history what the retention policy (see Thinned) does not keep, and
// returns how many versions that were. It reads the whole history, without texts; that of a note
// that is too young only in part. A note that changes all the time, or that is not there, is left
// as it is. Any number of instances may do it at once, and be stopped at any moment.
func (s *Service) Thin(ctx context.Context, id NoteID, keep int) (removed int, err error) {
	return s.thin(ctx, id, keep, s.store.Thin)
}

// Thinnable returns how many versions Thin would remove.
func (s *Service) Thinnable(ctx context.Context, id NoteID, keep int) (versions int, err error) {
	return s.thin(ctx, id, keep, func(context.Context, NoteID, int64, []int64) error { return nil })
}

func (s *Service) thin(ctx context.Context, id NoteID, keep int, remove func(context.Context, NoteID, int64, []int64) error) (int, error) {
	if keep <= 0 {
		return 0, nil
	}
	h := historyMarks{keep: keep, logDays: s.limits.LogDays, now: MillisOf(s.now())}
	for attempt := 0; attempt < thinTries; attempt++ {
		if err := h.read(ctx, s.store, id); err != nil {
			return 0, unavailable(err)
		}
		if h.purged || h.young || len(h.marks) == 0 {
			return 0, nil
		}
		gone := Thinned(h.marks, h.keep, h.logDays, h.now)
		err := remove(ctx, id, h.last(), gone)
		if err == nil {
			return len(gone), nil
		}
		if !errors.Is(err, ErrClash) {
			return 0, unavailable(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return 0, unavailable(err)
		}
	}
	return 0, nil // its next versions will have it looked at again
}

// historyMarks is a history as the policy sees it.
type historyMarks struct {
	keep, logDays int
	now           Millis
	marks         []VersionMark
	purged, young bool
}

func (h *historyMarks) last() int64 {
	if len(h.marks) == 0 {
		return 0
	}
	return h.marks[len(h.marks)-1].Number
}

// read adds the versions that are newer than those it has.
func (h *historyMarks) read(ctx context.Context, store Store, id NoteID) error {
	for {
		versions, err := store.VersionInfos(ctx, id, Range{After: h.last(), Limit: marksInRead})
		if err != nil || len(versions) == 0 {
			return err
		}
		first := len(h.marks) == 0
		for _, v := range versions {
			h.marks = append(h.marks, MarkOf(v))
			h.purged = v.Purged
		}
		// The second version is the oldest that ever goes, and it counts from the third.
		if h.young = first && len(h.marks) > 2 && h.marks[2].At >= untold(h.logDays, h.now); h.young {
			return nil
		}
	}
}
