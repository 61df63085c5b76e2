package notestest

import (
	"fmt"

	"notewire/notes"
)

var shareRules = []rule{
	{"who becomes a member is told of a new note, who stays of a change", joining},
	{"who is removed or leaves is told that the note went out of his sight", losing},
	{"a member's role can be changed, and he may then do what it allows", changingRole},
	{"members are sorted, the owner is not one of them, and their number is bounded", members},
	{"sharing with somebody who is no member any more is sharing anew", readding},
}

// last returns the last row of user's log.
func (t *trial) last(user notes.UserID) notes.Change {
	t.Helper()
	log := t.log(user)
	return log[len(log)-1]
}

var (
	shareChanged = []string{"collaborators", "roles"} // by adding or removing members
	leaveChanged = []string{"collaborators", "roles"}
)

func joining(t *trial) {
	t.note("n", "text", reader(bob))
	equal(t, "the new member's row", tellsRow(t.last(bob)), toldRow{notes.KindCreated, "", "share", 2, shareChanged})
	equal(t, "the new member's number", t.last(bob).Seq, int64(1))
	equal(t, "the owner's row", tellsRow(t.last(ann)), toldRow{notes.KindSync, "", "share", 2, shareChanged})
	equal(t, "the note in the new member's log", t.last(bob).Version.Content, "text")
	t.do(ann, "n", add(writer(cat)))
	equal(t, "the other member's row", tellsRow(t.last(bob)), toldRow{notes.KindSync, "", "share", 3, shareChanged})
	for _, user := range []notes.UserID{ann, bob, cat} {
		equal(t, "the members", t.get(user, "n").Members, []notes.Member{reader(bob), writer(cat)})
	}
	equal(t, "the new member's entry", t.entry(cat, "n"), &notes.Entry{
		User: cat, Note: "n", Role: notes.Writer, UpdatedAt: notes.MillisOf(t.clock.Now()), Size: 8, Seq: 1, Version: 3,
	})
}

func losing(t *trial) {
	t.note("n", "", reader(bob), reader(cat))
	t.do(ann, "n", removing(bob))
	equal(t, "the removed member's row", tellsRow(t.last(bob)), toldRow{notes.KindDeleted, notes.ReasonAccessLost, "share", 3, shareChanged})
	equal(t, "the staying member's row", tellsRow(t.last(cat)), toldRow{notes.KindSync, "", "share", 3, shareChanged})
	out := t.do(cat, "n", notes.Leave{})
	if out.View != nil || out.Version != 4 {
		t.Errorf("the answer to leave is %+v", out)
	}
	equal(t, "the leaver's row", tellsRow(t.last(cat)), toldRow{notes.KindDeleted, notes.ReasonAccessLost, "leave", 4, leaveChanged})
	equal(t, "the owner's row", tellsRow(t.last(ann)), toldRow{notes.KindSync, "", "leave", 4, leaveChanged})
	for _, user := range []notes.UserID{bob, cat} {
		t.refused(notes.Forbidden, user, "n", organise(star))
		_, err := t.service.Get(t.Context(), user, "n")
		t.isRefusal(notes.Forbidden, err)
		entries, err := t.store.EntriesOf(t.Context(), user, "n")
		if err != nil || entries[0] != nil {
			t.Errorf("the entry of %s is %v, error %v", user, entries[0], err)
		}
	}
	t.do(ann, "n", edit("later"))
	equal(t, "rows of the removed member after a later edit", len(t.log(bob)), 2)
	equal(t, "the members", len(t.get(ann, "n").Members), 0)
}

func changingRole(t *trial) {
	t.note("n", "", reader(bob))
	t.refused(notes.Forbidden, bob, "n", edit("x"))
	t.do(ann, "n", add(writer(bob)))
	equal(t, "the row", tellsRow(t.last(bob)), toldRow{notes.KindSync, "", "share", 3, []string{"roles"}})
	equal(t, "the entry's role", t.entry(bob, "n").Role, notes.Writer)
	t.do(bob, "n", edit("x"))
	t.do(ann, "n", add(reader(bob)))
	t.refused(notes.Forbidden, bob, "n", edit("y"))
}

func members(t *trial) {
	t.limit(func(l *notes.Limits) { l.Members = notes.MembersAtOnce })
	t.note("n", "")
	var all []notes.Member
	for i := range t.limits.Members {
		all = append(all, reader(notes.UserID(fmt.Sprintf("u-%02d", i))))
	}
	t.do(ann, "n", add(all[5:]...))
	t.do(ann, "n", add(all[:5]...))
	equal(t, "the members", t.get(ann, "n").Members, all)
	t.refused(notes.LimitExceeded, ann, "n", add(reader("one-more")))
	t.do(ann, "n", notes.Share{Members: []notes.Member{reader("one-more")}, Remove: []notes.UserID{"u-00"}})
	t.refused(notes.Invalid, ann, "n", add(reader(ann)))
	out := t.do(ann, "n", edit("to all"))
	t.settled()
	for _, m := range t.get(ann, "n").Members {
		equal(t, "the last row of "+string(m.User), t.last(m.User).LogRow.Version, out.Version)
	}
}

func readding(t *trial) {
	t.note("n", "1", writer(bob))
	t.do(bob, "n", organise(star))
	t.do(ann, "n", removing(bob))
	t.do(ann, "n", edit("2"))
	t.do(ann, "n", add(reader(bob)))
	row := t.last(bob)
	equal(t, "the row", tellsRow(row), toldRow{notes.KindCreated, "", "share", 5, shareChanged})
	equal(t, "the fields", row.Fields, notes.Fields{})
	equal(t, "the text", t.get(bob, "n").Content, "2")
	equal(t, "rows", len(t.log(bob)), 4)
}
