package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"notewire/dynamo/ddb/ddbtest"
)

// Three servers on one table, and two of them are killed while they post: what was acknowledged
// is posted by those that are left, in order per note.
func TestWebhooksGoOnWhenServersAreKilled(t *testing.T) {
	parts := fleetParts{dynamoDB: ddbtest.Shared(t), binary: buildProgram(t), env: []string{"WEBHOOK_LOOPBACK=yes", "WEBHOOK_LEASE=3s"}}
	f, receiver := parts.start(t, "webhooks", nil, "ann"), newHooked(t)
	post := func(path, body string, at int) {
		t.Helper()
		if _, _, err := f.post("ann", path, body, at); err != nil {
			t.Fatal(err)
		}
	}
	post("/api/webhooks", `{"url":"`+receiver.URL+`"}`, 0)
	const changes, notes = 60, 3
	edit := func(i int) {
		id := fmt.Sprint("n-", i%notes)
		if i < notes {
			post("/api/notes", `{"id":"`+id+`"}`, i)
			return
		}
		post("/api/notes/"+id, fmt.Sprintf(`{"changes":{"content":"%d"}}`, i), i%len(f.processes))
	}
	for i := range changes {
		switch i {
		case changes / 3:
			f.processes[0].kill()
		case 2 * changes / 3:
			f.processes[1].kill()
		}
		edit(i)
	}
	written := time.Now()
	had, versions := map[string]bool{}, map[string]int{}
	for len(had) < changes {
		select {
		case body := <-receiver.bodies:
			cursor := (<-receiver.posts).Header.Get("Notewire-Cursor")
			had[cursor[strings.LastIndex(cursor, "-"):]] = true
			var m struct {
				NoteID  string
				Version int
			}
			if err := json.Unmarshal([]byte(body), &m); err != nil {
				t.Fatal(err)
			}
			if m.Version > versions[m.NoteID]+1 {
				t.Fatalf("of %s, version %d came after %d", m.NoteID, m.Version, versions[m.NoteID])
			}
			versions[m.NoteID] = max(versions[m.NoteID], m.Version)
		case <-time.After(30 * time.Second):
			t.Fatalf("of %d changes %d were posted", changes, len(had))
		}
	}
	t.Logf("the last change was posted %v after it was acknowledged", time.Since(written))
	f.stop()
}
