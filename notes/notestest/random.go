package notestest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"notewire/notes"
)

var randomRules = []rule{
	{"any history of three accounts and three notes, with faults and repeats, ends as its model", randomHistories},
}

// enough is how long random histories are tried on a slow store; a fast one has done all
// of them long before.
const enough = 10 * time.Second

func randomHistories(t *trial) {
	turn, begun := 0, time.Now()
	rapid.Check(t.T, func(r *rapid.T) {
		if time.Since(begun) > enough {
			return
		}
		turn++ // each history has accounts and notes of its own
		h := &history{T: r, trial: t, world: newWorld()}
		for i := range 3 {
			h.users = append(h.users, notes.UserID(fmt.Sprintf("%d-u%d", turn, i)))
			h.notes = append(h.notes, notes.NoteID(fmt.Sprintf("%d-n%d", turn, i)))
		}
		h.begin()
		for range rapid.IntRange(5, 40).Draw(r, "steps") {
			h.step()
		}
		h.compare()
	})
}

// history is a random one, told to a service and to a world.
type history struct {
	*rapid.T
	trial *trial
	world *world
	users []notes.UserID
	notes []notes.NoteID
	done  []done
}

// done is a mutation that was accepted.
type done struct {
	user    notes.UserID
	m       notes.Mutation
	outcome *notes.Outcome
}

func (h *history) user(label string) notes.UserID { return rapid.SampledFrom(h.users).Draw(h.T, label) }

func (h *history) step() {
	h.trial.store.OnCommit(rapid.SampledFrom([]Hook{
		nil, nil, nil, times(1, true, ErrLost), times(1, false, ErrLost),
	}).Draw(h.T, "fault"))
	if len(h.done) > 0 && rapid.IntRange(0, 4).Draw(h.T, "what") == 0 {
		h.repeat(rapid.SampledFrom(h.done).Draw(h.T, "repeated"))
		return
	}
	id := h.notes[0] // mostly one note, so that accounts meet
	if rapid.IntRange(0, 4).Draw(h.T, "elsewhere") == 4 {
		id = rapid.SampledFrom(h.notes).Draw(h.T, "note")
	}
	op := h.op()
	m := notes.Mutation{ID: h.trial.id(), Note: id, Op: op}
	if m.OfFolder() {
		m.Note, m.Folder = "", h.folder("folder")
	}
	author := h.user("author")
	if edit, ok := op.(notes.Edit); ok && rapid.IntRange(0, 3).Draw(h.T, "chained") == 0 {
		edit.ExpectedVersion, edit.BaseVersion, edit.BaseMutation = 0, 0, h.earlier(author)
		m.Op = edit
	}
	h.tell(author, m)
}

// earlier is an earlier mutation: mostly the account's own.
func (h *history) earlier(author notes.UserID) notes.MutationID {
	own := slices.DeleteFunc(slices.Clone(h.done), func(d done) bool { return d.user != author })
	if len(own) == 0 || rapid.IntRange(0, 7).Draw(h.T, "another's") == 7 {
		return rapid.SampledFrom(h.done).Draw(h.T, "base").m.ID
	}
	if rapid.Bool().Draw(h.T, "the last") {
		return own[len(own)-1].m.ID
	}
	return rapid.SampledFrom(own).Draw(h.T, "base").m.ID
}

func (h *history) folder(label string) notes.FolderID {
	return rapid.SampledFrom([]notes.FolderID{"f", "g", "h"}).Draw(h.T, label)
}

// begin makes a note that the others may write to and read: most of a history is about it.
func (h *history) begin() {
	for _, op := range []notes.Op{
		notes.Create{BodyPatch: h.body(), FieldsPatch: h.fields()}, add(writer(h.users[1]), reader(h.users[2])),
	} {
		h.tell(h.users[0], notes.Mutation{ID: h.trial.id(), Note: h.notes[0], Op: op})
	}
}

// tell carries out one mutation on both, and compares the answers.
func (h *history) tell(user notes.UserID, m notes.Mutation) {
	want, rows := h.world.apply(user, m), len(h.world.logs[user])
	outcome, err := h.send(user, m)
	got := notes.Code("")
	if err != nil {
		got = notes.CodeOf(err)
	}
	if got != want {
		h.Fatalf("%s %s%s by %s is answered %v, want %q", m.Op.Name(), m.Note, m.Folder, user, err, want)
	}
	if err != nil {
		return
	}
	versions := 0
	if n := h.world.notes[m.Note]; n != nil {
		versions = len(n.versions)
	}
	equal(h, "version and place", []any{int(outcome.Version), int(outcome.Cursor.Seq)}, []any{versions, rows})
	h.done = append(h.done, done{user, m, outcome})
}

func (h *history) send(user notes.UserID, m notes.Mutation) (*notes.Outcome, error) {
	h.trial.clock.Advance(time.Millisecond)
	return h.trial.service.Mutate(h.trial.Context(), user, "", m)
}

func (h *history) repeat(d done) {
	again, err := h.send(d.user, d.m)
	if err != nil || !again.Repeated {
		h.Fatalf("repeated, %s by %s is answered %+v, %v", d.m.Op.Name(), d.user, again, err)
	}
	answer := *again
	answer.Repeated = false
	if !answer.Logged && answer.View != nil { // made no row: its fields are the present ones
		view := *answer.View
		view.Fields = d.outcome.View.Fields
		answer.View = &view
	}
	want := *d.outcome
	if n := h.world.notes[d.m.Note]; n != nil && n.head().purged {
		want.View = nil
	}
	if !answer.Logged && d.m.OfFolder() { // made no row: the folder is as it is now
		var now worldFolder
		if answer.Folder != nil {
			now = worldFolderOf(d.m.Folder, answer.Folder)
		}
		equal(h, "the folder of the repeated answer", now, h.world.folders[d.user][d.m.Folder])
		want.At, want.Folder = answer.At, answer.Folder
	}
	equal(h, "the repeated answer", &answer, &want)
}

// op draws an operation, the frequent ones first: rapid prefers small numbers.
func (h *history) op() notes.Op {
	switch rapid.IntRange(0, 19).Draw(h.T, "op") {
	case 0, 1, 2, 15, 16, 17, 18:
		return h.edit()
	case 3, 4:
		return h.share()
	case 5:
		return notes.Restore{}
	case 6:
		return notes.Trash{}
	case 7:
		return notes.Revert{Version: rapid.Int64Range(1, 6).Draw(h.T, "version"), Kept: rapid.Bool().Draw(h.T, "kept")}
	case 8:
		return notes.Organise{Fields: star}
	case 9:
		return notes.Leave{}
	case 10, 11:
		return notes.FolderCreate{FolderPatch: h.folderPatch(), IfAbsent: rapid.Bool().Draw(h.T, "if absent")}
	case 12:
		return notes.FolderUpdate{Changes: h.folderPatch()}
	case 13:
		return notes.FolderDelete{}
	case 14:
		return notes.Purge{}
	}
	return notes.Create{BodyPatch: h.body(), FieldsPatch: h.fields(), IfAbsent: rapid.Bool().Draw(h.T, "if absent")}
}

func (h *history) folderPatch() notes.FolderPatch {
	p := notes.FolderPatch{Name: notes.Some(rapid.StringN(1, 5, -1).Draw(h.T, "name"))}
	p.ParentID = optional(h, "parent", rapid.Ptr(rapid.SampledFrom([]string{"", "f", "g", "h"}), true))
	return p
}

// body has a text of a few lines out of few, so that texts can be merged and can conflict, or any text.
func (h *history) body() (p notes.BodyPatch) {
	lines := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"one\n", "two\n", "tw0 words\n", "\n", "end"}), 0, 4).Draw(t, "lines"), "")
	})
	p.Content = optional(h, "content", rapid.OneOf(lines, rapid.StringN(0, 5, -1)))
	p.Title = optional(h, "title", rapid.Ptr(rapid.StringN(0, 5, -1), true))
	return p
}

func (h *history) fields() notes.FieldsPatch {
	return notes.FieldsPatch{Starred: optional(h, "star", rapid.Bool())}
}

func optional[T any](h *history, label string, values *rapid.Generator[T]) (o notes.Opt[T]) {
	if rapid.Bool().Draw(h.T, label+"?") {
		o = notes.Some(values.Draw(h.T, label))
	}
	return o
}

func (h *history) edit() notes.Edit {
	e := notes.Edit{Changes: notes.Changes{BodyPatch: h.body(), FieldsPatch: h.fields()}}
	if rapid.IntRange(0, 3).Draw(h.T, "deleted?") == 0 {
		e.Changes.Deleted = notes.Some(rapid.Bool().Draw(h.T, "deleted"))
	}
	switch base := rapid.Int64Range(1, 6).Draw(h.T, "base"); rapid.IntRange(0, 7).Draw(h.T, "based") {
	case 0:
		e.ExpectedVersion = notes.Seen(base)
	case 1, 2, 3:
		e.BaseVersion = notes.Seen(base)
	}
	return e
}

func (h *history) share() (s notes.Share) {
	s.Access = optional(h, "access", rapid.SampledFrom([]notes.Access{notes.Private, notes.Public}))
	role := rapid.SampledFrom([]notes.Role{notes.Reader, notes.Writer}).Draw(h.T, "role")
	s.Members = []notes.Member{{User: h.user("member"), Role: role}}
	if gone := h.user("removed"); gone != s.Members[0].User && rapid.Bool().Draw(h.T, "remove?") {
		s.Remove = []notes.UserID{gone}
	}
	if rapid.IntRange(0, 3).Draw(h.T, "transfer?") == 0 {
		s.Owner = h.user("owner")
	}
	return s
}
