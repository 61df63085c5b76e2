package notestest

import (
	"fmt"

	"notewire/notes"
)

var folderRules = []rule{
	{"a folder comes back as it was posted, and is its account's alone", folderComesBack},
	{"a folder that is created with a name alone is completed, behind its siblings", folderCompleted},
	{"a folder changes by what is posted of it, and is gone when it is deleted", folderLife},
	{"folders within folders end at the top, and no deeper than they may", folderParents},
	{"an account has as many folders as it may have", folderLimit},
	{"rows of folders replay as they were, in their places between those of notes", folderRowsReplay},
	{"a mutation of a folder hints its account, and nobody else", folderHinted},
}

// tryFolder carries out an operation on a folder.
func (t *trial) tryFolder(user notes.UserID, id notes.MutationID, folder notes.FolderID, op notes.Op) (*notes.Outcome, error) {
	return t.mutate(user, notes.Mutation{ID: id, Folder: folder, Op: op})
}

func (t *trial) asFolder(id notes.MutationID, user notes.UserID, folder notes.FolderID, op notes.Op) *notes.Outcome {
	t.Helper()
	return t.accepted(user, notes.Mutation{ID: id, Folder: folder, Op: op})
}

func (t *trial) doFolder(user notes.UserID, folder notes.FolderID, op notes.Op) *notes.Outcome {
	t.Helper()
	return t.asFolder(t.id(), user, folder, op)
}

func (t *trial) refusedFolder(code notes.Code, user notes.UserID, folder notes.FolderID, op notes.Op) {
	t.Helper()
	_, err := t.tryFolder(user, t.id(), folder, op)
	t.isRefusal(code, err)
}

// folders returns user's folders by their ids, after a look at their order.
func (t *trial) folders(user notes.UserID) map[notes.FolderID]*notes.Folder {
	t.Helper()
	list, err := t.service.Folders(t.Context(), user)
	if err != nil {
		t.Fatalf("folders of %s: %v", user, err)
	}
	all := map[notes.FolderID]*notes.Folder{}
	for i, f := range list {
		if i > 0 && list[i-1].ID >= f.ID {
			t.Fatalf("folder %s comes before %s", list[i-1].ID, f.ID)
		}
		all[f.ID] = f
	}
	return all
}

// name is a folder's patch with that name.
func name(n string) notes.FolderPatch { return notes.FolderPatch{Name: notes.Some(n)} }

// inFolder is one with that parent; none: at the top.
func inFolder(parent notes.FolderID) notes.FolderPatch {
	return notes.FolderPatch{Name: notes.Some("in " + string(parent)), ParentID: notes.Some((*string)(&parent))}
}

func newFolder(p notes.FolderPatch) notes.FolderCreate { return notes.FolderCreate{FolderPatch: p} }
func changed(p notes.FolderPatch) notes.FolderUpdate   { return notes.FolderUpdate{Changes: p} }

func folderComesBack(t *trial) {
	t.doFolder(ann, "top", newFolder(name(unicodeText)))
	out := t.doFolder(ann, "f", newFolder(notes.FolderPatch{
		Name: notes.Some("🧑‍🚀 <b>&"), Color: notes.Some("#aBcDeF"), ParentID: notes.Some(ptr("top")),
		Order: notes.Some(int64(1 << 40)), IsDefault: notes.Some(true),
	}))
	at := notes.MillisOf(t.clock.Now())
	want := &notes.Folder{
		ID: "f", User: ann, Name: "🧑‍🚀 <b>&", Color: "#aBcDeF", ParentID: ptr(notes.FolderID("top")), Order: 1 << 40, IsDefault: true,
		CreatedAt: at, UpdatedAt: at, Seq: 2,
	}
	equal(t, "the answer", out, &notes.Outcome{
		Op: "folder_create", Mutation: out.Mutation, FolderID: "f", Folder: want, At: at, Logged: true,
		Cursor: notes.Cursor{Epoch: t.service.Epoch(), Seq: 2},
	})
	equal(t, "the folder", t.folders(ann)["f"], want)
	equal(t, "the other name", t.folders(ann)["top"].Name, unicodeText)

	equal(t, "folders of another account", len(t.folders(bob)), 0)
	t.refusedFolder(notes.NotFound, bob, "f", changed(name("x")))
	t.refusedFolder(notes.NotFound, bob, "f", notes.FolderDelete{})
	t.doFolder(bob, "f", newFolder(name("bob's")))
	equal(t, "the folder, when another account has one of that id", t.folders(ann)["f"], want)
	_, err := t.tryFolder(nobody, "m", "f", newFolder(name("x")))
	t.isRefusal(notes.Unauthenticated, err)
	chosen := t.doFolder(bob, "", newFolder(name("chosen")))
	if chosen.FolderID == "" || t.folders(bob)[chosen.FolderID].Name != "chosen" {
		t.Errorf("without an id: %+v", chosen)
	}
}

func folderCompleted(t *trial) {
	for _, id := range []notes.FolderID{"a", "b"} {
		t.doFolder(ann, id, newFolder(name(string(id))))
		t.doFolder(ann, id+"-in-a", newFolder(inFolder("a")))
	}
	for id, order := range map[notes.FolderID]int64{"a": 0, "b": 1, "a-in-a": 0, "b-in-a": 1} {
		f := t.folders(ann)[id]
		if f.Order != order || f.Color != "#6b7280" || f.IsDefault {
			t.Errorf("%s is %+v, want order %d", id, f, order)
		}
	}
}

func folderLife(t *trial) {
	t.doFolder(ann, "f", newFolder(name("old")))
	t.do(ann, "n", notes.Create{FieldsPatch: notes.FieldsPatch{FolderID: notes.Some(ptr("f"))}})
	want := *t.folders(ann)["f"]
	out := t.doFolder(ann, "f", changed(notes.FolderPatch{Color: notes.Some("#000000"), Order: notes.Some(int64(7))}))
	want.Color, want.Order, want.UpdatedAt, want.Seq = "#000000", 7, notes.MillisOf(t.clock.Now()), 3
	equal(t, "the answer", out.Folder, &want)
	equal(t, "the folder", t.folders(ann)["f"], &want)
	out = t.doFolder(ann, "f", notes.FolderDelete{})
	if out.Folder != nil || out.FolderID != "f" || out.Cursor.Seq != 4 {
		t.Errorf("deleted: %+v", out)
	}
	equal(t, "folders", len(t.folders(ann)), 0)
	equal(t, "the note's folder, which counts as none", t.get(ann, "n").Fields.FolderID, ptr("f"))
	t.refusedFolder(notes.NotFound, ann, "f", notes.FolderDelete{})
	t.refusedFolder(notes.NotFound, ann, "f", changed(name("x")))
	t.doFolder(ann, "f", newFolder(name("again")))
	equal(t, "the folder", t.folders(ann)["f"].Name, "again")
	equal(t, "rows", len(t.log(ann)), 5)
}

func folderParents(t *trial) {
	t.limit(func(l *notes.Limits) { l.FolderDepth = 3 })
	t.doFolder(ann, "a", newFolder(name("a")))
	t.doFolder(ann, "b", newFolder(inFolder("a")))
	t.doFolder(ann, "c", newFolder(inFolder("b")))
	before := t.log(ann)
	t.refusedFolder(notes.LimitExceeded, ann, "d", newFolder(inFolder("c")))
	t.refusedFolder(notes.Invalid, ann, "d", newFolder(inFolder("d")))
	t.refusedFolder(notes.Invalid, ann, "d", newFolder(inFolder("none")))
	t.refusedFolder(notes.Invalid, ann, "a", changed(inFolder("c")))
	t.refusedFolder(notes.Invalid, ann, "a", changed(inFolder("a")))
	t.refusedFolder(notes.Conflict, ann, "b", notes.FolderDelete{})
	equal(t, "the log after what was refused", t.log(ann), before)
	t.doFolder(ann, "c", changed(inFolder("")))
	equal(t, "the parent of what is at the top", t.folders(ann)["c"].ParentID, (*notes.FolderID)(nil))
	t.doFolder(ann, "a", changed(inFolder("c")))
	t.refusedFolder(notes.LimitExceeded, ann, "d", newFolder(inFolder("b")))
	t.doFolder(ann, "b", notes.FolderDelete{})
	t.doFolder(ann, "a", notes.FolderDelete{})
	t.doFolder(ann, "c", notes.FolderDelete{})
}

func folderLimit(t *trial) {
	t.limit(func(l *notes.Limits) { l.Folders = 3 })
	for i := range 3 {
		t.doFolder(ann, notes.FolderID(fmt.Sprint(i)), newFolder(name("x")))
	}
	t.refusedFolder(notes.LimitExceeded, ann, "3", newFolder(name("x")))
	t.doFolder(bob, "3", newFolder(name("x")))
	t.doFolder(ann, "0", notes.FolderDelete{})
	t.doFolder(ann, "3", newFolder(name("x")))
	equal(t, "folders", len(t.folders(ann)), 3)
}

func folderRowsReplay(t *trial) {
	t.note("n", "")
	created := t.doFolder(ann, "f", newFolder(name("1")))
	t.do(ann, "n", edit("x"))
	updated := t.doFolder(ann, "f", changed(notes.FolderPatch{Name: notes.Some("2"), ParentID: notes.Some[*string](nil)}))
	deleted := t.doFolder(ann, "f", notes.FolderDelete{})
	t.doFolder(ann, "f", newFolder(name("another")))
	t.do(ann, "n", notes.Trash{})
	log := t.log(ann)
	equal(t, "rows", len(log), 7)
	for _, want := range []notes.LogRow{
		{Seq: 2, Kind: notes.KindFolderCreated, Op: "folder_create", Folder: created.Folder, Changed: []string{"name"}, Mutation: created.Mutation, At: created.At},
		{Seq: 4, Kind: notes.KindFolderUpdated, Op: "folder_update", Folder: updated.Folder, Changed: []string{"name", "parentId"}, Mutation: updated.Mutation, At: updated.At},
		{Seq: 5, Kind: notes.KindFolderDeleted, Op: "folder_delete", Mutation: deleted.Mutation, At: deleted.At},
	} {
		want.FolderID, want.Author, want.Via = "f", ann, "via-ann"
		equal(t, "the row of "+want.Op, log[want.Seq-1], notes.Change{LogRow: want})
	}
	equal(t, "the name in the first row", log[1].Folder.Name, "1")
	equal(t, "the same in pages of one", t.logByPages(ann, 1), log)
}

func folderHinted(t *trial) {
	t.doFolder(ann, "f", newFolder(name("x")))
	t.hintedAre("folder_create", accountAt(ann, 1))
	t.doFolder(ann, "f", changed(name("y")))
	t.hintedAre("folder_update", accountAt(ann, 2))
	t.doFolder(ann, "f", notes.FolderDelete{})
	t.hintedAre("folder_delete", accountAt(ann, 3))
}
