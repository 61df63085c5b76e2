package notestest

import (
	"notewire/notes"
)

var idempotencyRules = []rule{
	{"a repeated mutation of any operation has no effect and an equal answer", repeatsOfEveryOp},
	{"a repeated mutation is answered as it was, whatever happened to the note since", repeatAfterChanges},
	{"a mutation id that was used for another operation is refused", reusedID},
	{"a mutation id belongs to its account", idOfAnotherAccount},
	{"a mutation that changed nothing changes nothing either when it is repeated later", repeatedNothing},
	{"only a commit uses up a mutation id", refusalLeavesNoReceipt},
	{"a create without an id is repeated by its mutation id alone", repeatedCreateWithoutID},
}

// sameAnswer checks that both are answers to one mutation.
func (t *trial) sameAnswer(want, got *notes.Outcome) {
	t.Helper()
	w, g := *want, *got
	w.Repeated, g.Repeated = false, false
	equal(t, "the repeated answer", g, w)
}

// everyOp is a history with each operation, by several accounts.
func everyOp() []notes.Mutation {
	return []notes.Mutation{
		{ID: "ann-1", Note: "n", Op: notes.Create{BodyPatch: text("one"), FieldsPatch: star}},
		{ID: "ann-2", Note: "n", Op: add(writer(bob), reader(cat))},
		{ID: "bob-1", Note: "n", Op: notes.Edit{Changes: notes.Changes{BodyPatch: text("two"), FieldsPatch: star}}},
		{ID: "bob-2", Note: "n", Op: organise(notes.FieldsPatch{AddTags: []string{"x"}})},
		{ID: "ann-3", Note: "n", Op: notes.Edit{Changes: notes.Changes{BodyPatch: text("three")}, ExpectedVersion: 3}},
		{ID: "bob-4", Note: "n", Op: notes.Edit{Changes: notes.Changes{BodyPatch: text("2")}, BaseVersion: 2}}, // merged, with a conflict
		{ID: "ann-b", Note: "n", Op: notes.Revert{Version: 5, Kept: true}},
		{ID: "bob-5", Note: "n", Op: notes.Edit{Changes: notes.Changes{BodyPatch: text("2 3")}, BaseMutation: "bob-4"}},
		{ID: "ann-c", Note: "n", Op: notes.Share{Owner: bob}},
		{ID: "bob-6", Note: "n", Op: notes.Share{Owner: ann}},
		{ID: "bob-3", Note: "n", Op: notes.Revert{Version: 1}},
		{ID: "ann-4", Note: "n", Op: notes.Trash{}},
		{ID: "ann-5", Note: "n", Op: notes.Trash{}}, // changes nothing
		{ID: "ann-6", Note: "n", Op: notes.Restore{}},
		{ID: "ann-7", Note: "n", Op: notes.Edit{Changes: notes.Changes{Deleted: notes.Some(true)}}},
		{ID: "ann-8", Note: "n", Op: notes.Edit{Changes: notes.Changes{BodyPatch: text("four"), Deleted: notes.Some(false)}}},
		{ID: "cat-1", Note: "n", Op: notes.Leave{}},
		{ID: "ann-9", Note: "n", Op: removing(bob)},
		{ID: "ann-10", Note: "n", Op: notes.Create{IfAbsent: true}}, // changes nothing
	}
}

func authorOf(m notes.Mutation) notes.UserID { return notes.UserID(m.ID[:3]) }

func repeatsOfEveryOp(t *trial) {
	for _, m := range everyOp() {
		first := t.as(m.ID, authorOf(m), m.Note, m.Op)
		equal(t, "whether the first is repeated", first.Repeated, false)
		before := t.state("n")
		again := t.as(m.ID, authorOf(m), m.Note, m.Op)
		equal(t, "whether the second is repeated", again.Repeated, true)
		t.sameAnswer(first, again)
		equal(t, "the state after repeating "+string(m.ID), t.state("n"), before)
	}
}

func repeatAfterChanges(t *trial) {
	var firsts []*notes.Outcome
	for _, m := range everyOp() {
		firsts = append(firsts, t.as(m.ID, authorOf(m), m.Note, m.Op))
	}
	t.do(ann, "n", organise(notes.FieldsPatch{Starred: notes.Some(true), AddTags: []string{"later"}}))
	t.do(ann, "n", edit("later"))
	t.do(ann, "n", notes.Trash{})
	before := t.state("n")
	for i, m := range everyOp() {
		again := t.as(m.ID, authorOf(m), m.Note, m.Op)
		if !again.Logged && again.View != nil { // made no row: its fields are the present ones
			again.View.Fields = firsts[i].View.Fields
		}
		t.sameAnswer(firsts[i], again)
	}
	equal(t, "the state", t.state("n"), before)
}

func reusedID(t *trial) {
	t.note("n", "", writer(bob))
	t.note("other", "")
	t.as("m", ann, "n", edit("x"))
	before := t.state("n")
	for what, again := range map[string]notes.Mutation{
		"another text":    {Note: "n", Op: edit("y")},
		"another note":    {Note: "other", Op: edit("x")},
		"another op":      {Note: "n", Op: notes.Trash{}},
		"another base":    {Note: "n", Op: notes.Edit{Changes: edit("x").Changes, BaseVersion: 3}},
		"more fields":     {Note: "n", Op: notes.Edit{Changes: notes.Changes{BodyPatch: text("x"), FieldsPatch: star}}},
		"a missing note":  {Note: "none", Op: edit("x")},
		"a title of null": {Note: "n", Op: notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some("x"), Title: notes.Some[*string](nil)}}}},
	} {
		_, err := t.try(ann, "m", again.Note, again.Op)
		if notes.CodeOf(err) != notes.MutationReused {
			t.Errorf("%s: error %v, want code %s", what, err, notes.MutationReused)
		}
	}
	equal(t, "the state", t.state("n"), before)
}

func idOfAnotherAccount(t *trial) {
	t.note("n", "", writer(bob))
	t.as("m", ann, "n", edit("x"))
	equal(t, "whether another account's is repeated", t.as("m", bob, "n", edit("x")).Repeated, false)
	equal(t, "versions", len(t.versions("n")), 4)
}

func repeatedNothing(t *trial) {
	t.note("n", "")
	t.do(ann, "n", notes.Trash{})
	t.do(ann, "other", notes.Create{FieldsPatch: star}) // the last row of her log is not about n
	nothing := t.as("m", ann, "n", notes.Trash{})
	equal(t, "the version after trashing what is trashed", nothing.Version, int64(2))
	equal(t, "whether it has a row", nothing.Logged, false)
	t.do(ann, "n", notes.Restore{})
	t.do(ann, "n", organise(notes.FieldsPatch{AddTags: []string{"later"}}))
	before := t.state("n")
	t.sameAnswer(nothing, t.as("m", ann, "n", notes.Trash{}))
	equal(t, "the state", t.state("n"), before)
	equal(t, "whether the note is in the trash", t.get(ann, "n").Deleted, false)
}

func refusalLeavesNoReceipt(t *trial) {
	t.note("n", "")
	_, err := t.try(bob, "m", "n", edit("x"))
	t.isRefusal(notes.Forbidden, err)
	t.do(ann, "n", add(writer(bob)))
	out := t.as("m", bob, "n", edit("y"))
	equal(t, "whether it is repeated", out.Repeated, false)
	equal(t, "the text", t.get(ann, "n").Content, "y")
}

func repeatedCreateWithoutID(t *trial) {
	op := notes.Create{BodyPatch: text("x")}
	first := t.as("m", ann, "", op)
	t.sameAnswer(first, t.as("m", ann, "", op))
	_, err := t.try(ann, "m", first.Note, op)
	t.isRefusal(notes.MutationReused, err) // with an id it is another request
	equal(t, "rows", len(t.log(ann)), 1)
}
