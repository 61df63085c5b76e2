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
	notes     map[notes.NoteID]*worldNote
	folders   map[notes.UserID]map[notes.FolderID]worldFolder
	logs      map[notes.UserID][]worldRow
	mutations map[worldMutation]worldDone
	step      int
}

type worldMutation struct {
	user notes.UserID
	id   notes.MutationID
}

// worldDone is the version that a mutation made or found.
type worldDone struct {
	note    notes.NoteID
	version int
}

type worldNote struct {
	owner    notes.UserID
	roles    map[notes.UserID]notes.Role // the owner's too
	stars    map[notes.UserID]bool
	versions []worldVersion
	touched  int // the step of the last version
}

type worldBody struct {
	title *string
	text  string
}

type worldVersion struct {
	worldBody
	public, deleted, purged bool
	op                      string
	author                  notes.UserID
	mutation                notes.MutationID
	merged                  bool
	conflicts               []string
	posted                  *worldBody
}

type worldRow struct {
	kind    notes.Kind
	reason  string
	op      string
	note    notes.NoteID
	version int
	author  notes.UserID
	star    bool
	folder  worldFolder // of a row about a folder
}

func newWorld() *world {
	return &world{
		notes: map[notes.NoteID]*worldNote{}, folders: map[notes.UserID]map[notes.FolderID]worldFolder{},
		logs: map[notes.UserID][]worldRow{}, mutations: map[worldMutation]worldDone{},
	}
}

func (n *worldNote) head() worldVersion { return n.versions[len(n.versions)-1] }

// rights names the operations of each role.
var rights = map[notes.Role]string{
	notes.Owner:  "edit organise revert trash restore purge share",
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
func (w *world) apply(user notes.UserID, m notes.Mutation) notes.Code {
	w.step++
	if m.OfFolder() {
		return w.folder(user, m)
	}
	code := w.operate(user, m)
	if code == "" {
		w.mutations[worldMutation{user, m.ID}] = worldDone{m.Note, len(w.notes[m.Note].versions)}
	}
	return code
}

func (w *world) operate(user notes.UserID, m notes.Mutation) notes.Code {
	n := w.notes[m.Note]
	if create, ok := m.Op.(notes.Create); ok {
		return w.create(n, user, m, create)
	}
	if n == nil {
		return notes.NotFound
	}
	if n.head().purged {
		return n.gone(user)
	}
	if edit, ok := m.Op.(notes.Edit); ok {
		return w.edit(n, user, m, edit)
	}
	if code := n.refusal(user, m.Op.Name()); code != "" {
		return code
	}
	next, roles := n.next(), maps.Clone(n.roles)
	switch op := m.Op.(type) {
	case notes.Organise:
		w.star(n, user, m, op.Fields)
		return ""
	case notes.Revert:
		if int(op.Version) > len(n.versions) {
			return notes.NotFound
		}
		old := n.versions[op.Version-1]
		next.worldBody = old.worldBody
		if op.Kept {
			if len(old.conflicts) == 0 || old.posted == nil {
				return notes.NotFound
			}
			next.worldBody = *old.posted
		}
	case notes.Trash:
		next.deleted = true
	case notes.Restore:
		next.deleted = false
	case notes.Purge:
		if !next.deleted {
			return notes.Invalid
		}
		next = worldVersion{deleted: true, purged: true}
	case notes.Leave:
		delete(roles, user)
	case notes.Share:
		return w.share(n, user, m, op)
	}
	if next.deleted == n.head().deleted && (m.Op.Name() == "trash" || m.Op.Name() == "restore") {
		return "" // as asked for already
	}
	w.write(n, user, m, next, roles)
	return ""
}

// next is the version that follows if nothing changes.
func (n *worldNote) next() worldVersion {
	head := n.head()
	return worldVersion{worldBody: head.worldBody, public: head.public, deleted: head.deleted}
}

// gone is what is said of a note that was purged.
func (n *worldNote) gone(user notes.UserID) notes.Code {
	if _, member := n.roles[user]; member {
		return notes.Purged
	}
	return notes.NotFound
}

func (w *world) share(n *worldNote, user notes.UserID, m notes.Mutation, op notes.Share) notes.Code {
	next, roles := n.next(), maps.Clone(n.roles)
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
	if op.Owner != "" && op.Owner != n.owner {
		if roles[op.Owner] == "" {
			return notes.Invalid
		}
		roles[n.owner], roles[op.Owner] = notes.Writer, notes.Owner
	}
	if next.public == n.head().public && maps.Equal(roles, n.roles) {
		return "" // as asked for already
	}
	if roles[op.Owner] == notes.Owner {
		n.owner = op.Owner
	}
	w.write(n, user, m, next, roles)
	return ""
}

func (w *world) create(n *worldNote, user notes.UserID, m notes.Mutation, op notes.Create) notes.Code {
	if n != nil {
		switch {
		case !op.IfAbsent || n.owner != user:
			return notes.NoteExists
		case n.head().purged:
			return notes.Purged
		}
		return ""
	}
	n = &worldNote{owner: user, roles: map[notes.UserID]notes.Role{}, stars: map[notes.UserID]bool{user: op.Starred.Value}}
	w.notes[m.Note] = n
	body := worldBody{op.Title.Value, op.Content.Value}
	w.write(n, user, m, worldVersion{worldBody: body}, map[notes.UserID]notes.Role{user: notes.Owner})
	return ""
}

// star changes user's own field, if the patch says so, and tells him alone.
func (w *world) star(n *worldNote, user notes.UserID, m notes.Mutation, patch notes.FieldsPatch) {
	if !patch.Starred.Set {
		return
	}
	n.stars[user] = patch.Starred.Value
	w.logs[user] = append(w.logs[user], worldRow{
		kind: notes.KindSync, op: m.Op.Name(), note: m.Note, version: len(n.versions), author: user, star: n.stars[user],
	})
}

// write adds a version and tells everybody who was or is a member.
func (w *world) write(n *worldNote, author notes.UserID, m notes.Mutation, next worldVersion, roles map[notes.UserID]notes.Role) {
	was, before := n.roles, worldVersion{}
	if len(n.versions) > 0 {
		before = n.head()
	}
	next.op, next.author, next.mutation = m.Op.Name(), author, m.ID
	n.versions, n.roles, n.touched = append(n.versions, next), roles, w.step
	all := maps.Clone(was)
	maps.Copy(all, roles)
	for user := range all {
		row := worldRow{kind: notes.KindSync, op: next.op, note: m.Note, version: len(n.versions), author: author, star: n.stars[user]}
		_, had := was[user]
		_, has := roles[user]
		switch {
		case next.purged:
			row.kind, row.reason = notes.KindDeleted, notes.ReasonPurged
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
		if row.note == "" {
			continue
		}
		n := w.notes[row.note]
		if _, member := n.roles[user]; (!member || n.head().purged) && row.kind != notes.KindDeleted {
			rows[i].kind, rows[i].reason, rows[i].star = notes.KindDeleted, notes.ReasonAccessLost, false
		}
	}
	return rows
}

// list is the ids of user's notes, newest first.
func (w *world) list(user notes.UserID, trashed bool) (ids []notes.NoteID) {
	for id, n := range w.notes {
		if _, member := n.roles[user]; member && n.head().deleted == trashed && !n.head().purged {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b notes.NoteID) int { return w.notes[b].touched - w.notes[a].touched })
	return ids
}
