package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// exportOf returns the archive of the database in dir.
func exportOf(t *testing.T, dir string) string {
	t.Helper()
	var archive bytes.Buffer
	x := &Export{storeFlags: storeFlags{DataDir: dir}, stdout: &archive, stderr: t.Output()}
	if err := x.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return archive.String()
}

func importInto(t *testing.T, dir, archive string) error {
	t.Helper()
	m := &Import{storeFlags: storeFlags{DataDir: dir}, stdin: strings.NewReader(archive), stderr: t.Output()}
	return m.Run(t.Context())
}

func TestAnImportedStoreServes(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	p := startIn(t, from)
	p.must("/api/notes", `{"id":"old","content":"one"}`)
	p.must("/api/notes", `{"id":"new","content":"two"}`)
	p.must("/api/notes/old", `{"changes":{"content":"three","starred":true}}`)
	before, _ := p.stream("/api/events").next("auth_success")["cursor"].(string)
	p.stop()
	archive := exportOf(t, from)
	if err := importInto(t, to, archive); err != nil {
		t.Fatal(err)
	}

	p = startIn(t, to)
	list := string(p.get("/api/notes").Body)
	if old, recent := strings.Index(list, `"three"`), strings.Index(list, `"two"`); old < 0 || recent < old {
		t.Errorf("the list is not newest first: %s", list)
	}
	for name, cursor := range map[string]string{"the start": "0", "a cursor from before": before} {
		stream := p.stream("/api/events?cursor=" + cursor)
		stream.next("auth_success")
		resync := stream.next("resync")
		if next, _ := resync["cursor"].(string); next == "" || next == before {
			t.Errorf("from %s: %v", name, resync)
		}
		answer := p.must("/api/notes/old", `{"changes":{"content":"after `+name+`"}}`)
		if event := stream.next("note_sync"); event["cursor"] == "" {
			t.Errorf("from %s: %v; the edit was answered %v", name, event, answer)
		}
	}
	for version, text := range map[string]string{"1": `"one"`, "2": `"three"`, "4": `"after `} {
		if body := string(p.get("/api/notes/old/versions/" + version).Body); !strings.Contains(body, text) {
			t.Errorf("version %s is %s", version, body)
		}
	}
	if note := string(p.get("/api/notes/old").Body); !strings.Contains(note, `"starred":true`) {
		t.Errorf("the note is %s", note)
	}
}

func TestAnExportNeedsADatabaseThatNobodyUses(t *testing.T) {
	dir := t.TempDir()
	x := &Export{storeFlags: storeFlags{DataDir: dir}, stdout: &bytes.Buffer{}, stderr: t.Output()}
	if err := x.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "there is no database") {
		t.Errorf("without a database: %v", err)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("it left %v", names)
	}
	startIn(t, dir)
	if err := x.Run(t.Context()); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "notewire.db")) {
		t.Errorf("beside a server: %v", err)
	}
}

func TestAnArchivesFileIsCheckedBeforeAnythingIsWritten(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "to")
	p := startIn(t, from)
	p.must("/api/notes", `{"id":"n","content":"text"}`)
	p.stop()
	file := filepath.Join(t.TempDir(), "archive")
	x := &Export{storeFlags: storeFlags{DataDir: from}, Out: file, stderr: t.Output()}
	if err := x.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(archive, []byte("text"), []byte("next"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	m := &Import{storeFlags: storeFlags{DataDir: to}, In: file, stderr: t.Output()}
	err = m.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "line 2 of the archive") || !strings.Contains(err.Error(), "nothing was written") {
		t.Errorf("edited: %v", err)
	}
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("it has written: %v", err)
	}
	if err := os.WriteFile(file, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, rest, _ := strings.Cut(exportOf(t, to), "\n"); !strings.HasSuffix(string(archive), rest) {
		t.Error("the archive of the import is another one")
	}
}

func TestAServerRefusesAStoreThatIsHalfImported(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	p := startIn(t, from)
	p.must("/api/notes", `{"id":"n","content":"text"}`)
	p.stop()
	archive := exportOf(t, from)
	cut := archive[:strings.LastIndex(strings.TrimSpace(archive), "\n")+1]
	if err := importInto(t, to, cut); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Fatalf("error %v", err)
	}
	s := &Serve{DataDir: to, Host: "127.0.0.1"}
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "run notewire import with the same archive again") {
		t.Errorf("error %v", err)
	}
	if err := importInto(t, to, archive); err != nil {
		t.Fatal(err)
	}
	if note := string(startIn(t, to).get("/api/notes/n").Body); !strings.Contains(note, `"text"`) {
		t.Errorf("the note is %s", note)
	}
}
