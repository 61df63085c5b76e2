package dynamo

import (
	"context"
	"errors"
	"fmt"

	"notewire/notes"
)

// A note that was purged leaves its head and the version that says so, for ever: its id is
// not used again. The commit marks the note; what it was is removed afterwards, in any number
// of steps, by whoever comes by.
//
//	row      PK        SK
//	mark     PURGES    NOTE#id   version: of the purge
//
// Nothing reads what is to be removed: the head says that the note is gone.

const purgesPK = "PURGES"

func purgeItem(id notes.NoteID, version int64) *Item {
	return &Item{Key: Key{purgesPK, notePK(id)}, Attrs: attrs{"version": version}}
}

const (
	purgesInPage   = 20
	removedInBatch = 8 // rows: a transaction is at most 4 MB, also of what it deletes
)

// SweepPurged removes what notes were that have been purged, and returns how many notes it
// finished. Any number of instances may do it at once, and be stopped at any moment. A note of
// which members have yet to be told waits: what they are told is made of its versions.
func (s *Store) SweepPurged(ctx context.Context) (removed int, err error) {
	q := Query{PK: purgesPK, From: notePK(""), To: notePK(last), Limit: purgesInPage}
	for {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return removed, fmt.Errorf("read which notes were purged: %w", err)
		}
		for _, mark := range page.Items {
			done, err := s.sweepPurged(ctx, mark)
			if err != nil {
				return removed, fmt.Errorf("purge %s: %w", mark.SK, err)
			}
			if done {
				removed++
			}
		}
		if !page.More {
			return removed, nil
		}
		q.After = page.Items[len(page.Items)-1]
	}
}

func (s *Store) sweepPurged(ctx context.Context, mark *Item) (done bool, err error) {
	id := noteOf(mark.SK)
	late, err := s.engine.Get(ctx, lateKey(id))
	if err != nil || late[0] != nil {
		return false, err
	}
	stays := map[Key]bool{headKey(id): true, versionKey(id, get[int64](mark.Attrs, "version")): true}
	for {
		page, err := s.engine.Query(ctx, Query{PK: notePK(id), From: " ", To: last, Limit: removedInBatch + len(stays)})
		if err != nil {
			return false, err
		}
		var ops []Op
		for _, item := range page.Items {
			if !stays[item.Key] && len(ops) < removedInBatch {
				ops = append(ops, Op{Delete: &item.Key})
			}
		}
		if len(ops) == 0 {
			break
		}
		if err := s.engine.Transact(ctx, ops); err != nil {
			return false, err
		}
	}
	err = s.engine.Transact(ctx, []Op{{Delete: &mark.Key, If: Cond{Kind: Present}}})
	if _, gone := errors.AsType[*Clash](err); gone {
		return false, nil // another instance was faster
	}
	return err == nil, err
}
