package dynamo

import (
	"context"
	"errors"
	"fmt"

	"notewire/notes"
)

// A visit is a row of its own, so that opening a note does not contend with changing it.
//
//	row     PK        SK
//	visit   USER#id   VISIT#note   at; forgotten after visitDays

const visitDays = 400

func visitKey(u notes.UserID, id notes.NoteID) Key { return Key{userPK(u), "VISIT#" + string(id)} }

// Visit implements notes.Visits.
func (s *Store) Visit(ctx context.Context, user notes.UserID, id notes.NoteID, at notes.Millis) error {
	item := &Item{Key: visitKey(user, id), TTL: int64(at)/1000 + visitDays*24*3600, Attrs: attrs{"at": int64(at)}}
	if err := s.engine.Transact(ctx, []Op{{Put: item}}); err != nil {
		return fmt.Errorf("remember a visit of %s: %w", user, err)
	}
	return nil
}

// visitsRead is how many visits are read at most; a page is as many.
const visitsRead = 2000

// Visits implements notes.Visits.
func (s *Store) Visits(ctx context.Context, user notes.UserID) (map[notes.NoteID]notes.Millis, error) {
	page, err := s.engine.Query(ctx, Query{PK: userPK(user), From: visitKey(user, "").SK, To: visitKey(user, last).SK, Limit: visitsRead})
	if err != nil {
		return nil, fmt.Errorf("read the visits of %s: %w", user, err)
	}
	visits := make(map[notes.NoteID]notes.Millis, len(page.Items))
	for _, item := range page.Items {
		if !s.expired(item) {
			visits[notes.NoteID(item.SK[len(visitKey(user, "").SK):])] = notes.Millis(get[int64](item.Attrs, "at"))
		}
	}
	return visits, nil
}

// Forget implements notes.Visits.
func (s *Store) Forget(ctx context.Context, user notes.UserID, id notes.NoteID) (bool, error) {
	key := visitKey(user, id)
	err := s.engine.Transact(ctx, []Op{{Delete: &key, If: Cond{Kind: Present}}})
	if _, absent := errors.AsType[*Clash](err); absent {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("forget a visit of %s: %w", user, err)
	}
	return true, nil
}
