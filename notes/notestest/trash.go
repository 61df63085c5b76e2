package notestest

import "notewire/notes"

var trashRules = []rule{
	{"trash takes a note out of the members' sight, restore brings it back whole", trashAndRestore},
	{"a note in the trash can be edited and reverted, and stays there", editInTrash},
	{"trashing what is in the trash, and restoring what is not, changes nothing", trashTwice},
}

func trashAndRestore(t *trial) {
	t.note("n", "text", reader(bob))
	t.do(ann, "n", notes.Trash{})
	for _, user := range []notes.UserID{ann, bob} {
		equal(t, "the row of "+string(user), tellsRow(t.last(user)), toldRow{notes.KindDeleted, notes.ReasonTrashed, "trash", 3, []string{"deleted"}})
		equal(t, "the note for "+string(user), t.get(user, "n").Deleted, true)
		equal(t, "the live notes of "+string(user), t.listed(user, notes.ListQuery{}), nil)
		equal(t, "the trash of "+string(user), t.listed(user, notes.ListQuery{Trashed: true}), []notes.NoteID{"n"})
	}
	t.do(ann, "n", notes.Restore{})
	for _, user := range []notes.UserID{ann, bob} {
		equal(t, "the row of "+string(user), tellsRow(t.last(user)), toldRow{notes.KindCreated, "", "restore", 4, []string{"deleted"}})
		equal(t, "the live notes of "+string(user), t.listed(user, notes.ListQuery{}), []notes.NoteID{"n"})
		equal(t, "the trash of "+string(user), t.listed(user, notes.ListQuery{Trashed: true}), nil)
	}
	equal(t, "the text", t.get(bob, "n").Content, "text")
}

func editInTrash(t *trial) {
	t.note("n", "1", writer(bob))
	t.do(ann, "n", notes.Trash{})
	t.do(bob, "n", edit("2"))
	t.do(bob, "n", notes.Revert{Version: 1})
	t.do(bob, "n", organise(star))
	view := t.get(bob, "n")
	equal(t, "text, version, trash", []any{view.Content, view.Version, view.Deleted}, []any{"1", int64(5), true})
	equal(t, "the row of the edit", tellsRow(t.log(ann)[3]), toldRow{notes.KindSync, "", "edit", 4, []string{"content"}})
	equal(t, "the live notes", t.listed(ann, notes.ListQuery{}), nil)
}

func trashTwice(t *trial) {
	t.note("n", "", reader(bob))
	before := t.state("n")
	equal(t, "the version after restoring", t.do(ann, "n", notes.Restore{}).Version, int64(2))
	equal(t, "the state", t.state("n"), before)
	t.do(ann, "n", notes.Trash{})
	before = t.state("n")
	out := t.do(ann, "n", notes.Trash{})
	equal(t, "version, row and trash", []any{out.Version, out.Logged, out.View.Deleted}, []any{int64(3), false, true})
	equal(t, "the state", t.state("n"), before)
}
