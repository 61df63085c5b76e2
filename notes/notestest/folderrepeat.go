package notestest

import (
	"time"

	"notewire/notes"
)

var folderRepeatRules = []rule{
	{"a repeated mutation of a folder has no effect and an equal answer, whatever happened since", folderRepeated},
	{"a mutation id of a folder is of no use for another one, nor for a note", folderReusedID},
	{"a folder that is there already is acknowledged to who created it if absent", folderIfAbsent},
	{"folders and their rows are there after reopening", foldersReopened},
}

// everyFolderOp is a history with each operation on folders.
func everyFolderOp() []notes.Mutation {
	return []notes.Mutation{
		{ID: "f-1", Folder: "a", Op: newFolder(name("a"))},
		{ID: "f-2", Folder: "b", Op: newFolder(inFolder("a"))},
		{ID: "f-3", Folder: "a", Op: changed(notes.FolderPatch{Color: notes.Some("#123456")})},
		{ID: "f-4", Folder: "b", Op: changed(inFolder(""))},
		{ID: "f-5", Folder: "a", Op: notes.FolderDelete{}},
		{ID: "f-6", Op: newFolder(name("chosen"))},
	}
}

func folderRepeated(t *trial) {
	faults := []Hook{nil, times(1, true, ErrLost), times(1, false, ErrLost)}
	var firsts []*notes.Outcome
	for i, m := range everyFolderOp() {
		t.store.OnCommit(faults[i%len(faults)])
		first := t.asFolder(m.ID, ann, m.Folder, m.Op)
		t.store.OnCommit(nil)
		equal(t, "whether the first is repeated", first.Repeated, false)
		again := t.asFolder(m.ID, ann, m.Folder, m.Op)
		equal(t, "whether the second is repeated", again.Repeated, true)
		t.sameAnswer(first, again)
		equal(t, "rows", len(t.log(ann)), i+1)
		firsts = append(firsts, first)
	}
	t.doFolder(ann, "a", newFolder(name("another a")))
	t.doFolder(ann, "b", notes.FolderDelete{})
	before := t.log(ann)
	for i, m := range everyFolderOp() {
		t.sameAnswer(firsts[i], t.asFolder(m.ID, ann, m.Folder, m.Op))
	}
	equal(t, "the log", t.log(ann), before)
	equal(t, "the name of a", t.folders(ann)["a"].Name, "another a")

	t.clock.Advance(t.logDays() + time.Minute) // no row is left to tell what the answers were
	for i, m := range everyFolderOp() {
		again := t.asFolder(m.ID, ann, m.Folder, m.Op)
		equal(t, "folder and place of "+string(m.ID), []any{again.FolderID, again.Cursor}, []any{firsts[i].FolderID, firsts[i].Cursor})
		if _, gone := m.Op.(notes.FolderDelete); gone && again.Folder != nil {
			t.Errorf("what was deleted is answered with %+v", again.Folder)
		}
	}
}

func folderReusedID(t *trial) {
	t.note("n", "")
	t.asFolder("m", ann, "f", newFolder(name("x")))
	t.as("n-1", ann, "n", edit("x"))
	before := t.log(ann)
	for what, m := range map[string]notes.Mutation{
		"another name":                {ID: "m", Folder: "f", Op: newFolder(name("y"))},
		"another folder":              {ID: "m", Folder: "g", Op: newFolder(name("x"))},
		"another op":                  {ID: "m", Folder: "f", Op: notes.FolderDelete{}},
		"a change with the same name": {ID: "m", Folder: "f", Op: changed(name("x"))},
		"a note":                      {ID: "m", Note: "f", Op: notes.Create{}},
		"a note's for a folder":       {ID: "n-1", Folder: "n", Op: newFolder(name("x"))},
	} {
		if _, err := t.service.Mutate(t.Context(), ann, "", m); notes.CodeOf(err) != notes.MutationReused {
			t.Errorf("%s: error %v, want code %s", what, err, notes.MutationReused)
		}
	}
	equal(t, "the log", t.log(ann), before)
	based := edit("y")
	based.BaseMutation = "m"
	t.refused(notes.BaseGone, ann, "n", based) // a folder is no base
}

func folderIfAbsent(t *trial) {
	t.doFolder(ann, "f", newFolder(name("x")))
	again := notes.FolderCreate{FolderPatch: name("y"), IfAbsent: true}
	out := t.asFolder("m", ann, "f", again)
	if out.Logged || out.Folder.Name != "x" || out.Cursor.Seq != 1 {
		t.Errorf("it is answered %+v", out)
	}
	t.sameAnswer(out, t.asFolder("m", ann, "f", again))
	equal(t, "rows", len(t.log(ann)), 1)
	t.refusedFolder(notes.NoteExists, ann, "f", newFolder(name("y")))
}

func foldersReopened(t *trial) {
	t.doFolder(ann, "a", newFolder(name("a")))
	t.doFolder(ann, "b", newFolder(inFolder("a")))
	folders, log := t.folders(ann), t.log(ann)
	t.store.Store = t.harness.Reopen()
	t.service = t.instance()
	equal(t, "the folder", t.folders(ann)["b"], folders["b"])
	equal(t, "the log", t.log(ann), log)
	t.doFolder(ann, "b", changed(name("later")))
}
