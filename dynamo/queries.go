package dynamo

import (
	"context"
	"fmt"

	"notewire/notes"
)

// Heads implements notes.Queries.
func (s *Store) Heads(ctx context.Context, ids ...notes.NoteID) ([]*notes.Version, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(ids))
	for i, id := range ids {
		keys[i] = headKey(id)
	}
	heads, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	refs := make([]notes.VersionRef, len(ids))
	for i, head := range heads {
		refs[i].Note = ids[i]
		if head != nil {
			refs[i].Version = get[int64](head.Attrs, "version")
		}
	}
	return s.VersionsOf(ctx, refs...)
}

// BareHeads implements notes.Queries.
func (s *Store) BareHeads(ctx context.Context, ids ...notes.NoteID) ([]*notes.Note, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(ids))
	for i, id := range ids {
		keys[i] = headKey(id)
	}
	items, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	heads := make([]*notes.Note, len(items))
	for i, item := range items {
		if item != nil {
			heads[i] = versionOf(item).Note
		}
	}
	return heads, nil
}

// HeadVersion implements notes.Queries.
func (s *Store) HeadVersion(ctx context.Context, id notes.NoteID) (int64, error) {
	heads, err := s.engine.Get(ctx, headKey(id))
	if err != nil {
		return 0, fmt.Errorf("read the head of %s: %w", id, err)
	}
	if heads[0] == nil {
		return 0, nil
	}
	return get[int64](heads[0].Attrs, "version"), nil
}

// VersionsOf implements notes.Queries.
func (s *Store) VersionsOf(ctx context.Context, refs ...notes.VersionRef) ([]*notes.Version, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(refs))
	for i, ref := range refs {
		keys[i] = versionKey(ref.Note, ref.Version)
	}
	items, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("read versions: %w", err)
	}
	return s.readVersions(ctx, items)
}

// History implements notes.Queries.
func (s *Store) History(ctx context.Context, id notes.NoteID, r notes.Range) ([]*notes.Version, error) {
	page, err := s.engine.Query(ctx, historyQuery(id, r))
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", id, err)
	}
	var versions []*notes.Version
	var size int64 // of bodies: rows may be packed to much less
	for _, item := range page.Items {
		v, err := s.readVersion(ctx, item)
		if err != nil {
			return nil, err
		}
		versions = append(versions, v)
		if size += v.Size(); r.Bytes > 0 && size >= int64(r.Bytes) {
			break
		}
	}
	return versions, nil
}

func historyQuery(id notes.NoteID, r notes.Range) Query {
	q := Query{PK: notePK(id), From: versionSK(r.After + 1), To: "VER#" + last, Limit: r.Limit, Bytes: r.Bytes}
	if r.Desc {
		q.Desc, q.From = true, versionSK(0)
		if r.After > 0 {
			q.To = versionSK(r.After - 1)
		}
	}
	return q
}

// EntriesOf implements notes.Queries.
func (s *Store) EntriesOf(ctx context.Context, user notes.UserID, ids ...notes.NoteID) ([]*notes.Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(ids))
	for i, id := range ids {
		keys[i] = entryKey(user, id)
	}
	items, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("read entries of %s: %w", user, err)
	}
	entries := make([]*notes.Entry, len(items))
	for i, item := range items {
		if item != nil {
			entries[i] = entryOf(user, item)
		}
	}
	return entries, nil
}

// Entries implements notes.Queries.
func (s *Store) Entries(ctx context.Context, user notes.UserID, q notes.ListQuery) ([]*notes.Entry, error) {
	query := Query{PK: userPK(user), From: notePK(""), To: notePK(last), Limit: q.Limit}
	if !q.ByID {
		query = Query{PK: listPK(user, q.Trashed), Index: true, To: last, Desc: true, Limit: q.Limit}
	}
	if q.After != nil {
		after := *q.After
		after.User, after.Deleted = user, q.Trashed
		query.After = &Item{Key: entryKey(user, after.Note), Index: listKey(&after)}
	}
	page, err := s.engine.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list notes of %s: %w", user, err)
	}
	entries := make([]*notes.Entry, len(page.Items))
	for i, item := range page.Items {
		entries[i] = entryOf(user, item)
	}
	return entries, nil
}

// Seq implements notes.Queries.
func (s *Store) Seq(ctx context.Context, user notes.UserID) (int64, error) {
	items, err := s.engine.Get(ctx, seqKey(user))
	if err != nil {
		return 0, fmt.Errorf("read the sequence of %s: %w", user, err)
	}
	if items[0] == nil {
		return 0, nil
	}
	return get[int64](items[0].Attrs, "seq"), nil
}

// Log implements notes.Queries. Rows that expired may still be in the table, in long runs:
// it reads on behind them.
func (s *Store) Log(ctx context.Context, user notes.UserID, after int64, limit int) ([]notes.LogRow, error) {
	q := Query{PK: logPK(user), From: logSK(after + 1), To: last, Limit: limit}
	for {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read the log of %s: %w", user, err)
		}
		var rows []notes.LogRow
		for _, item := range page.Items {
			if !s.expired(item) {
				rows = append(rows, logRowOf(item))
			}
		}
		if len(rows) > 0 || !page.More {
			return rows[:min(len(rows), limit)], nil
		}
		q.After, q.Limit = page.Items[len(page.Items)-1], max(limit, 100)
	}
}
