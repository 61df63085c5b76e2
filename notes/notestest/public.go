package notestest

import (
	"slices"

	"notewire/notes"
)

var publicRules = []rule{
	{"anyone may read a public note, and nobody but members a private one", passersBy},
	{"passers-by read only versions that were public when they were written", passersByHistory},
	{"passers-by do not write to a public note", passersByDoNotWrite},
	{"a passer-by's page of a history that he may not read still leads on", passersByPages},
}

const nobody = notes.UserID("") // not signed in

func passersBy(t *trial) {
	ctx := t.Context()
	t.note("n", "text", reader(bob))
	_, err := t.service.Get(ctx, nobody, "n")
	t.isRefusal(notes.Unauthenticated, err)
	_, err = t.service.Get(ctx, eve, "n")
	t.isRefusal(notes.Forbidden, err)
	t.do(ann, "n", publish())
	for _, viewer := range []notes.UserID{nobody, eve} {
		view := t.get(viewer, "n")
		equal(t, "the text", view.Content, "text")
		equal(t, "a passer-by's fields", view.Fields, (*notes.Fields)(nil))
		v, member, err := t.service.Version(ctx, viewer, "n", 3)
		if err != nil || member || v.Content != "text" {
			t.Errorf("the version is %v, member %v, error %v", v, member, err)
		}
		equal(t, "the list of a passer-by", t.listed(eve, notes.ListQuery{}), nil)
	}
	equal(t, "a member's fields", t.get(bob, "n").Fields, &notes.Fields{})

	t.do(ann, "n", notes.Trash{})
	_, err = t.service.Get(ctx, nobody, "n")
	t.isRefusal(notes.Unauthenticated, err)
	_, err = t.service.Get(ctx, eve, "n")
	t.isRefusal(notes.NotFound, err)
	equal(t, "whether a member sees it in the trash", t.get(bob, "n").Deleted, true)
	t.do(ann, "n", notes.Restore{})
	t.do(ann, "n", notes.Share{Access: notes.Some(notes.Private)})
	_, err = t.service.Get(ctx, eve, "n")
	t.isRefusal(notes.Forbidden, err)
	_, err = t.service.History(ctx, eve, "n", notes.HistoryQuery{})
	t.isRefusal(notes.Forbidden, err)
	_, err = t.service.NoteHead(ctx, eve, "n")
	t.isRefusal(notes.Forbidden, err)
	_, err = t.service.Get(ctx, ann, "not/an/id")
	t.isRefusal(notes.Invalid, err)
}

// onceSecret makes a public note whose versions 3, 4 and 9 were public when they were written.
func onceSecret(t *trial) {
	t.note("n", "private 1", reader(bob))                          // 1, 2
	t.do(ann, "n", publish())                                      // 3
	t.do(ann, "n", edit("public 4"))                               // 4
	t.do(ann, "n", notes.Share{Access: notes.Some(notes.Private)}) // 5
	t.do(ann, "n", edit("private 6"))                              // 6
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("trashed 7"), Deleted: notes.Some(true)}})
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("private 8"), Deleted: notes.Some(false)}})
	t.do(ann, "n", publish()) // 9
}

func passersByHistory(t *trial) {
	onceSecret(t)
	for viewer, want := range map[notes.UserID][]int64{nobody: {9, 4, 3}, eve: {9, 4, 3}, bob: {9, 8, 7, 6, 5, 4, 3, 2, 1}} {
		page, err := t.service.History(t.Context(), viewer, "n", notes.HistoryQuery{})
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, v := range page.Versions {
			got = append(got, v.Note.Version)
		}
		equal(t, "the history as "+string(viewer), got, want)
		equal(t, "whether a member reads", page.Member, viewer == bob)
		for n := range int64(11) {
			_, member, err := t.service.Version(t.Context(), viewer, "n", n)
			readable := slices.Contains(want, n)
			if (err == nil) != readable || readable && member != (viewer == bob) {
				t.Errorf("version %d as %q: member %v, error %v", n, viewer, member, err)
			}
			if !readable {
				t.isRefusal(notes.NotFound, err)
			}
		}
	}
}

func passersByDoNotWrite(t *trial) {
	t.note("n", "")
	t.do(ann, "n", publish())
	before := t.state("n")
	for _, op := range []notes.Op{
		edit("x"), organise(star), editOf(star), notes.Revert{Version: 1}, notes.Trash{}, notes.Restore{}, publish(), notes.Leave{},
	} {
		t.refused(notes.Forbidden, eve, "n", op)
		t.refused(notes.Unauthenticated, nobody, "n", op)
	}
	t.refused(notes.NoteExists, eve, "n", notes.Create{IfAbsent: true})
	equal(t, "the state", t.state("n"), before)
	equal(t, "the passer-by's log", len(t.log(eve)), 0)
}

func passersByPages(t *trial) {
	onceSecret(t)
	var got []int64
	for before := int64(0); ; {
		page, err := t.service.History(t.Context(), eve, "n", notes.HistoryQuery{Before: before, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			got = append(got, v.Note.Version)
		}
		if before = page.Next; before == 0 {
			break
		}
	}
	equal(t, "the versions", got, []int64{9, 4, 3})
}
