package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
		if e.Type == "connection_established" || e.Type == "auth_success" || e.Type == "pong" {
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

// histories reads the history of each note as its owner sees it, and the note's own stream.
// A note that was never made has none.
func (c *collector) histories(ctx context.Context, owners map[string]string) (map[string]*History, error) {
	all, err := each(sorted(owners), func(i int, note string) (*History, error) {
		at := c.at(i, owners[note])
		versions, err := c.versions(ctx, at, note)
		if refusal, ok := errors.AsType[*goclient.Refusal](err); ok && refusal.Code == "not_found" {
			return nil, nil
		}
		if err != nil || len(versions) == 0 {
			return nil, err
		}
		h := &History{Versions: versions}
		s, err := at.OpenNote(ctx, goclient.SSE, note, "0")
		if err == nil {
			h.Replay, err = c.replay(ctx, s, int64(len(versions)))
		}
		if err != nil {
			return nil, fmt.Errorf("the stream of %s: %w", note, err)
		}
		for i := 0; i < min(len(versions), len(h.Replay)); i++ {
			f, err := parse(h.Replay[i].Data)
			if err != nil {
				return nil, err
			}
			versions[i].Shown = f.shown()
		}
		return h, c.whole(ctx, at, note, versions)
	})
	for note, h := range all {
		if h == nil {
			delete(all, note)
		}
	}
	return all, err
}

// versions reads the pages of a history, oldest first.
func (c *collector) versions(ctx context.Context, at *goclient.Client, note string) ([]Version, error) {
	var all []Version
	for before := int64(0); ; {
		page, err := at.Versions(ctx, note, before)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Versions {
			all = append(all, Version{Version: v.Version, Op: v.Op, Author: v.Author, MutationID: v.MutationID, RevertedFrom: v.RevertedFrom})
		}
		if before = page.Next; before == 0 {
			break
		}
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all, nil
}

// whole reads the newest version by itself: a trashed note's stream does not show it.
func (c *collector) whole(ctx context.Context, at *goclient.Client, note string, versions []Version) error {
	last := &versions[len(versions)-1]
	v, err := at.Version(ctx, note, last.Version)
	if err != nil || v.Note == nil {
		return err
	}
	data, err := json.Marshal(v.Note)
	if err != nil {
		return err
	}
	last.Shown = &Shown{}
	return json.Unmarshal(data, last.Shown)
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
