package notes

import (
	"context"
	"slices"
)

// Lists of an account's notes in any order and by any filter. They read all of its entries, up
// to Limits.ListNotes, and then the heads that the entries leave in question: work that grows
// with one account's notes, not with anybody else's. A search reads texts too, page by page,
// up to Limits.SearchBytes. An account with many more notes than that wants an index of its
// own: a search engine that is fed by webhooks, say, or from the table's stream.

// Found is a page of notes.
type Found struct {
	Items []Item
	Notes []View // for a query that asks for bodies, the same notes with them
	Next  *Place // nil: that was all. A page of a search may be short, or empty, and go on.
	// Total is how many notes match, apart from the text that is searched for.
	Total int
	// Complete is false if the account has more notes than were looked at.
	Complete bool
}

// Find returns a page of user's notes as q asks for them. With bodies it returns the notes
// themselves, and bounds the page by Limits.PageBytes.
// Errors: Invalid.
func (s *Service) Find(ctx context.Context, user UserID, q FindQuery, bodies bool) (*Found, error) {
	if err := q.check(&s.limits); err != nil {
		return nil, err
	}
	q.Limit = s.pageSize(q.Limit)
	items, complete, err := s.items(ctx, user, q.Visited || q.Sort == SortAccessed)
	if err != nil {
		return nil, unavailable(err)
	}
	folders, err := s.store.Folders(ctx, user)
	if err != nil {
		return nil, unavailable(err)
	}
	items = slices.DeleteFunc(items, func(it Item) bool { return !q.matches(&it, user, folders) })
	found := &Found{Total: len(items), Complete: complete}
	items = q.rest(items)
	if !bodies && q.Search == "" {
		found.page(&q, items)
		return found, nil
	}
	return found, s.findInBodies(ctx, user, &q, items, found)
}

// page is the first of the items.
func (f *Found) page(q *FindQuery, items []Item) {
	f.Items = items[:min(len(items), q.Limit)]
	if len(items) > q.Limit {
		f.Next = &items[q.Limit-1].at
	}
}

// readBodies is how many bodies are read at once, at most.
const readBodies = 20

// readTogether is the first items whose bodies are read at once: about so many bytes, and at
// least one.
func readTogether(items []Item, bytes int) []Item {
	size := int64(0)
	for i := range items {
		size += items[i].size
		if i == readBodies || i > 0 && size > int64(bytes) {
			return items[:i]
		}
	}
	return items
}

// findInBodies reads the bodies of items until the page is full.
func (s *Service) findInBodies(ctx context.Context, user UserID, q *FindQuery, items []Item, found *Found) error {
	read, kept := 0, 0 // bytes
	for len(items) > 0 {
		some := readTogether(items, s.limits.PageBytes)
		ids := make([]NoteID, len(some))
		for i := range some {
			ids[i] = some[i].ID
		}
		heads, err := s.store.Heads(ctx, ids...)
		if err != nil {
			return unavailable(err)
		}
		for i, head := range heads {
			size := 0
			if head != nil {
				size = int(head.Size())
			}
			if len(found.Items) == q.Limit || kept > 0 && kept+size > s.limits.PageBytes || read > 0 && read+size > s.limits.SearchBytes {
				return nil // Next is the last one that was looked at
			}
			found.Next, read = &some[i].at, read+size
			if head != nil && mayList(head.Note, user) && q.found(head.Note, some[i].Fields) {
				found.Items = append(found.Items, some[i])
				found.Notes = append(found.Notes, View{Note: head.Note, Fields: some[i].Fields})
				kept += size
			}
		}
		items = items[len(some):]
	}
	found.Next = nil
	return nil
}

// items returns all of an account's notes without their bodies. If there are more than
// Limits.ListNotes, it is the ones that changed last: as many of those in the trash, and as many
// of the others. visits adds when they were opened, and public notes of others that the account
// has opened.
func (s *Service) items(ctx context.Context, user UserID, visits bool) (items []Item, complete bool, err error) {
	entries, complete, err := s.allEntries(ctx, user)
	if err != nil {
		return nil, false, err
	}
	entry := make(map[NoteID]*Entry, len(entries))
	ids := make([]NoteID, 0, len(entries))
	for _, e := range entries {
		entry[e.Note] = e
		ids = append(ids, e.Note)
	}
	var opened map[NoteID]Millis
	if visits {
		if opened, err = s.store.Visits(ctx, user); err != nil {
			return nil, false, err
		}
		for id := range opened {
			if entry[id] == nil {
				ids = append(ids, id)
			}
		}
	}
	heads, err := s.store.BareHeads(ctx, ids...)
	if err != nil {
		return nil, false, err
	}
	for i, head := range heads {
		if head == nil || !mayList(head, user) {
			continue
		}
		item := Item{Note: head, AccessedAt: max(opened[ids[i]], head.CreatedAt)}
		if e := entry[ids[i]]; e != nil {
			item.Fields, item.size = &e.Fields, e.Size
		}
		items = append(items, item)
	}
	return items, complete, nil
}

// mayList reports whether a note may be in user's lists: its entry, or his visit, may be older
// than what the note says now.
func mayList(n *Note, user UserID) bool { return !n.Purged && May(n.RoleOf(user), ActRead, n) }

// allEntries returns an account's entries. If there are more than Limits.ListNotes, it is those
// of the notes that changed last.
func (s *Service) allEntries(ctx context.Context, user UserID) (entries []*Entry, complete bool, err error) {
	limit := s.limits.ListNotes
	all := ListQuery{ByID: true, Limit: limit + 1}
	if entries, err = s.store.Entries(ctx, user, all); err != nil || len(entries) <= limit {
		return entries, true, err
	}
	entries = nil
	for _, trashed := range []bool{false, true} {
		some, err := s.store.Entries(ctx, user, ListQuery{Trashed: trashed, Limit: limit})
		if err != nil {
			return nil, false, err
		}
		entries = append(entries, some...)
	}
	return entries, false, nil
}

// Count returns how many notes an account has, in all and in each of its folders, and whether
// all were counted.
func (s *Service) Count(ctx context.Context, user UserID) (all Counts, in map[FolderID]*Counts, complete bool, err error) {
	items, complete, err := s.items(ctx, user, false)
	if err != nil {
		return all, nil, false, unavailable(err)
	}
	folders, err := s.store.Folders(ctx, user)
	if err != nil {
		return all, nil, false, unavailable(err)
	}
	in = make(map[FolderID]*Counts, len(folders))
	for _, f := range folders {
		in[f.ID] = &Counts{}
	}
	for i := range items {
		all.add(&items[i])
		if folder := folderOf(items[i].Fields, folders); folder != "" {
			in[folder].add(&items[i])
		}
	}
	return all, in, complete, nil
}

// Visit remembers that user has opened a note that he may read: a public one of somebody
// else's is in his list from then on.
// Errors: NotFound, Forbidden.
func (s *Service) Visit(ctx context.Context, user UserID, id NoteID) error {
	if _, err := s.head(ctx, user, id); err != nil {
		return err
	}
	if err := s.store.Visit(ctx, user, id, MillisOf(s.now())); err != nil {
		return unavailable(err)
	}
	return nil
}

// Forget takes a note that user has opened, and is no member of, out of his list.
// Errors: Invalid, NotFound if it is not in it.
func (s *Service) Forget(ctx context.Context, user UserID, id NoteID) error {
	if !ValidID(string(id)) {
		return Refuse(Invalid, "a note id must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	entries, err := s.store.EntriesOf(ctx, user, id)
	if err != nil {
		return unavailable(err)
	}
	there := false
	if entries[0] == nil { // a member's stays: it is in his list whether he has opened it or not
		if there, err = s.store.Forget(ctx, user, id); err != nil {
			return unavailable(err)
		}
	}
	if !there {
		return Refuse(NotFound, "Note not found in your list")
	}
	return nil
}
