package chaos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"notewire/client/goclient"
)

// collector reads, through the servers' own doors, what there is at the end.
type collector struct {
	callers *callers
	keep    *interner
}

// heads returns the place of the last event in each account's log.
func (c *collector) heads(ctx context.Context, accounts []string) (map[string]int64, error) {
	return each(accounts, func(i int, account string) (int64, error) {
		page, err := c.at(i, account).Notes(ctx, goclient.ListQuery{Limit: 1})
		if err != nil {
			return 0, err
		}
		return place(page.Cursor)
	})
}

func (c *collector) at(i int, account string) *goclient.Client {
	return c.callers.at(i%len(c.callers.servers), account)
}

// accounts replays the whole log of each account, and reads its lists.
func (c *collector) accounts(ctx context.Context, accounts []string) (map[string]*Account, error) {
	return each(accounts, func(i int, account string) (*Account, error) {
		at := c.at(i, account)
		page, err := at.Notes(ctx, goclient.ListQuery{Limit: 1})
		if err != nil {
			return nil, err
		}
		head, err := place(page.Cursor)
		if err != nil {
			return nil, err
		}
		a := &Account{}
		if head > 0 {
			s, err := at.OpenAccount(ctx, goclient.SSE, "0")
			if err != nil {
				return nil, fmt.Errorf("replay %s: %w", account, err)
			}
			if a.Log, err = c.replay(ctx, s, head); err != nil {
				return nil, fmt.Errorf("replay %s: %w", account, err)
			}
		}
		if a.Listed, err = list(ctx, at, false); err == nil {
			a.Trashed, err = list(ctx, at, true)
		}
		if err == nil {
			a.Folders, err = folders(ctx, at)
		}
		return a, err
	})
}

// replay reads a stream from the beginning to an event. What breaks the numbering is kept as
// it is.
func (c *collector) replay(ctx context.Context, s *goclient.Stream, head int64) (events []Event, err error) {
	defer s.Close()
	for {
		e, err := s.Next(ctx)
		if err != nil {
			return nil, err
		}
		if slices.Contains(outside, e.Type) || slices.Contains(beside, e.Type) {
			continue
		}
		seq, err := place(e.Cursor)
		if err != nil {
			return nil, fmt.Errorf("%w: %.300s", err, e.Data)
		}
		events = append(events, Event{Seq: seq, Data: c.keep.keep(e.Data)})
		if seq >= head || e.Type == "resync" {
			return events, nil
		}
	}
}

func list(ctx context.Context, at *goclient.Client, trash bool) (map[string]int64, error) {
	notes := map[string]int64{}
	for q := (goclient.ListQuery{Deleted: trash, ByID: !trash}); ; {
		page, err := at.Notes(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, n := range page.Notes {
			if n.Deleted == trash { // the list by id may have both
				notes[n.ID] = n.Version
			}
		}
		if q.After = page.NextCursor; q.After == "" {
			return notes, nil
		}
	}
}

func folders(ctx context.Context, at *goclient.Client) (map[string]Folder, error) {
	list, err := at.Folders(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]Folder{}
	for _, f := range list.Folders {
		all[f.ID] = Folder{f.ID, f.UserID, f.Name, f.Color, f.ParentID, f.Order, f.IsDefault}
	}
	return all, nil
}

// each calls f for every key, several at once, and joins the errors.
func each[R any](keys []string, f func(int, string) (R, error)) (map[string]R, error) {
	var (
		group   sync.WaitGroup
		slots   = make(chan struct{}, 8)
		mu      sync.Mutex // guards what follows
		results = map[string]R{}
		errs    error
	)
	for i, key := range keys {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			r, err := f(i, key)
			mu.Lock()
			defer mu.Unlock()
			results[key], errs = r, errors.Join(errs, err)
		})
	}
	group.Wait()
	return results, errs
}
