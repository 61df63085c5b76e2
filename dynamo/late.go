package dynamo

import (
	"context"
	"errors"
	"fmt"

	"notewire/notes"
)

// All marks are in one partition, so that a sweep finds them in one query. A commit that
// writes one writes dozens of other rows as well: the table's limits come first.

func lateItem(id notes.NoteID, version int64, at notes.Millis) *Item {
	return &Item{Key: lateKey(id), Attrs: attrs{"version": version, "at": int64(at)}}
}

// Accounts implements notes.LateRows.
func (s *Store) Accounts(ctx context.Context, id notes.NoteID, users ...notes.UserID) (map[notes.UserID]notes.Account, error) {
	items, err := s.engine.Get(ctx, accountKeys(id, users)...)
	if err != nil {
		return nil, fmt.Errorf("read accounts of %s: %w", id, err)
	}
	accounts := make(map[notes.UserID]notes.Account, len(users))
	addAccounts(accounts, users, items)
	return accounts, nil
}

// latePage is how many marks are read at once.
const latePage = 100

// Late implements notes.LateRows.
func (s *Store) Late(ctx context.Context, before notes.Millis) (ids []notes.NoteID, err error) {
	q := Query{PK: latePK, From: notePK(""), To: notePK(last), Limit: latePage}
	for {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read which notes are late: %w", err)
		}
		for _, item := range page.Items {
			if notes.Millis(get[int64](item.Attrs, "at")) < before {
				ids = append(ids, noteOf(item.SK))
			}
		}
		if !page.More {
			return ids, nil
		}
		q.After = page.Items[len(page.Items)-1]
	}
}

// Settle implements notes.LateRows.
func (s *Store) Settle(ctx context.Context, id notes.NoteID, version int64) error {
	key := lateKey(id)
	marks, err := s.engine.Get(ctx, key)
	if err != nil {
		return fmt.Errorf("settle %s: %w", id, err)
	}
	if marks[0] == nil {
		return nil
	}
	marked := get[int64](marks[0].Attrs, "version")
	if marked > version && version > 0 {
		return notes.ErrClash
	}
	err = s.engine.Transact(ctx, []Op{{Delete: &key, If: Cond{Kind: Equal, Attr: "version", N: marked}}})
	if _, clash := errors.AsType[*Clash](err); clash {
		return notes.ErrClash
	}
	return err
}
