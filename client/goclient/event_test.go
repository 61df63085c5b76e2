package goclient

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The golden examples of the wire are all frames to the client.
func TestEveryGoldenFrameIsAnEvent(t *testing.T) {
	files, err := filepath.Glob("../../transport/wire/testdata/down/*.*.json")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(file)[:4] == "http" {
			continue
		}
		read++
		e, err := parseEvent(frame{id: "e-1", data: data}, "mine")
		if err != nil || !bytes.Equal(e.Data, data) || e.ID != "e-1" {
			t.Errorf("%s: %+v, %v", file, e, err)
		}
		if hasCursor := bytes.Contains(data, []byte(`"cursor":"k3x9q2-42"`)); hasCursor != (e.Cursor == "k3x9q2-42") {
			t.Errorf("%s has cursor %q", file, e.Cursor)
		}
	}
	if read < 30 {
		t.Errorf("only %d golden frames were found", read)
	}
	e, err := parseEvent(frame{data: []byte(`{"type":"note_sync","noteId":"n","version":7,"cursor":"e-3","mutationId":"m"}`)}, "")
	if err != nil || e.NoteID != "n" || e.Version != 7 || e.MutationID != "m" || e.Cursor != "e-3" || e.Type != "note_sync" {
		t.Errorf("%+v, %v", e, err)
	}
	e, err = parseEvent(frame{data: []byte(`{"type":"folder_deleted_sync","folderId":"f","cursor":"e-4","mutationId":"m"}`)}, "")
	if err != nil || e.FolderID != "f" || e.NoteID != "" || e.Version != 0 {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestWhatIsNoFrameIsAnError(t *testing.T) {
	for _, text := range []string{"", "null", "[]", "{}", "<html>", `{"type":1}`, `{"type":"x","version":"7"}`} {
		if e, err := parseEvent(frame{data: []byte(text)}, ""); err == nil {
			t.Errorf("%q is %+v", text, e)
		}
	}
}

func TestOnlyNewerCursorsArePast(t *testing.T) {
	for _, c := range []struct {
		cursor, applied string
		want            bool
	}{
		{"e-2", "e-1", true}, {"e-10", "e-9", true}, {"e-1", "e-1", false}, {"e-9", "e-10", false},
		{"f-1", "e-9", true}, {"e-1", "", true}, {"e-1", "0", true}, {"a-b-2", "a-b-3", false}, {"a-b-2", "a-c-3", true},
	} {
		if isPast(c.cursor, c.applied) != c.want {
			t.Errorf("%q after %q is past: %v", c.cursor, c.applied, !c.want)
		}
	}
}
