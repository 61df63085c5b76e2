package notestest

import (
	"notewire/notes"
)

var batchRules = []rule{
	{"a batch is carried out in order, each mutation for itself", batchInOrder},
	{"after a refusal later mutations of the same note in the batch are skipped", batchSkips},
	{"a batch sent again is answered again", batchRepeated},
	{"a batch is bounded", batchBounded},
}

// code tells what became of a mutation of a batch.
func code(r notes.Result) notes.Code {
	if r.Err == nil {
		return ""
	}
	return notes.CodeOf(r.Err)
}

func (t *trial) batch(items []notes.BatchItem, want ...notes.Code) []notes.Result {
	t.Helper()
	results, err := t.service.Batch(t.Context(), ann, items)
	if err != nil {
		t.Fatal(err)
	}
	var codes []notes.Code
	for i, r := range results {
		codes = append(codes, code(r))
		if (r.Err == nil) == (r.Outcome == nil) {
			t.Errorf("result %d has outcome %v and error %v", i, r.Outcome, r.Err)
		}
	}
	equal(t, "the codes", codes, want)
	return results
}

func item(id notes.MutationID, note notes.NoteID, op notes.Op) notes.BatchItem {
	return notes.BatchItem{Mutation: notes.Mutation{ID: id, Note: note, Op: op}}
}

func batchInOrder(t *trial) {
	t.batch([]notes.BatchItem{
		item("1", "a", notes.Create{}), item("2", "b", notes.Create{}), item("3", "a", edit("1")),
		item("4", "", notes.Create{}), item("5", "a", edit("2")), item("6", "b", notes.Trash{}),
	}, "", "", "", "", "", "")
	var ids []notes.MutationID
	for _, c := range t.log(ann) {
		ids = append(ids, c.Mutation)
	}
	equal(t, "the log", ids, []notes.MutationID{"1", "2", "3", "4", "5", "6"})
	equal(t, "the text", t.get(ann, "a").Content, "2")
}

func batchSkips(t *trial) {
	t.note("a", "")
	t.note("b", "")
	strict := edit("no")
	strict.ExpectedVersion = 7
	unread := item("7", "b", nil)
	unread.Err = notes.Refuse(notes.TooLarge, "could not be read")
	t.batch([]notes.BatchItem{
		item("1", "a", edit("yes")), item("2", "a", strict), item("3", "a", edit("no")), item("4", "b", edit("yes")),
		item("5", "a", notes.Trash{}), item("6", "", notes.Create{TemplateID: "/"}), unread, item("8", "b", edit("no")),
		item("9", "", notes.Create{}), item("10", "none", edit("x")), item("11", "none", notes.Create{}),
	}, "", notes.VersionMismatch, notes.Skipped, "", notes.Skipped, notes.Invalid, notes.TooLarge, notes.Skipped,
		"", notes.NotFound, notes.Skipped)
	equal(t, "the texts", []string{t.get(ann, "a").Content, t.get(ann, "b").Content}, []string{"yes", "yes"})
	out, err := t.try(ann, "3", "a", edit("later"))
	if err != nil || out.Repeated {
		t.Errorf("what was skipped cannot be sent again: %v", err)
	}
}

func batchRepeated(t *trial) {
	items := []notes.BatchItem{item("1", "a", notes.Create{}), item("2", "a", edit("x")), item("3", "a", edit("y"))}
	first := t.batch(items[:2], "", "")
	again := t.batch(items, "", "", "")
	for i := range first {
		t.sameAnswer(first[i].Outcome, again[i].Outcome)
	}
	equal(t, "versions", len(t.versions("a")), 3)
}

func batchBounded(t *trial) {
	items := make([]notes.BatchItem, t.limits.BatchSize+1)
	for i := range items {
		items[i] = item("", "", notes.Create{})
	}
	_, err := t.service.Batch(t.Context(), ann, items)
	t.isRefusal(notes.LimitExceeded, err)
	equal(t, "rows", len(t.log(ann)), 0)
	results, err := t.service.Batch(t.Context(), ann, nil)
	if err != nil || len(results) != 0 {
		t.Errorf("an empty batch is answered %v, error %v", results, err)
	}
}
