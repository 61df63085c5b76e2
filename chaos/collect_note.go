package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"notewire/client/goclient"
)

// gone asks for notes that nobody may read, as each account.
func (c *collector) gone(ctx context.Context, notes, accounts []string) (map[string]map[string]string, error) {
	return each(notes, func(i int, note string) (map[string]string, error) {
		codes := map[string]string{}
		for _, account := range accounts {
			_, err := c.at(i, account).Note(ctx, note)
			refusal, refused := errors.AsType[*goclient.Refusal](err)
			switch {
			case refused && !noOutcome(refusal.Code):
				codes[account] = refusal.Code
			case err != nil:
				return nil, err
			default:
				codes[account] = "shown"
			}
		}
		return codes, nil
	})
}

// histories reads the history of each note as a member sees it, and the note's own stream. One
// that was never made, or purged, or that the reader may not see any more, has none.
func (c *collector) histories(ctx context.Context, readers map[string]string) (map[string]*History, error) {
	all, err := each(sorted(readers), func(i int, note string) (*History, error) {
		at := c.at(i, readers[note])
		versions, err := c.versions(ctx, at, note)
		if refusal, ok := errors.AsType[*goclient.Refusal](err); ok && !noOutcome(refusal.Code) {
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
		if err := c.kept(ctx, at, note, versions); err != nil {
			return nil, err
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
			all = append(all, Version{
				Version: v.Version, Op: v.Op, Author: v.Author, MutationID: v.MutationID, RevertedFrom: v.RevertedFrom,
				RevertedKept: v.RevertedKept, Merged: v.Merged, Conflict: (*Conflict)(v.Conflict),
			})
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

// kept reads what conflicts have kept.
func (c *collector) kept(ctx context.Context, at *goclient.Client, note string, versions []Version) error {
	for i := range versions {
		v := &versions[i]
		if v.Conflict == nil {
			continue
		}
		status, data, err := at.Do(ctx, http.MethodGet, fmt.Sprintf("/api/notes/%s/versions/%d/kept", note, v.Version), nil)
		var kept struct{ Note *Shown }
		switch {
		case err != nil:
			return err
		case status == http.StatusNotFound:
			continue
		case status != http.StatusOK:
			return fmt.Errorf("what version %d of %s kept: status %d", v.Version, note, status)
		}
		if err := json.Unmarshal(data, &kept); err != nil {
			return err
		}
		v.Kept = kept.Note
	}
	return nil
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
