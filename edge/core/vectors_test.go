package core_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vectors are calls of every function: a random history, the golden frames, broken ones, and
// a table for the rest. They are the same every time, but for the key that signs tokens.
func vectors(t *testing.T) []vector {
	t.Helper()
	var all []vector
	for seed := range uint64(4) {
		h := newHistory(t, seed)
		h.play(80)
		if h.commits < 20 {
			t.Fatalf("history %d has only %d commits", seed, h.commits)
		}
		all = append(all, h.vectors...)
	}
	add := func(name string, in any) {
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, vector{name, data})
	}
	frames(t, add)
	table(add)
	tokens(t, add)
	return all
}

// frames are the golden messages up, whole, cut off and without their quotes.
func frames(t *testing.T, add func(string, any)) {
	paths, err := filepath.Glob("../../transport/wire/testdata/up/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden frames: %v", err)
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasSuffix(name, ".want.json") || strings.HasPrefix(name, "http.") {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		frame := strings.TrimSpace(string(data))
		for _, spelled := range []string{frame, frame[:len(frame)*2/3], strings.Replace(frame, `"`, ``, 1), frame + frame, "[" + frame + "]"} {
			for _, user := range []string{"", "user_ada"} {
				add("up", upOf(spelled, user, noteOf(name), 3))
			}
		}
		add("up", upOf(frame, "user_ada", noteOf(name), 300))
	}
	for _, frame := range []string{"", "null", "{}", "[]", `{"type":"ping","type":"ping"}`, "\ufffd", strings.Repeat("[", 1200), `{"type":"auth","token":5}`} {
		add("up", upOf(frame, "", "", 0))
		add("up", upOf(frame, "ada", "n1", 0))
	}
	for _, why := range []string{"too_large", "not_text", "other"} {
		add("up", map[string]any{"discarded": why})
		add("up", map[string]any{"discarded": why, "noteId": "n1"})
	}
}

func noteOf(name string) string {
	if strings.HasPrefix(name, "note.") {
		return "n1"
	}
	return ""
}

func upOf(frame, user, note string, count int) map[string]any {
	return map[string]any{
		"frame": frame, "userId": user, "noteId": note, "now": 1763000030000,
		"rate": map[string]any{"limit": 300, "windowMs": 60000, "begun": 1763000000000, "count": count},
	}
}

func table(add func(string, any)) {
	for _, cursor := range []string{"", "0", "e-0", "e-5", "e-6", "e-05", "x-3", "e-", "-3", "nonsense", "e-f-3"} {
		add("place", map[string]any{"cursor": cursor, "epoch": "e", "head": 5})
	}
	for i := range 64 {
		on := func(bit int) bool { return i>>bit&1 == 1 }
		viewer := "cleo"
		if on(0) {
			viewer = "ben"
		}
		access := "private"
		if on(1) {
			access = "public"
		}
		readers := map[string]any{"owner": "ada", "members": []string{"ben"}, "access": access, "deleted": on(2) || on(3), "deletes": on(3)}
		opened := 3
		if on(4) {
			opened = 9
		}
		add("see", map[string]any{"viewer": viewer, "member": on(5), "opened": opened, "version": 5, "readers": readers})
	}
	for _, page := range []string{"", "http://localhost:8787", "http://localhost:5173", "https://app.example.com", "https://evil.example", "null", "%"} {
		for _, address := range []string{"http://localhost:8787/ws", "https://edge.example/api/events", "http://127.0.0.1:8787/dev/token"} {
			for _, local := range []bool{true, false} {
				add("admit", map[string]any{
					"url": address, "origin": page, "local": local, "fetchSite": "same-origin", "origins": []string{"https://app.example.com"},
				})
			}
		}
	}
	for _, code := range []string{"unauthenticated", "forbidden", "not_found", "rate_limited", "unavailable", "internal", "no such"} {
		refusal := map[string]any{"code": code, "message": "<why>", "retryAfterMs": 1500, "noteId": "n1", "mutationId": "m"}
		add("refuse", refusal)
		add("down", map[string]any{"type": "error", "error": refusal})
		refusal["account"] = true
		add("down", map[string]any{"type": "error", "error": refusal})
		delete(refusal, "noteId")
		refusal["folderId"] = "f1"
		add("down", map[string]any{"type": "error", "error": refusal})
	}
	at := map[string]any{"Epoch": "e", "Seq": 5}
	for _, outcome := range []map[string]any{
		{"op": "folder_create", "mutationId": "m", "folderId": "f1", "cursor": at, "at": 1763000000000, "folder": map[string]any{"id": "f1", "userId": "ada", "name": "Errands"}},
		{"op": "folder_delete", "mutationId": "m", "folderId": "f1", "cursor": at, "at": 1763000000000},
		{"op": "edit", "mutationId": "m", "noteId": "n1", "version": 3, "cursor": at, "merged": true, "conflicts": []string{"content"}, "kept": true,
			"note": map[string]any{"ID": "n1", "Owner": "ada", "Version": 3, "content": "x"}, "fields": map[string]any{}},
		{"op": "purge", "mutationId": "m", "noteId": "n1", "version": 9, "cursor": at},
	} {
		add("down", map[string]any{"type": "mutation_ack", "outcome": outcome})
	}
	add("event", map[string]any{"row": map[string]any{"Kind": "folder_updated", "FolderID": "f1"}, "cursor": "e-5"}) // without the folder
	frame := map[string]any{
		"connectionId": "c1", "userId": "ada", "noteId": "n1", "cursor": "e-5", "reason": "expired", "code": 4000,
		"retryAfterMs": 1234, "now": 1763000000000, "secret": "s", "expired": true,
		"outcome": map[string]any{
			"op": "edit", "mutationId": "m", "noteId": "n1", "version": 3, "cursor": map[string]any{"Epoch": "e", "Seq": 5}, "at": 1763000000000,
			"note": map[string]any{"ID": "n1", "Owner": "ada", "Version": 3, "content": "x"}, "fields": map[string]any{"tags": []string{"a"}},
		},
	}
	for _, kind := range []string{
		"connection_established", "auth_success", "auth_failed", "note_joined", "note_left", "pong", "resync", "reconnect", "mutation_ack", "no_such",
	} {
		frame["type"] = kind
		add("down", frame)
	}
}

// tokens are good ones and every kind of bad.
func tokens(t *testing.T, add func(string, any)) {
	for _, c := range tokenCases(t) {
		for _, one := range []bool{true, false} {
			add("token", c.in(one))
		}
	}
}
