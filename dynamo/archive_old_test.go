package dynamo_test

import (
	"os"
	"strings"
	"testing"

	"notewire/dynamo"
	"notewire/notes"
)

// The archive that the program before wrote of smallHistory, as far as it knew it.
func TestAnArchiveOfFormat1IsImported(t *testing.T) {
	old, err := os.ReadFile("testdata/archive1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	engine := newFile(t)
	counts, err := dynamo.Import(t.Context(), engine, archiveOptions, strings.NewReader(string(old)), nil)
	if err != nil || counts.Notes != 2 || counts.Folders != 0 {
		t.Fatalf("imported %v, error %v", counts, err)
	}
	want := strings.SplitAfter(string(old), "\n")
	got := exported(t, engine)
	for i, line := range got[1 : len(got)-1] { // the last one counts folders, too
		if line != want[i+1] {
			t.Errorf("line %d is %s\nwas %s", i+2, line, want[i+1])
		}
	}
}

// A note that is purged while it is exported leaves its first versions in the archive: who
// imports it sweeps them.
func TestWhatWasPurgedWhileItWasExportedIsGoneAfterItsImport(t *testing.T) {
	lines := dynamo.SealedArchive(
		`{"kind":"notewire","format":2,"epoch":"e","at":1}`,
		`{"kind":"version","id":"n","version":1,"op":"create","author":"ann","mutationId":"m","userId":"ann","content":"secret","type":"note","access":"private"}`,
		`{"kind":"version","id":"n","version":2,"op":"purge","author":"ann","mutationId":"p","userId":"ann","content":"","type":"","access":"private","deleted":true,"purged":true}`,
		`{"kind":"end","notes":1,"versions":2,"entries":0,"folders":0`,
	)
	engine := newFile(t)
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines), nil); err != nil {
		t.Fatal(err)
	}
	store := openStore(t, engine)
	if n, err := store.SweepPurged(t.Context()); n != 1 || err != nil {
		t.Errorf("%d swept, error %v", n, err)
	}
	versions, err := store.VersionsOf(t.Context(), notes.VersionRef{Note: "n", Version: 1}, notes.VersionRef{Note: "n", Version: 2})
	if err != nil || versions[0] != nil || versions[1] == nil || !versions[1].Purged {
		t.Errorf("left are %+v, error %v", versions, err)
	}
}

// After an import, folders are changed and purged ids stay taken.
func TestAnImportedStoreGoesOn(t *testing.T) {
	file := newFile(t)
	smallHistory(t, file)
	before := notes.NewService(notes.Config{Store: openStore(t, file), Publisher: nobody{}, Limits: notes.DefaultLimits()})
	create := notes.FolderCreate{FolderPatch: notes.FolderPatch{Name: notes.Some("all that eve has")}}
	if _, err := before.Mutate(t.Context(), "eve", "", notes.Mutation{ID: "e", Folder: "f", Op: create}); err != nil {
		t.Fatal(err)
	}
	lines := exported(t, file)
	if strings.Contains(strings.Join(lines, ""), `"content":"gone"`) {
		t.Error("the archive has what was purged")
	}
	lines[len(lines)-1] += "\n"
	engine := newFile(t)
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines), nil); err != nil {
		t.Fatal(err)
	}
	service := notes.NewService(notes.Config{Store: openStore(t, engine), Publisher: nobody{}, Limits: notes.DefaultLimits()})
	folders, err := service.Folders(t.Context(), "dan")
	if err != nil || len(folders) != 1 || folders[0].Name != "Renamed" || folders[0].User != "dan" {
		t.Fatalf("the folders are %+v, error %v", folders, err)
	}
	if _, err := service.Mutate(t.Context(), "dan", "", notes.Mutation{ID: "1", Folder: "f-1", Op: notes.FolderDelete{}}); err != nil {
		t.Error(err)
	}
	if _, err := service.Mutate(t.Context(), "dan", "", notes.Mutation{ID: "2", Note: "n-4", Op: notes.Create{}}); notes.CodeOf(err) != notes.NoteExists {
		t.Errorf("the id of what was purged is taken with %v", err)
	}
	if seq, err := service.AccountHead(t.Context(), "eve"); err != nil || seq != 1 {
		t.Errorf("her log begins behind %d, error %v", seq, err)
	}
	if kept, err := service.Kept(t.Context(), "dan", "n-3", 3); err != nil || kept.Content != "three" {
		t.Errorf("the kept side is %+v, error %v", kept, err)
	}
}
