package notestest

import (
	"fmt"
	"time"

	"notewire/notes"
)

var versionRules = []rule{
	{"every accepted edit is a version that can be read, however fast they come", everyEdit},
	{"a version says what it was: operation, author, mutation, base and what changed", versionSays},
	{"a log row says what it was to each account", rowSays},
	{"a clock that is set back does not reorder the versions of a note", clockSetBack},
}

func everyEdit(t *trial) {
	t.note("n", "0")
	ids := map[notes.MutationID]bool{}
	for i := 1; i <= 15; i++ {
		out, err := t.service.Mutate(t.Context(), ann, "", notes.Mutation{ID: t.id(), Note: "n", Op: edit(fmt.Sprint(i))}) // in the same millisecond
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "the answer's version", out.Version, int64(i+1))
		equal(t, "the answer's text", out.View.Content, fmt.Sprint(i))
		ids[out.Mutation] = true
	}
	versions := t.versions("n")
	if len(versions) != 16 || len(ids) != 15 {
		t.Fatalf("%d versions of %d mutations, want 16 of 15", len(versions), len(ids))
	}
	for i, v := range versions {
		equal(t, "the text in the log", v.Content, fmt.Sprint(i))
		equal(t, "the text of the version", t.version("n", int64(i+1)).Content, fmt.Sprint(i))
	}
}

// told is what a version says besides the note.
type told struct {
	Op             string
	Author         notes.UserID
	Mutation       notes.MutationID
	Changed        []string
	Base, Reverted int64
}

func tells(v *notes.Version) told {
	return told{v.Op, v.Author, v.Mutation, v.Changed, v.Base, v.Reverted}
}

func versionSays(t *trial) {
	t.as("a", ann, "n", notes.Create{FieldsPatch: star})
	t.as("b", ann, "n", add(writer(bob), reader(cat)))
	t.as("c", bob, "n", notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{
		Title: notes.Some(ptr("t")), Content: notes.Some("c"),
	}, FieldsPatch: star}})
	expected, based, chained := edit("x"), edit("y"), edit("z")
	expected.ExpectedVersion, based.BaseVersion, chained.BaseMutation = 3, 4, "e"
	t.as("d", ann, "n", expected)
	t.as("e", bob, "n", based)
	t.as("f", bob, "n", chained)
	t.as("g", bob, "n", notes.Revert{Version: 3})
	t.as("h", cat, "n", notes.Leave{})
	t.as("i", ann, "n", notes.Trash{})
	t.as("j", ann, "n", notes.Restore{})

	want := []told{
		{Op: "create", Author: ann, Mutation: "a"},
		{Op: "share", Author: ann, Mutation: "b", Changed: shareChanged},
		{Op: "edit", Author: bob, Mutation: "c", Changed: []string{"title", "content"}},
		{Op: "edit", Author: ann, Mutation: "d", Changed: []string{"content"}, Base: 3},
		{Op: "edit", Author: bob, Mutation: "e", Changed: []string{"content"}, Base: 4},
		{Op: "edit", Author: bob, Mutation: "f", Changed: []string{"content"}, Base: 5},
		{Op: "revert", Author: bob, Mutation: "g", Changed: []string{"content"}, Reverted: 3},
		{Op: "leave", Author: cat, Mutation: "h", Changed: []string{"collaborators", "roles"}},
		{Op: "trash", Author: ann, Mutation: "i", Changed: []string{"deleted"}},
		{Op: "restore", Author: ann, Mutation: "j", Changed: []string{"deleted"}},
	}
	for i, v := range t.versions("n") {
		equal(t, fmt.Sprintf("version %d", i+1), tells(v), want[i])
		if v.Posted != nil {
			t.Errorf("version %d has a posted body, though nothing was merged", i+1)
		}
		equal(t, "whether it deletes", v.Deletes(), v.Op == "trash")
	}
}

func rowSays(t *trial) {
	t.note("n", "12345", writer(bob))
	out := t.do(bob, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("123"), FieldsPatch: star}})
	at := notes.MillisOf(t.clock.Now())
	row := notes.LogRow{
		Kind: notes.KindSync, Op: "edit", Note: "n", Version: 3, Author: bob, Mutation: out.Mutation,
		Via: "via-bob", At: at, Size: 3 + int64(len("note")),
	}
	hers, his := row, row
	hers.Seq, hers.Changed = 3, []string{"content"}
	his.Seq, his.Changed, his.Fields = 2, []string{"content", "starred"}, notes.Fields{Starred: true}
	equal(t, "the owner's row", t.log(ann)[2].LogRow, hers)
	equal(t, "the author's row", t.log(bob)[1].LogRow, his)
}

func clockSetBack(t *trial) {
	t.note("n", "1")
	before := t.get(ann, "n").UpdatedAt
	t.clock.Advance(-time.Hour)
	out := t.do(ann, "n", edit("2"))
	equal(t, "the time of the edit", out.View.UpdatedAt, before)
	equal(t, "the time in the log", t.log(ann)[1].At, before)
	equal(t, "the receipt's mutation", t.as(out.Mutation, ann, "n", edit("2")).Repeated, true)
}
