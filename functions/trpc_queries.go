package functions

import (
	"fmt"

	"notewire/notes"
	"notewire/transport/wire"
)

// getNote answers a note, or null if there is none, or none any more.
func (s *surface) getNote(c call, in wire.TRPCNote) (any, error) {
	view, err := s.Service.Get(c.ctx, c.user, in.ID)
	switch {
	case isRefusal(err, notes.NotFound, notes.Purged):
		return nil, nil
	case err != nil:
		return nil, err
	case view.Deleted:
		return nil, nil
	}
	return wire.NoteOf(view), nil
}

// listNotes answers a page of the caller's notes, and of the public ones that he has opened. It
// searches titles.
func (s *surface) listNotes(c call, in wire.TRPCList) (any, error) {
	q, err := trpcListQuery(in)
	if err != nil {
		return nil, err
	}
	found, err := s.Service.Find(c.ctx, c.user, q, false)
	if err != nil {
		return nil, err
	}
	page := wire.TRPCNotes{
		Items: []wire.TRPCListed{}, NextCursor: placeCursor(q.Sort, found.Next), TotalCount: found.Total, Complete: found.Complete,
	}
	for i := range found.Items {
		page.Items = append(page.Items, wire.TRPCListedOf(&found.Items[i], c.user))
	}
	return page, nil
}

func trpcListQuery(in wire.TRPCList) (q notes.FindQuery, err error) {
	q.InTitle, q.Visited = in.Search, true
	if q.Limit, err = pageLimit(in.Limit, 10, 50); err != nil {
		return q, err
	}
	if q.Owned, err = choice("filter", in.Filter, "all", map[string]notes.Opt[bool]{
		"all": {}, "owned": notes.Some(true), "shared": notes.Some(false),
	}); err != nil {
		return q, err
	}
	if q.Access, err = choice("visibility", in.Visibility, "all", map[string]notes.Access{
		"all": "", "public": notes.Public, "private": notes.Private,
	}); err != nil {
		return q, err
	}
	if q.Sort, err = choice("sortBy", in.SortBy, "lastAccessed", map[string]notes.Sort{
		"lastAccessed": notes.SortAccessed, "lastUpdated": notes.SortUpdated, "alphabetical": notes.SortTitle, "created": notes.SortCreated,
	}); err != nil {
		return q, err
	}
	if q.Ascending, err = choice("sortOrder", in.SortOrder, "desc", map[string]bool{"desc": false, "asc": true}); err != nil {
		return q, err
	}
	if q.After, err = parsePlace(q.Sort, in.Cursor); err != nil {
		return q, notes.Refuse(notes.Invalid, "cursor must be the nextCursor of an earlier page of the same list")
	}
	return q, nil
}

// getHistory answers a page of a note's versions, to who may read the note.
func (s *surface) getHistory(c call, in wire.TRPCHistoryInput) (any, error) {
	limit, err := pageLimit(in.Limit, 50, 100)
	if err != nil {
		return nil, err
	}
	q := notes.HistoryQuery{Limit: limit, Before: int64(in.Cursor), After: int64(in.Cursor)}
	if q.Asc, err = choice("direction", in.Direction, "desc", map[string]bool{"desc": false, "asc": true}); err != nil {
		return nil, err
	}
	history, err := s.Service.History(c.ctx, c.user, in.ID, q)
	if err != nil {
		return nil, err
	}
	page := wire.TRPCHistory{Items: []wire.TRPCEntry{}}
	if history.Next > 0 {
		page.NextCursor = &history.Next
	}
	for _, v := range history.Versions {
		page.Items = append(page.Items, wire.TRPCEntryOf(v, wire.Audience(history.Member)))
	}
	return page, nil
}

// getVersion answers a version, or null if there is none, or none any more.
func (s *surface) getVersion(c call, in wire.TRPCVersion) (any, error) {
	if in.Version == 0 {
		return nil, notes.Refuse(notes.Invalid, "version is missing")
	}
	v, member, err := s.Service.Version(c.ctx, c.user, in.ID, int64(in.Version))
	switch {
	case isRefusal(err, notes.NotFound, notes.Purged, notes.VersionThinned):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return wire.TRPCEntryOf(v, wire.Audience(member)), nil
}

// choice is what an input chooses among those that have a name.
func choice[T any](member, chosen, byDefault string, among map[string]T) (T, error) {
	if chosen == "" {
		chosen = byDefault
	}
	v, ok := among[chosen]
	if !ok {
		return v, notes.Refuse(notes.Invalid, fmt.Sprintf("%s must not be %.20q", member, chosen))
	}
	return v, nil
}

func pageLimit(asked notes.Opt[int], byDefault, most int) (int, error) {
	switch {
	case !asked.Set:
		return byDefault, nil
	case asked.Value < 1 || asked.Value > most:
		return 0, notes.Refuse(notes.Invalid, fmt.Sprintf("limit must be a number from 1 to %d", most))
	}
	return asked.Value, nil
}
