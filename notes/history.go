package notes

import "context"

// HistoryQuery asks for a page of a note's versions. The zero value is the newest ones.
type HistoryQuery struct {
	Asc    bool  // the oldest first, instead of the newest
	Before int64 // newest first: those older than this version; 0: from the head
	After  int64 // oldest first: those newer than this version; 0: from the first
	Limit  int   // versions, or groups, at most; 0: as many as a page may have
}

func (q *HistoryQuery) from() Range {
	if q.Asc {
		return Range{After: q.After}
	}
	return Range{After: q.Before, Desc: true}
}

// isLast reports whether no version follows v in the direction of the query.
func (q *HistoryQuery) isLast(v, head *Version) bool {
	if q.Asc {
		return v.Note.Version >= head.Note.Version
	}
	return v.Note.Version <= 1
}

// History is a page of a note's versions, in the order that was asked for.
type History struct {
	Versions []*Version
	Next     int64 // continue behind this version, in the same direction; 0: the history ends here
	Member   bool  // the viewer is a member, and may see who the others are
}

// History returns a page of the versions that viewer may read: at most q.Limit, and about
// PageBytes of bodies. Versions that were thinned are left out, and so are those that were not
// public when a passer-by reads: a page may have fewer than asked for, even none, and lead on.
// Errors: NotFound, Forbidden, Unauthenticated, Purged.
func (s *Service) History(ctx context.Context, viewer UserID, id NoteID, q HistoryQuery) (*History, error) {
	head, err := s.head(ctx, viewer, id)
	if err != nil {
		return nil, err
	}
	r := q.from()
	r.Limit, r.Bytes = s.pageSize(q.Limit), s.limits.PageBytes
	versions, err := s.store.History(ctx, id, r)
	if err != nil {
		return nil, unavailable(err)
	}
	page := &History{Member: head.RoleOf(viewer) != Stranger}
	if n := len(versions); n > 0 && !q.isLast(versions[n-1], head) {
		page.Next = versions[n-1].Note.Version
	}
	for _, v := range versions {
		if v.ReadableBy(viewer, head.Note) {
			page.Versions = append(page.Versions, v)
		}
	}
	return page, nil
}

// Version returns one version of a note, and whether viewer is a member.
// Errors: NotFound, Forbidden, Unauthenticated, Purged, VersionThinned.
func (s *Service) Version(ctx context.Context, viewer UserID, id NoteID, n int64) (v *Version, member bool, err error) {
	versions, member, err := s.versions(ctx, viewer, id, n)
	if err != nil {
		return nil, false, err
	}
	return versions[0], member, nil
}

// versions returns versions of a note that viewer may read, in the order of their numbers.
func (s *Service) versions(ctx context.Context, viewer UserID, id NoteID, numbers ...int64) (versions []*Version, member bool, err error) {
	head, err := s.head(ctx, viewer, id)
	if err != nil {
		return nil, false, err
	}
	refs := make([]VersionRef, len(numbers))
	for i, n := range numbers {
		refs[i] = VersionRef{id, n}
	}
	if versions, err = s.store.VersionsOf(ctx, refs...); err != nil {
		return nil, false, unavailable(err)
	}
	for i, v := range versions {
		if v == nil {
			return nil, false, noVersion(numbers[i], head.Note)
		}
		if !v.ReadableBy(viewer, head.Note) {
			return nil, false, Refuse(NotFound, "Version not found")
		}
	}
	return versions, head.RoleOf(viewer) != Stranger, nil
}

// Kept returns the note as the author of version n had it, where a conflict kept that: with the
// posted body in place of the version's. Only members read it.
// Errors: NotFound, Forbidden, Unauthenticated, Purged, VersionThinned.
func (s *Service) Kept(ctx context.Context, viewer UserID, id NoteID, n int64) (*Note, error) {
	v, member, err := s.Version(ctx, viewer, id, n)
	if err != nil {
		return nil, err
	}
	kept := v.keptNote()
	if kept == nil || !member {
		return nil, errNothingKept
	}
	return kept, nil
}

// keptNote is the note with what a conflict kept in place of the version's body, or nil.
func (v *Version) keptNote() *Note {
	body := v.Kept()
	if body == nil {
		return nil
	}
	note := *v.Note
	note.Body = *body
	return &note
}

// Diff returns what changed from one version of a note to another, which may be an older one.
// With kept, which needs them to be the same, it is what changed from the version to what a
// conflict kept beside it. lines bounds how many lines of equal text are shown around changes;
// negative: all. Only members see the members.
// Errors: Invalid, NotFound, Forbidden, Unauthenticated, Purged, VersionThinned.
func (s *Service) Diff(ctx context.Context, viewer UserID, id NoteID, from, to int64, kept bool, lines int) (*Diff, error) {
	if kept && from != to {
		return nil, Refuse(Invalid, "kept is beside one version: from and to must be the same")
	}
	versions, member, err := s.versions(ctx, viewer, id, from, to)
	if err != nil {
		return nil, err
	}
	before, after := versions[0].Note, versions[1].Note
	if kept {
		if after = versions[1].keptNote(); after == nil || !member {
			return nil, errNothingKept
		}
	}
	d := DiffNotes(before, after, lines)
	if !member {
		d.Members = nil
	}
	return d, nil
}

const (
	infosInRead  = 200  // versions in one read of a page of groups
	infosInPage  = 1000 // and in a page, about: it ends with the group after as many
	maxGroupSize = 500
)

// GroupedHistory is a page of a history in groups.
type GroupedHistory struct {
	Groups []*Group
	Next   int64 // as in History: a page ends where a group does
	Member bool
}

// HistoryGroups returns a page of the versions that viewer may read as groups: at most q.Limit.
// To passers-by, who do not see who wrote what, all versions are one author's. A group is the
// same on pages of any size: a page reads on until its last one is complete.
// Errors: NotFound, Forbidden, Unauthenticated, Purged.
func (s *Service) HistoryGroups(ctx context.Context, viewer UserID, id NoteID, q HistoryQuery, pause Millis) (*GroupedHistory, error) {
	head, err := s.head(ctx, viewer, id)
	if err != nil {
		return nil, err
	}
	p := groupPage{
		query: q, viewer: viewer, head: head, limit: s.pageSize(q.Limit), grouper: grouper{pause: pause},
		page: &GroupedHistory{Member: head.RoleOf(viewer) != Stranger},
	}
	for r := q.from(); ; {
		r.Limit = infosInRead
		versions, err := s.store.VersionInfos(ctx, id, r)
		if err != nil {
			return nil, unavailable(err)
		}
		for _, v := range versions {
			if p.add(v) {
				return p.page, nil
			}
			r.After = v.Note.Version
		}
		if len(versions) == 0 {
			p.put(p.close())
			return p.page, nil
		}
	}
}

// groupPage is a page of groups in the making.
type groupPage struct {
	grouper
	query  HistoryQuery
	viewer UserID
	head   *Version
	limit  int
	read   int // versions
	page   *GroupedHistory
}

// add takes the next version, and returns true when the page is complete.
func (p *groupPage) add(v *Version) bool {
	p.read++
	done := p.grouped(v)
	p.put(done)
	switch full := len(p.page.Groups) == p.limit || p.read >= infosInPage; {
	case full && done != nil:
		p.page.Next = done.edge(p.query.Asc)
		return true
	case p.query.isLast(v, p.head):
		p.put(p.close())
		return true
	case full && p.open == nil: // the viewer may read none of these
		p.page.Next = v.Note.Version
		return true
	}
	return false
}

// grouped puts v into its group, and returns the one before if that is complete.
func (p *groupPage) grouped(v *Version) *Group {
	if !v.ReadableBy(p.viewer, p.head.Note) {
		return p.close()
	}
	if !p.page.Member {
		anonymous := *v
		anonymous.Author = ""
		v = &anonymous
	}
	return p.grouper.add(v)
}

func (p *groupPage) put(g *Group) {
	if g != nil {
		p.page.Groups = append(p.page.Groups, g)
	}
}
