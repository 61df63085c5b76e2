package notestest

import "notewire/notes"

var fieldsRules = []rule{
	{"organising makes no version and is told to nobody else", organiseIsPrivate},
	{"a member's fields survive the edits of others, and theirs his", fieldsSurvive},
	{"tags are added and removed one by one, without repeats and within their limit", tags},
	{"hiding remembers when, unless it is told, and showing forgets it", hiding},
	{"an empty folder is no folder", emptyFolder},
	{"an edit with fields, text and deleted is committed as one", editAsOne},
	{"an edit of which one part is not allowed is refused as a whole", editRefusedAsWhole},
	{"an edit of fields alone is organising", editOfFields},
	{"an edit that changes nothing is acknowledged to members, if it says something", editOfNothing},
}

func organiseIsPrivate(t *trial) {
	t.note("n", "text", reader(bob))
	before := t.get(ann, "n")
	hers := t.log(ann)
	out := t.do(bob, "n", organise(star))
	equal(t, "the version", out.Version, int64(2))
	equal(t, "versions", len(t.versions("n")), 2)
	equal(t, "what the owner sees", t.get(ann, "n"), before)
	equal(t, "the owner's log", t.log(ann), hers)
	row := t.log(bob)[1]
	equal(t, "the member's row", row.LogRow, notes.LogRow{
		Seq: 2, Kind: notes.KindSync, Op: "organise", Note: "n", Version: 2, Changed: []string{"starred"},
		Fields: notes.Fields{Starred: true}, Author: bob, Mutation: out.Mutation, Via: "via-bob",
		At: notes.MillisOf(t.clock.Now()), Size: before.Size(),
	})
	equal(t, "the version that the row tells of", row.Version.Note, before.Note)
}

func fieldsSurvive(t *trial) {
	t.note("n", "", writer(bob))
	his := notes.Fields{Starred: true, Tags: []string{"his"}}
	hers := notes.Fields{Archived: true, FolderID: ptr("hers")}
	t.do(bob, "n", organise(notes.FieldsPatch{Starred: notes.Some(true), Tags: notes.Some([]string{"his"})}))
	t.do(ann, "n", organise(notes.FieldsPatch{Archived: notes.Some(true), FolderID: notes.Some(ptr("hers"))}))
	for _, step := range []struct {
		user notes.UserID
		op   notes.Op
	}{
		{ann, edit("1")}, {bob, edit("2")}, {bob, notes.Revert{Version: 1}}, {ann, notes.Trash{}}, {ann, notes.Restore{}},
		{ann, publish()}, {ann, add(reader(bob), reader(cat))}, {cat, notes.Leave{}},
	} {
		t.do(step.user, "n", step.op)
		equal(t, "the member's fields after "+step.op.Name(), t.get(bob, "n").Fields, &his)
		equal(t, "the owner's fields after "+step.op.Name(), t.get(ann, "n").Fields, &hers)
		rows := t.log(bob)
		equal(t, "the member's fields in his log after "+step.op.Name(), rows[len(rows)-1].Fields, his)
	}
}

func tags(t *trial) {
	t.note("n", "")
	for _, step := range []struct {
		patch notes.FieldsPatch
		want  []string
	}{
		{notes.FieldsPatch{AddTags: []string{"a", "b", "a"}}, []string{"a", "b"}},
		{notes.FieldsPatch{AddTags: []string{"b", "c"}}, []string{"a", "b", "c"}},
		{notes.FieldsPatch{RemoveTags: []string{"a", "none"}}, []string{"b", "c"}},
		{notes.FieldsPatch{AddTags: []string{"d"}, RemoveTags: []string{"b", "d"}}, []string{"c"}},
		{notes.FieldsPatch{Tags: notes.Some([]string{"x", "y", "x"}), AddTags: []string{"z"}, RemoveTags: []string{"y"}}, []string{"x", "z"}},
		{notes.FieldsPatch{Tags: notes.Some([]string{})}, nil},
	} {
		out := t.do(ann, "n", organise(step.patch))
		equal(t, "the tags", out.View.Fields.Tags, step.want)
		rows := t.log(ann)
		equal(t, "what the log says changed", rows[len(rows)-1].Changed, []string{"tags"})
	}
	twenty := make([]string, t.limits.Tags)
	for i := range twenty {
		twenty[i] = string(rune('a' + i))
	}
	t.do(ann, "n", organise(notes.FieldsPatch{AddTags: twenty}))
	t.refused(notes.LimitExceeded, ann, "n", organise(notes.FieldsPatch{AddTags: []string{"one more"}}))
	t.do(ann, "n", organise(notes.FieldsPatch{AddTags: []string{"another"}, RemoveTags: twenty[:1]}))
}

func hiding(t *trial) {
	t.note("n", "")
	hide := func(patch notes.FieldsPatch, want notes.Fields, changed ...string) {
		t.Helper()
		t.do(ann, "n", organise(patch))
		equal(t, "the fields", t.get(ann, "n").Fields, &want)
		rows := t.log(ann)
		equal(t, "what the log says changed", rows[len(rows)-1].Changed, changed)
	}
	hide(notes.FieldsPatch{Hidden: notes.Some(true), HiddenAt: notes.Some(ptr(notes.Millis(5)))},
		notes.Fields{Hidden: true, HiddenAt: ptr(notes.Millis(5))}, "hidden", "hiddenAt")
	hide(notes.FieldsPatch{HiddenAt: notes.Some(ptr(notes.Millis(6)))},
		notes.Fields{Hidden: true, HiddenAt: ptr(notes.Millis(6))}, "hiddenAt")
	hide(notes.FieldsPatch{Hidden: notes.Some(false)}, notes.Fields{}, "hidden", "hiddenAt")
	t.do(ann, "n", organise(notes.FieldsPatch{Hidden: notes.Some(true)}))
	equal(t, "when it was hidden", t.get(ann, "n").Fields.HiddenAt, ptr(notes.MillisOf(t.clock.Now())))
}

func emptyFolder(t *trial) {
	t.note("n", "")
	t.do(ann, "n", organise(notes.FieldsPatch{FolderID: notes.Some(ptr("f"))}))
	t.do(ann, "n", organise(notes.FieldsPatch{FolderID: notes.Some(ptr(""))}))
	equal(t, "the folder", t.get(ann, "n").Fields.FolderID, (*string)(nil))
	t.do(ann, "n", organise(notes.FieldsPatch{FolderID: notes.Some(ptr("f"))}))
	t.do(ann, "n", organise(notes.FieldsPatch{FolderID: notes.Some[*string](nil)}))
	equal(t, "the folder", t.get(ann, "n").Fields.FolderID, (*string)(nil))
}

func editAsOne(t *trial) {
	t.note("n", "old", reader(bob))
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("new"), FieldsPatch: star, Deleted: notes.Some(true)}})
	view := t.get(ann, "n")
	equal(t, "text, star, trash and version", []any{view.Content, view.Fields.Starred, view.Deleted, view.Version},
		[]any{"new", true, true, int64(3)})
	hers, his := t.log(ann), t.log(bob)
	equal(t, "the owner's row", tellsRow(hers[2]), toldRow{notes.KindDeleted, notes.ReasonTrashed, "edit", 3, []string{"content", "deleted", "starred"}})
	equal(t, "the member's row", tellsRow(his[1]), toldRow{notes.KindDeleted, notes.ReasonTrashed, "edit", 3, []string{"content", "deleted"}})
}

// toldRow is the part of a log row that differs from account to account.
type toldRow struct {
	Kind    notes.Kind
	Reason  string
	Op      string
	Version int64
	Changed []string
}

func tellsRow(c notes.Change) toldRow {
	return toldRow{c.Kind, c.Reason, c.Op, c.LogRow.Version, c.Changed}
}

func editRefusedAsWhole(t *trial) {
	t.note("n", "", writer(bob), reader(cat))
	t.note("trashed", "", writer(bob))
	t.do(ann, "trashed", notes.Trash{})
	eleven := notes.FieldsPatch{AddTags: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}}
	t.do(bob, "n", organise(eleven))
	for i := range eleven.AddTags {
		eleven.AddTags[i] += "-more"
	}
	stale := notes.Edit{Changes: notes.Changes{FieldsPatch: star}, ExpectedVersion: 1}
	before, other := t.state("n"), t.state("trashed")
	t.refused(notes.Forbidden, bob, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("x"), Deleted: notes.Some(true)}})
	t.refused(notes.Forbidden, bob, "trashed", notes.Edit{Changes: notes.Changes{BodyPatch: text("x"), Deleted: notes.Some(false)}})
	t.refused(notes.Forbidden, cat, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("x"), FieldsPatch: star}})
	t.refused(notes.LimitExceeded, bob, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("x"), FieldsPatch: eleven}})
	t.refused(notes.VersionMismatch, bob, "n", stale)
	equal(t, "the state", t.state("n"), before)
	equal(t, "the state in the trash", t.state("trashed"), other)
}

func editOfFields(t *trial) {
	t.note("n", "", reader(bob))
	op := editOf(star)
	op.ExpectedVersion = 2
	out := t.do(bob, "n", op)
	equal(t, "the version", out.Version, int64(2))
	equal(t, "the star", t.get(bob, "n").Fields.Starred, true)
	equal(t, "the owner's star", t.get(ann, "n").Fields.Starred, false)
	equal(t, "rows of the owner", len(t.log(ann)), 2)
}

func editOfNothing(t *trial) {
	t.note("n", "", reader(bob))
	t.do(ann, "n", publish())
	before := t.state("n")
	same := notes.Edit{Changes: notes.Changes{Deleted: notes.Some(false)}}
	for _, user := range []notes.UserID{ann, bob} {
		out := t.do(user, "n", same)
		equal(t, "version and row", []any{out.Version, out.Logged}, []any{int64(3), false})
	}
	t.refused(notes.Forbidden, eve, "n", same) // she may read, but not write, not even nothing
	t.refused(notes.Invalid, ann, "n", notes.Edit{})
	equal(t, "the state", t.state("n"), before)
}
