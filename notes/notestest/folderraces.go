package notestest

import (
	"errors"
	"fmt"
	"sync/atomic"

	"notewire/notes"
)

var folderRaceRules = []rule{
	{"a folder is decided by all folders as they are when it is committed", folderDecidedAgain},
	{"a commit of a folder on rows that changed since they were read is a clash, and writes nothing", staleFolder},
	{"folders changed by 16 at once end at the top, within their number, with one row each", foldersAtOnce},
}

// betweenReadAndCommit carries out op through another instance, when the next commit has been
// decided.
func (t *trial) betweenReadAndCommit(m notes.Mutation) {
	other := t.instance()
	t.store.OnCommit(func(*notes.Commit) (bool, error) {
		t.store.OnCommit(nil)
		if _, err := other.Mutate(t.Context(), ann, "", m); err != nil {
			t.Errorf("%s in between: %v", m.Op.Name(), err)
		}
		return true, nil
	})
}

func folderDecidedAgain(t *trial) {
	for what, c := range map[string]struct {
		folder  notes.FolderID
		op      notes.Op
		between notes.Mutation
		code    notes.Code
		deep    bool
	}{
		"a moved into b, and b into a":           {"a", changed(inFolder("b")), notes.Mutation{Folder: "b", Op: changed(inFolder("a"))}, notes.Invalid, false},
		"c created in a, which is gone":          {"c", newFolder(inFolder("a")), notes.Mutation{Folder: "a", Op: notes.FolderDelete{}}, notes.Invalid, false},
		"a deleted, and c created in it":         {"a", notes.FolderDelete{}, notes.Mutation{Folder: "c", Op: newFolder(inFolder("a"))}, notes.Conflict, false},
		"the fourth folder, after the fourth":    {"c", newFolder(name("c")), notes.Mutation{Folder: "d", Op: newFolder(name("d"))}, notes.LimitExceeded, false},
		"a moved to depth 3, and b into it to 4": {"a", changed(inFolder("deep")), notes.Mutation{Folder: "b", Op: changed(inFolder("a"))}, notes.LimitExceeded, true},
		"a changed, and changed otherwise":       {"a", changed(notes.FolderPatch{Color: notes.Some("#111111")}), notes.Mutation{Folder: "a", Op: changed(name("new"))}, "", false},
	} {
		fresh := newTrial(t.T, t.open)
		fresh.limit(func(l *notes.Limits) { l.Folders, l.FolderDepth = 4, 3 })
		fresh.doFolder(ann, "a", newFolder(name("a")))
		fresh.doFolder(ann, "b", newFolder(name("b")))
		fresh.doFolder(ann, "top", newFolder(name("top")))
		if c.deep {
			fresh.doFolder(ann, "deep", newFolder(inFolder("top")))
		}
		fresh.betweenReadAndCommit(c.between)
		_, err := fresh.tryFolder(ann, "m", c.folder, c.op)
		if c.code == "" && err != nil || c.code != "" && notes.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", what, err, c.code)
		}
		if f := fresh.folders(ann)["a"]; c.code == "" && (f.Name != "new" || f.Color != "#111111") {
			t.Errorf("%s: it is %+v", what, f)
		}
		fresh.soundFolders(ann)
	}
}

// soundFolders checks that every folder's parents end at the top, and returns how many there are.
func (t *trial) soundFolders(user notes.UserID) int {
	t.Helper()
	all := t.folders(user)
	for id, f := range all {
		depth := 1
		for at := f.ParentID; at != nil; at = all[*at].ParentID {
			if depth++; all[*at] == nil || depth > t.limits.FolderDepth {
				t.Fatalf("the parents of %s do not end at the top: %+v", id, f)
			}
		}
	}
	return len(all)
}

func staleFolder(t *trial) {
	t.doFolder(ann, "f", newFolder(name("f")))
	for what, meanwhile := range map[string]func(){
		"the folder changed":         func() { t.doFolder(ann, "f", changed(name("meanwhile"))) },
		"another folder changed":     func() { t.doFolder(ann, notes.FolderID(t.id()), newFolder(name("another"))) },
		"a note changed":             func() { t.note(notes.NoteID(t.id()), "") },
		"the mutation was committed": func() { t.asFolder("m", ann, "f", changed(name("x"))) },
	} {
		id := t.id()
		if what == "the mutation was committed" {
			id = "m"
		}
		commit := t.decide(ann, notes.Mutation{ID: id, Folder: "f", Op: changed(name("x"))})
		meanwhile()
		folders, log := t.folders(ann), t.log(ann)
		if err := t.store.Commit(t.Context(), commit); !errors.Is(err, notes.ErrClash) {
			t.Errorf("%s: the commit is answered %v", what, err)
		}
		equal(t, what+": the folder", t.folders(ann)["f"], folders["f"])
		equal(t, what+": the log", t.log(ann), log)
	}
	commit := t.decide(ann, notes.Mutation{ID: t.id(), Folder: "new", Op: newFolder(name("x"))})
	t.doFolder(bob, "new", newFolder(name("x")))
	if err := t.store.Commit(t.Context(), commit); err != nil {
		t.Errorf("what another account did is in the way: %v", err)
	}
}

// foldersAtOnce has half of the accounts' devices on another instance.
func foldersAtOnce(t *trial) {
	t.limit(func(l *notes.Limits) { l.Folders, l.FolderDepth = 6, 3 })
	ids := []notes.FolderID{"a", "b", "c"}
	for _, id := range ids {
		t.doFolder(ann, id, newFolder(name(string(id))))
	}
	var accepted atomic.Int64
	t.together(writers, func(i int, s *notes.Service) {
		for k, op := range []notes.Op{
			changed(inFolder(ids[i%3])), newFolder(inFolder(ids[(i+1)%3])), notes.FolderDelete{},
		} {
			folder := ids[(i+k)%3]
			if op.Name() != "folder_update" {
				folder = notes.FolderID(fmt.Sprintf("new-%d", (i+k-1)%5))
			}
			_, err := s.Mutate(t.Context(), ann, "", notes.Mutation{ID: t.id(), Folder: folder, Op: op})
			switch notes.CodeOf(err) {
			case notes.Invalid, notes.LimitExceeded, notes.NoteExists, notes.NotFound, notes.Conflict:
			default:
				if err != nil {
					t.Errorf("%s of %s: %v", op.Name(), folder, err)
				}
				accepted.Add(1)
			}
		}
	})
	if n := t.soundFolders(ann); n > 6 {
		t.Errorf("%d folders", n)
	}
	equal(t, "rows", len(t.log(ann)), 3+int(accepted.Load()))
}
