package notes

import "context"

// Get returns a note as viewer sees it.
// Errors: NotFound, Forbidden.
func (s *Service) Get(ctx context.Context, viewer UserID, id NoteID) (*View, error) {
	head, err := s.head(ctx, viewer, id)
	if err != nil {
		return nil, err
	}
	return s.view(ctx, viewer, head.Note)
}

// head returns the current version of a note that viewer may read.
func (s *Service) head(ctx context.Context, viewer UserID, id NoteID) (*Version, error) {
	if !ValidID(string(id)) {
		return nil, Refuse(Invalid, "a note id must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	heads, err := s.store.Heads(ctx, id)
	if err != nil {
		return nil, unavailable(err)
	}
	if heads[0] == nil {
		return nil, Refuse(NotFound, "Note not found")
	}
	note := heads[0].Note
	if note.Purged {
		return nil, refusePurged(note.RoleOf(viewer))
	}
	if role := note.RoleOf(viewer); !May(role, ActRead, note) {
		if viewer == "" {
			return nil, Refuse(Unauthenticated, "Authentication required")
		}
		return nil, refuseAccess(role, "view", note)
	}
	return heads[0], nil
}

func (s *Service) view(ctx context.Context, viewer UserID, note *Note) (*View, error) {
	view := &View{Note: note}
	if note.RoleOf(viewer) == Stranger {
		return view, nil
	}
	entries, err := s.store.EntriesOf(ctx, viewer, note.ID)
	if err != nil {
		return nil, unavailable(err)
	}
	view.Fields = &Fields{}
	if entries[0] != nil {
		view.Fields = &entries[0].Fields
	}
	return view, nil
}

// List returns a page of the account's notes, and where the next one starts, or nil.
func (s *Service) List(ctx context.Context, user UserID, q ListQuery) ([]View, *Entry, error) {
	q.Limit = s.pageSize(q.Limit)
	limit := q.Limit
	q.Limit++ // one more tells whether there is a next page
	entries, err := s.store.Entries(ctx, user, q)
	if err != nil {
		return nil, nil, unavailable(err)
	}
	entries, next := cut(entries, limit, s.limits.PageBytes)
	ids := make([]NoteID, len(entries))
	for i, e := range entries {
		ids[i] = e.Note
	}
	heads, err := s.store.Heads(ctx, ids...)
	if err != nil {
		return nil, nil, unavailable(err)
	}
	views := make([]View, 0, len(heads))
	for i, head := range heads {
		if head != nil && head.RoleOf(user) != Stranger && !head.Purged {
			views = append(views, View{Note: head.Note, Fields: &entries[i].Fields})
		}
	}
	return views, next, nil
}

// cut shortens a page to limit entries and about so many bytes, at least one entry, and
// returns the last one kept if anything was cut.
func cut(entries []*Entry, limit, bytes int) ([]*Entry, *Entry) {
	var size int64
	for i, e := range entries {
		if i > 0 && (i >= limit || size+e.Size > int64(bytes)) {
			return entries[:i], entries[i-1]
		}
		size += e.Size
	}
	return entries, nil
}

func (s *Service) pageSize(asked int) int {
	if asked <= 0 || asked > s.limits.PageSize {
		return s.limits.PageSize
	}
	return asked
}

// Folders returns all folders of user's.
func (s *Service) Folders(ctx context.Context, user UserID) ([]*Folder, error) {
	folders, err := s.store.Folders(ctx, user)
	if err != nil {
		return nil, unavailable(err)
	}
	return folders, nil
}

// AccountHead returns the place of the last change in user's log.
func (s *Service) AccountHead(ctx context.Context, user UserID) (int64, error) {
	seq, err := s.store.Seq(ctx, user)
	if err != nil {
		return 0, unavailable(err)
	}
	return seq, nil
}

// AccountLog returns changes of user's log after the given place, oldest first: at most
// limit and about ReadBytes of bodies, at least one if there is one, without a gap between
// them. If the first is not the next in order, those between are gone and the reader must
// resync.
//
// A row tells of its version whatever happened since, except that a note that user may no
// longer see reads as deleted, in the same place.
func (s *Service) AccountLog(ctx context.Context, user UserID, after int64, limit int) ([]Change, error) {
	rows, err := s.store.Log(ctx, user, after, limit)
	if err != nil {
		return nil, unavailable(err)
	}
	rows = cutRows(rows, s.limits.ReadBytes)
	var ids []NoteID
	var refs []VersionRef
	for _, row := range rows {
		if row.Note != "" {
			ids, refs = append(ids, row.Note), append(refs, VersionRef{row.Note, row.Version})
		}
	}
	entries, err := s.store.EntriesOf(ctx, user, ids...)
	if err != nil {
		return nil, unavailable(err)
	}
	versions, err := s.store.VersionsOf(ctx, refs...)
	if err != nil {
		return nil, unavailable(err)
	}
	changes := make([]Change, len(rows))
	n := 0 // rows of notes so far
	for i, row := range rows {
		if changes[i] = (Change{LogRow: row}); row.Note != "" {
			changes[i] = join(row, entries[n], versions[n])
			n++
		}
	}
	return changes, nil
}

// join makes a change of a row and what it tells of.
func join(row LogRow, entry *Entry, version *Version) Change {
	if entry != nil && version != nil {
		return Change{LogRow: row, Version: version}
	}
	if row.Kind != KindDeleted {
		row.Kind, row.Reason, row.Changed, row.Fields = KindDeleted, ReasonAccessLost, nil, Fields{}
	}
	return Change{LogRow: row}
}

// cutRows shortens a page to about so many bytes, at least one row, and ends it before a
// gap: a row lives a little longer than a later one if a clock was set back between them.
func cutRows(rows []LogRow, bytes int) []LogRow {
	var size int64
	for i, row := range rows {
		if size += row.Size; i > 0 && (size > int64(bytes) || row.Seq != rows[i-1].Seq+1) {
			return rows[:i]
		}
	}
	return rows
}

// NoteHead returns the current version of a note that viewer may read.
// Errors: NotFound, Forbidden, Unauthenticated.
func (s *Service) NoteHead(ctx context.Context, viewer UserID, id NoteID) (*Version, error) {
	return s.head(ctx, viewer, id)
}

// NoteVersion returns the number of a note's current version, whoever may read it; 0 if
// there is no such note.
func (s *Service) NoteVersion(ctx context.Context, id NoteID) (int64, error) {
	n, err := s.store.HeadVersion(ctx, id)
	if err != nil {
		return 0, unavailable(err)
	}
	return n, nil
}

// NoteLog returns versions of a note after the given one, oldest first: at most limit and
// about ReadBytes of bodies. It is for the hub, which shares them between readers; each
// reader's right to a version is its session's to check, by ReadableBy.
func (s *Service) NoteLog(ctx context.Context, id NoteID, after int64, limit int) ([]*Version, error) {
	versions, err := s.store.History(ctx, id, Range{After: after, Limit: limit, Bytes: s.limits.ReadBytes})
	if err != nil {
		return nil, unavailable(err)
	}
	return versions, nil
}
