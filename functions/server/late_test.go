package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/functions/config"
	"notewire/notes"
)

// A note has more members than a transaction tells of a change. The program is killed as soon
// as it has acknowledged one, again and again: after a restart, all members have all changes,
// in order.
func TestAllOf60MembersAreToldAfterACrash(t *testing.T) {
	const rounds, crowd = 12, 60
	binary, dir := buildProgram(t), t.TempDir()
	program := launch(t, dir, nil, binary)
	users := []string{"owner"}
	for i := range crowd {
		users = append(users, fmt.Sprintf("member%02d", i))
	}
	as, err := program.callers(users...)
	if err != nil {
		t.Fatal(err)
	}
	post := func(path, body string) {
		t.Helper()
		if r, err := as["owner"].do("POST", path, body); err != nil || r.Status/100 != 2 {
			t.Fatalf("%s: %d %.300s, error %v", path, r.Status, r.Body, err)
		}
	}
	post("/api/notes", `{"id":"crowded","content":"0"}`)
	joined := map[string]int{"owner": 1}
	for i := 1; i <= crowd; i += notes.MembersAtOnce {
		var members []string
		for _, user := range users[i : i+notes.MembersAtOnce] {
			members = append(members, fmt.Sprintf(`{"userId":%q,"role":"write"}`, user))
			joined[user] = 2 + i/notes.MembersAtOnce
		}
		post("/api/notes/crowded/share", `{"members":[`+strings.Join(members, ",")+`]}`)
	}
	versions, cut := 1+crowd/notes.MembersAtOnce, 0
	for round := range rounds {
		post("/api/notes/crowded", fmt.Sprintf(`{"changes":{"content":"%d"}}`, round+1))
		versions++
		program.kill()
		program.mustBeQuiet(t)
		if untold(t, dir) {
			cut++
		}
		program = launch(t, dir, nil, binary)
		if as, err = program.callers(users...); err != nil {
			t.Fatal(err)
		}
	}
	for _, user := range users {
		awaitLog(t, as[user], user, versions-joined[user]+1)
	}
	seen := newArchive()
	if _, err := seen.extend(as); err != nil {
		t.Fatal(err)
	}
	for _, user := range users {
		for i, e := range seen.logs[user] {
			if want := int64(joined[user] + i); e.Version != want || e.note() == nil {
				t.Errorf("row %d of %s tells of version %d, want %d: %.200s", i+1, user, e.Version, want, e.bytes)
			}
		}
	}
	t.Logf("%d of %d crashes left members to be told", cut, rounds)
	if cut == 0 {
		t.Error("no crash came between a commit and its late rows")
	}
	program.stop(t)
}

// untold reports whether the file of a program that is not running has members to be told.
func untold(t *testing.T, dir string) bool {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(dir, "notewire.db"), bolt.Options{SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{NewEpoch: config.NewEpoch})
	if err != nil {
		t.Fatal(err)
	}
	late, err := store.Late(t.Context(), notes.MillisOf(time.Now().Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	return len(late) > 0
}

// awaitLog waits until user's log has that many rows.
func awaitLog(t *testing.T, c caller, user string, rows int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		var list struct{ Cursor string }
		if err := c.read("/api/notes?limit=1", &list); err != nil {
			t.Fatal(err)
		}
		if _, seq, _ := strings.Cut(list.Cursor, "-"); seq == fmt.Sprint(rows) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the log of %s is at %s, want %d rows", user, list.Cursor, rows)
		}
		time.Sleep(10 * time.Millisecond) // another process does the work
	}
}
