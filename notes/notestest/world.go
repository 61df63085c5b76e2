package notestest

import (
	"maps"
	"slices"
	"strings"

	"notewire/notes"
)

// world is the promises of package notes told as simply as possible: what random histories
// are compared with. Of bodies it knows the title and the text, of fields the star.
type world struct {
	notes map[notes.NoteID]*worldNote
	logs  map[notes.UserID][]worldRow
	step  int
}

type worldNote struct {
	owner    notes.UserID
	roles    map[notes.UserID]notes.Role // the owner's too
	stars    map[notes.UserID]bool
	versions []worldVersion
	touched  int // the step of the last version
}

type worldVersion struct {
	title           *string
	text            string
	public, deleted bool
	op              string
	author          notes.UserID
}

type worldRow struct {
	kind    notes.Kind
	reason  string
	op      string
	note    notes.NoteID
	version int
	author  notes.UserID
	star    bool
}

func newWorld() *world {
	return &world{notes: map[notes.NoteID]*worldNote{}, logs: map[notes.UserID][]worldRow{}}
}

func (n *worldNote) head() worldVersion { return n.versions[len(n.versions)-1] }

// rights names the operations of each role.
var rights = map[notes.Role]string{
	notes.Owner:  "edit organise revert trash restore share",
	notes.Writer: "edit organise revert leave",
	notes.Reader: "organise leave",
}

// refusal returns why user may not do one of these to the note, or "".
func (n *worldNote) refusal(user notes.UserID, rightsToHave ...string) notes.Code {
	role, member := n.roles[user]
	for _, right := range rightsToHave {
		switch {
		case slices.Contains(strings.Fields(rights[role]), right):
		case !member && n.head().deleted:
			return notes.NotFound
		default:
			return notes.Forbidden
		}
	}
	return ""
}

// apply carries out an operation, or says with which code it is refused.
func (w *world) apply(user notes.UserID, id notes.NoteID, op notes.Op) notes.Code {
	w.step++
	n := w.notes[id]
	if create, ok := op.(notes.Create); ok {
		return w.create(n, user, id, create)
	}
	if n == nil {
		return notes.NotFound
	}
	if edit, ok := op.(notes.Edit); ok {
		return w.edit(n, user, id, edit)
	}
	if code := n.refusal(user, op.Name()); code != "" {
		return code
	}
	next, roles := n.head(), maps.Clone(n.roles)
	switch op := op.(type) {
	case notes.Organise:
		w.star(n, user, id, op.Fields, "organise")
		return ""
	case notes.Revert:
		if int(op.Version) > len(n.versions) {
			return notes.NotFound
		}
		old := n.versions[op.Version-1]
		next.title, next.text = old.title, old.text
	case notes.Trash:
		next.deleted = true
	case notes.Restore:
		next.deleted = false
	case notes.Leave:
		delete(roles, user)
	case notes.Share:
		if slices.ContainsFunc(op.Members, func(m notes.Member) bool { return m.User == n.owner }) {
			return notes.Invalid
		}
		if op.Access.Set {
			next.public = op.Access.Value == notes.Public
		}
		for _, m := range op.Members {
			roles[m.User] = m.Role
		}
		for _, gone := range op.Remove {
			if gone != n.owner {
				delete(roles, gone)
			}
		}
	}
	if next.deleted == n.head().deleted && (op.Name() == "trash" || op.Name() == "restore") {
		return "" // as asked for already
	}
	w.write(n, user, id, op.Name(), next, roles)
	return ""
}

func (w *world) create(n *worldNote, user notes.UserID, id notes.NoteID, op notes.Create) notes.Code {
	if n != nil {
		if op.IfAbsent && n.owner == user {
			return ""
		}
		return notes.NoteExists
	}
	n = &worldNote{owner: user, roles: map[notes.UserID]notes.Role{}, stars: map[notes.UserID]bool{user: op.Starred.Value}}
	w.notes[id] = n
	w.write(n, user, id, "create", worldVersion{title: op.Title.Value, text: op.Content.Value}, map[notes.UserID]notes.Role{user: notes.Owner})
	return ""
}

func (w *world) edit(n *worldNote, user notes.UserID, id notes.NoteID, op notes.Edit) notes.Code {
	c, next := op.Changes, n.head()
	var asks []string
	if c.Title.Set {
		next.title, asks = c.Title.Value, append(asks, "edit")
	}
	if c.Content.Set {
		next.text, asks = c.Content.Value, append(asks, "edit")
	}
	if c.Deleted.Set && c.Deleted.Value != next.deleted {
		next.deleted = c.Deleted.Value
		asks = append(asks, map[bool]string{true: "trash", false: "restore"}[next.deleted])
	}
	version := len(asks) > 0
	if c.Starred.Set || !version {
		asks = append(asks, "organise")
	}
	if code := n.refusal(user, asks...); code != "" {
		return code
	}
	head := int64(len(n.versions))
	switch {
	case !version && !c.Starred.Set && !c.Deleted.Set:
		return notes.Invalid
	case op.ExpectedVersion != 0 && op.ExpectedVersion != notes.Seen(head):
		return notes.VersionMismatch
	case op.BaseVersion > notes.Seen(head):
		return notes.Invalid
	case op.BaseVersion != 0 && op.BaseVersion < notes.Seen(head):
		return notes.Conflict
	case !version:
		w.star(n, user, id, c.FieldsPatch, "edit")
		return ""
	}
	if c.Starred.Set {
		n.stars[user] = c.Starred.Value
	}
	w.write(n, user, id, "edit", next, n.roles)
	return ""
}

// star changes user's own field, if the patch says so, and tells him alone.
func (w *world) star(n *worldNote, user notes.UserID, id notes.NoteID, patch notes.FieldsPatch, op string) {
	if !patch.Starred.Set {
		return
	}
	n.stars[user] = patch.Starred.Value
	w.logs[user] = append(w.logs[user], worldRow{notes.KindSync, "", op, id, len(n.versions), user, n.stars[user]})
}

// write adds a version and tells everybody who was or is a member.
func (w *world) write(n *worldNote, author notes.UserID, id notes.NoteID, op string, next worldVersion, roles map[notes.UserID]notes.Role) {
	was, before := n.roles, worldVersion{}
	if len(n.versions) > 0 {
		before = n.head()
	}
	next.op, next.author = op, author
	n.versions, n.roles, n.touched = append(n.versions, next), roles, w.step
	all := maps.Clone(was)
	maps.Copy(all, roles)
	for user := range all {
		row := worldRow{notes.KindSync, "", op, id, len(n.versions), author, n.stars[user]}
		_, had := was[user]
		_, has := roles[user]
		switch {
		case !has:
			row.kind, row.reason = notes.KindDeleted, notes.ReasonAccessLost
			delete(n.stars, user)
		case !had:
			row.kind = notes.KindCreated
		case next.deleted && !before.deleted:
			row.kind, row.reason = notes.KindDeleted, notes.ReasonTrashed
		case !next.deleted && before.deleted:
			row.kind = notes.KindCreated
		}
		w.logs[user] = append(w.logs[user], row)
	}
}

// replay is user's log as it reads now: what tells of a note out of his sight is deleted.
func (w *world) replay(user notes.UserID) []worldRow {
	rows := slices.Clone(w.logs[user])
	for i, row := range rows {
		if _, member := w.notes[row.note].roles[user]; !member && row.kind != notes.KindDeleted {
			rows[i].kind, rows[i].reason, rows[i].star = notes.KindDeleted, notes.ReasonAccessLost, false
		}
	}
	return rows
}

// list is the ids of user's notes, newest first.
func (w *world) list(user notes.UserID, trashed bool) (ids []notes.NoteID) {
	for id, n := range w.notes {
		if _, member := n.roles[user]; member && n.head().deleted == trashed {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b notes.NoteID) int { return w.notes[b].touched - w.notes[a].touched })
	return ids
}
