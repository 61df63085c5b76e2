package wire_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	update         = flag.Bool("update", false, "write the golden files that are not there yet")
	updateExisting = flag.Bool("update-existing", false, "rewrite golden files that are there: breaks clients in the field")
)

const appendOnly = `testdata is append-only: clients in the field read these bytes. If a new message is meant, give it a new
name and run with -update, which writes only files that are not there yet. -update-existing rewrites
this one; do that only if no released client can have seen it.`

// golden compares got, and a line feed, with the file.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	got = append(bytes.Clone(got), '\n')
	want, err := os.ReadFile(path)
	missing := os.IsNotExist(err)
	switch {
	case missing && (*update || *updateExisting), *updateExisting:
		write(t, path, got)
	case missing:
		t.Errorf("%s is not there; run with -update to write it", path)
	case err != nil:
		t.Error(err)
	case !bytes.Equal(got, want):
		t.Errorf("%s has changed.\n got: %s want: %s%s", path, got, want, appendOnly)
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// files lists the messages of a folder of testdata by name, without .json.
func files(t testing.TB, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		if name, isMessage := strings.CutSuffix(filepath.Base(path), ".json"); isMessage && !strings.HasSuffix(name, ".want") {
			names = append(names, name)
		}
	}
	return names
}

// message reads one message of testdata, without its line feed.
func message(t testing.TB, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", dir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	data, ended := bytes.CutSuffix(data, []byte("\n"))
	if !ended {
		t.Errorf("%s does not end with a line feed", name)
	}
	return data
}

func TestEveryFrameHasItsGoldenBytes(t *testing.T) {
	for _, f := range downFrames() {
		golden(t, filepath.Join("testdata", "down", f.name+".json"), f.data)
	}
}

func TestNoGoldenFrameIsForgotten(t *testing.T) {
	var names []string
	for _, f := range downFrames() {
		names = append(names, f.name)
	}
	for _, name := range files(t, "down") {
		if !slices.Contains(names, name) {
			t.Errorf("down/%s.json is encoded by no case. %s", name, appendOnly)
		}
	}
}

func TestAFrameIsNamedAfterItsType(t *testing.T) {
	for _, f := range downFrames() {
		parts := strings.SplitN(f.name, ".", 3)
		if parts[0] == "http" {
			continue
		}
		if got := text(t, membersOf(t, f.data)["type"]); got != parts[1] {
			t.Errorf("%s has the type %q", f.name, got)
		}
	}
}

// ancestral is what the ancestors' clients read of each message (A1.3, A2.2).
var ancestral = map[string][]string{
	"account.connection_established": {"message"},
	"account.auth_success":           {"message", "userId", "sessionSecret"},
	"account.auth_failed":            {"message", "reason"},
	"account.note_joined":            {"noteId", "message"},
	"account.note_left":              {"noteId"},
	"account.note_sync.content":      {"noteId", "changes", "updatedNote", "timestamp", "fromUserId"},
	"account.note_update_success":    {"noteId", "updatedNote", "timestamp"},
	"account.note_created_sync":      {"noteData", "timestamp", "fromUserId"},
	"account.note_deleted_sync":      {"noteId", "timestamp", "fromUserId"},
	"account.folder_created_sync":    {"folderData", "timestamp", "fromUserId"},
	"account.folder_updated_sync":    {"folderId", "changes", "updatedFolder", "timestamp", "fromUserId"},
	"account.folder_deleted_sync":    {"folderId", "timestamp", "fromUserId"},
	"account.pong":                   {"timestamp"},
	"account.error.not_found":        {"message"},
	"note.initial.member":            {"data", "sessionId"},
	"note.create.member":             {"data"},
	"note.update.member":             {"data"},
	"note.revert.member":             {"data"},
	"note.delete.member":             {"data"},
}

func TestEveryFrameCarriesWhatTheAncestorsClientsRead(t *testing.T) {
	for name, wanted := range ancestral {
		got := membersOf(t, message(t, "down", name))
		for _, member := range wanted {
			if _, ok := got[member]; !ok {
				t.Errorf("%s lacks %s", name, member)
			}
		}
	}
}
