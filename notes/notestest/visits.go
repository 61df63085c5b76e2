package notestest

import (
	"encoding/json"
	"maps"

	"notewire/notes"
)

func bareHeads(t *trial) {
	title := "title"
	t.do(ann, "n", notes.Create{BodyPatch: notes.BodyPatch{
		Title: notes.Some(&title), Content: notes.Some("text"), Blob: notes.Some(json.RawMessage(`[1]`)), Type: notes.Some("diagram"),
	}})
	t.do(ann, "n", add(writer(bob)))
	t.do(ann, "n", publish())
	t.note("gone", "")
	t.do(ann, "gone", notes.Trash{})
	heads, err := t.store.BareHeads(t.Context(), "none", "gone", "n", "n")
	if err != nil {
		t.Fatal(err)
	}
	want := *t.get(ann, "n").Note
	want.Content, want.Blob = "", nil
	gone := *t.get(ann, "gone").Note
	equal(t, "the bare heads", heads, []*notes.Note{nil, &gone, &want, &want})
	heads, err = t.store.BareHeads(t.Context())
	if err != nil || len(heads) != 0 {
		t.Errorf("no bare heads are %v, error %v", heads, err)
	}
}

func visits(t *trial) {
	ctx := t.Context()
	at := notes.MillisOf(t.clock.Now())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	are := func(user notes.UserID, want map[notes.NoteID]notes.Millis) {
		t.Helper()
		got, err := t.store.Visits(ctx, user)
		must(err)
		if !maps.Equal(got, want) {
			t.Errorf("the visits of %s are %v, want %v", user, got, want)
		}
	}
	are(ann, nil)
	must(t.store.Visit(ctx, ann, "b", at))
	must(t.store.Visit(ctx, ann, "A_-9", at+1))
	must(t.store.Visit(ctx, bob, "b", at+2))
	must(t.store.Visit(ctx, ann, "b", at+3))
	t.store.Store = t.harness.Reopen()
	are(ann, map[notes.NoteID]notes.Millis{"A_-9": at + 1, "b": at + 3})
	for _, want := range []bool{true, false} {
		there, err := t.store.Forget(ctx, ann, "b")
		if must(err); there != want {
			t.Errorf("that a visit was there is %v, want %v", there, want)
		}
	}
	are(ann, map[notes.NoteID]notes.Millis{"A_-9": at + 1})
	are(bob, map[notes.NoteID]notes.Millis{"b": at + 2})
}

func visited(t *trial) {
	ctx := t.Context()
	t.note("n", "text", reader(bob))
	t.isRefusal(notes.Forbidden, t.service.Visit(ctx, eve, "n"))
	t.isRefusal(notes.NotFound, t.service.Visit(ctx, eve, "none"))
	t.isRefusal(notes.NotFound, t.service.Forget(ctx, eve, "n"))
	t.isRefusal(notes.Invalid, t.service.Forget(ctx, eve, "not/an/id"))
	visit := func(user notes.UserID) {
		t.Helper()
		if err := t.service.Visit(ctx, user, "n"); err != nil {
			t.Fatal(err)
		}
	}
	sees := func(what string, want ...notes.NoteID) {
		t.Helper()
		equal(t, what, t.find(eve, notes.FindQuery{Sort: notes.SortAccessed}, true), want)
		equal(t, what+", by title", t.find(eve, notes.FindQuery{Sort: notes.SortTitle, Visited: true}, false), want)
	}
	t.do(ann, "n", publish())
	sees("the list before the visit")
	visit(eve)
	sees("the list after the visit", "n")
	equal(t, "the list of those who are members", t.find(eve, notes.FindQuery{Sort: notes.SortTitle}, false), nil)
	found := t.findPage(eve, notes.FindQuery{Sort: notes.SortAccessed}, true)
	equal(t, "a passer-by's fields", found.Notes[0].Fields, (*notes.Fields)(nil))
	equal(t, "when it was opened", found.Items[0].AccessedAt, notes.MillisOf(t.clock.Now()))

	t.do(ann, "n", notes.Share{Access: notes.Some(notes.Private)})
	sees("the list while the note is private")
	t.do(ann, "n", publish())
	sees("the list when it is public again", "n")
	t.do(ann, "n", notes.Trash{})
	sees("the list while the note is in the trash")
	t.do(ann, "n", notes.Restore{})
	sees("the list when it is back", "n")

	if err := t.service.Forget(ctx, eve, "n"); err != nil {
		t.Error(err)
	}
	sees("the list when it is forgotten")
	t.isRefusal(notes.NotFound, t.service.Forget(ctx, eve, "n"))
	visit(bob)
	t.isRefusal(notes.NotFound, t.service.Forget(ctx, bob, "n"))
	equal(t, "the list of a member", t.find(bob, notes.FindQuery{Sort: notes.SortAccessed}, false), []notes.NoteID{"n"})

	visit(eve)
	t.do(ann, "n", notes.Trash{})
	t.do(ann, "n", notes.Purge{})
	sees("the list when it is purged")
}
