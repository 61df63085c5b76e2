package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"notewire/client/goclient"
	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
)

// Faults of the second ancestor: its notes, their histories and its store.

// noteSocket follows a note by WebSocket, and has read what it is.
func noteSocket(t *testing.T, ctx context.Context, c *goclient.Client, id string) *goclient.Stream {
	t.Helper()
	s, err := c.OpenNote(ctx, goclient.WebSocket, id, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if e := events(t, ctx, s, 1)[0]; e.Type != "initial" {
		t.Fatalf("the first frame is %s", e.Data)
	}
	return s
}

func sendUpdate(t *testing.T, ctx context.Context, s *goclient.Stream, frame map[string]any) {
	t.Helper()
	frame["type"] = "update_event"
	if err := s.Send(ctx, frame); err != nil {
		t.Fatal(err)
	}
}

func blob(v any) map[string]any { return map[string]any{"data": map[string]any{"blob": v}} }

// refusedWith checks that an error is a refusal with that status and code.
func refusedWith(t *testing.T, what string, err error, status int, code string) {
	t.Helper()
	refusal, ok := errors.AsType[*goclient.Refusal](err)
	if !ok || refusal.Status != status || refusal.Code != code {
		t.Errorf("%s: %v, want %d %s", what, err, status, code)
	}
}

// L1: of updates that came soon after one another only the first had a row in the history, and
// that with the content of the second.
func TestL1EveryOfManyRapidUpdatesIsInTheHistory(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("ann"), within(t, patience)
	mutate(t, c, "create", "n", map[string]any{"blob": 1})
	s := noteSocket(t, ctx, c, "n")
	const last = 16
	for n := 2; n <= last; n++ {
		sendUpdate(t, ctx, s, blob(n))
	}
	events(t, ctx, s, last-1)
	page, err := c.Versions(ctx, "n", 0)
	if err != nil || len(page.Versions) != last {
		t.Fatalf("%d updates left %d versions, error %v", last-1, len(page.Versions), err)
	}
	for n := int64(1); n <= last; n++ {
		v := p.get(fmt.Sprintf("/api/notes/n/versions/%d", n), p.token("ann")).JSON(t)
		if note, _ := v["note"].(map[string]any); note["blob"] != float64(n) || v["version"] != float64(n) {
			t.Errorf("version %d is %v", n, v)
		}
	}
	if note := mutate(t, c, "revert", "n", map[string]any{"version": 7}); note.Version != last+1 || !strings.Contains(string(note.Body), `"blob":7,`) {
		t.Errorf("reverted to version 7: %s", note.Body)
	}
}

// L3: whoever was signed in could read any note's history.
func TestL3AHistoryNeedsTheRightToReadTheNote(t *testing.T) {
	p := start(t)
	ann, eve := p.goClient("ann"), p.token("eve")
	mutate(t, ann, "create", "n", map[string]any{"content": "a secret"})
	input := `?input=%7B%22id%22%3A%22n%22%2C%22version%22%3A1%7D`
	read := func(headers ...string) (statuses []int) {
		t.Helper()
		for _, path := range []string{"/api/notes/n/versions", "/api/notes/n/versions/1", "/api/v1/getHistory" + input, "/api/v1/getVersion" + input} {
			r := p.get(path, headers...)
			if statuses = append(statuses, r.Status); strings.Contains(string(r.Body), "a secret") {
				t.Errorf("GET %s with %.30q: %s", path, headers, r.Body)
			}
		}
		return statuses
	}
	none := "Authorization: Bearer nobody"
	if got := fmt.Sprint(read(eve), read(none)); got != "[403 403 403 403] [401 401 401 401]" {
		t.Errorf("the statuses are %s", got)
	}
	mutate(t, ann, "edit", "n", content("for all"))
	mutate(t, ann, "share", "n", map[string]any{"access": "public"})
	if got := fmt.Sprint(read(eve)); got != "[200 404 200 200]" { // what was private is not there for her
		t.Errorf("the statuses of a public note are %s", got)
	}
	mutate(t, ann, "share", "n", map[string]any{"members": []any{map[string]any{"userId": "eve", "role": "read"}}})
	if r := p.get("/api/notes/n/versions/1", eve); r.Status != http.StatusOK || !strings.Contains(string(r.Body), "a secret") {
		t.Errorf("a member reads %d %s", r.Status, r.Body)
	}
}

// L4: whoever wrote last by WebSocket replaced all that others had written, and nobody was told
// what became of a message.
func TestL4UpdatesByWebSocketAreAnsweredAndOverwriteNothingUnseen(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("ann"), within(t, patience)
	mutate(t, c, "create", "n", map[string]any{"title": "title", "blob": map[string]any{"a": 0, "b": 0}})
	one, two := noteSocket(t, ctx, c, "n"), noteSocket(t, ctx, c, "n")
	answer := func(s *goclient.Stream, kind, mutation string) goclient.Event {
		t.Helper()
		e := events(t, ctx, s, 1)[0]
		var m struct{ MutationID string }
		if err := e.Decode(&m); err != nil || e.Type != kind || m.MutationID != mutation {
			t.Fatalf("%s, want %s of %s", e.Data, kind, mutation)
		}
		return e
	}
	update := func(s *goclient.Stream, mutation string, more map[string]any) {
		t.Helper()
		more["mutationId"] = mutation
		sendUpdate(t, ctx, s, more)
	}
	update(one, "m1", map[string]any{"expectedVersion": 1, "data": map[string]any{"blob": map[string]any{"a": 1, "b": 0}}})
	answer(one, "update", "m1")
	answer(two, "update", "m1")

	update(two, "m2", map[string]any{"expectedVersion": 1, "data": map[string]any{"blob": map[string]any{"a": 0, "b": 2}}})
	if e := answer(two, "error", "m2"); !strings.Contains(string(e.Data), `"code":"version_mismatch"`) || !strings.Contains(string(e.Data), `"a":1`) {
		t.Errorf("a stale update is answered %s", e.Data)
	}
	update(two, "m3", map[string]any{"baseVersion": 1, "data": map[string]any{"blob": map[string]any{"a": 0, "b": 2}}})
	answer(two, "update", "m3")
	answer(one, "update", "m3")

	update(one, "m1", map[string]any{"expectedVersion": 1, "data": map[string]any{"blob": map[string]any{"a": 1, "b": 0}}})
	answer(one, "note_update_success", "m1")
	note := p.get("/api/notes/n", p.token("ann")).JSON(t)
	if got := fmt.Sprint(note["version"], note["title"], note["blob"]); got != "3title"+"map[a:1 b:2]" {
		t.Errorf("the note is %s", got)
	}
}

// L8: the published client sent a title and a text of its own with every edit; here an edit of the
// blob leaves them alone, whichever way it comes.
func TestL8AnEditOfTheBlobLeavesTitleAndTextAlone(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("ann"), within(t, patience)
	mutate(t, c, "create", "n", map[string]any{"title": "title", "content": "text", "blob": 0})
	s := noteSocket(t, ctx, c, "n")
	for i, edit := range []func(){
		func() { sendUpdate(t, ctx, s, blob(1)) },
		func() {
			sendUpdate(t, ctx, s, map[string]any{"data": map[string]any{"blob": 2, "title": nil}})
		},
		func() {
			mutate(t, c, "edit", "n", map[string]any{"changes": map[string]any{"blob": 3}})
		},
		func() { p.must("/api/v1/updateNote", `{"id":"n","blob":4}`, p.token("ann")) },
		func() { p.must("/api/v1/updateNote", `{"id":"n","blob":5,"title":null}`, p.token("ann")) },
	} {
		edit()
		var m struct {
			Data struct {
				Title, Content string
				Blob           int
			}
		}
		if err := events(t, ctx, s, 1)[0].Decode(&m); err != nil {
			t.Fatal(err)
		}
		if m.Data.Title != "title" || m.Data.Content != "text" || m.Data.Blob != i+1 {
			t.Errorf("edit %d: %+v", i+1, m.Data)
		}
	}
}

// L13: a note that had expired could be reverted, and an update of it was a server error.
func TestL13AnExpiredNoteIsReadOnlyAndSaysSo(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("ann"), within(t, patience)
	const atOnce = 1e-9 // hours
	mutate(t, c, "create", "n", map[string]any{"blob": 1, "expiresInHours": atOnce})
	for op, body := range map[string]map[string]any{"edit": content("x"), "revert": {"version": 1}} {
		_, err := c.Mutate(ctx, op, "n", body)
		refusedWith(t, op, err, http.StatusConflict, "note_expired")
	}
	for procedure, input := range map[string]string{"updateNote": `{"id":"n","blob":2}`, "revertToVersion": `{"id":"n","version":1}`} {
		r := p.post("/api/v1/"+procedure, input, p.token("ann"))
		if want := `{"message":"Note has expired and is read-only","code":-32009,`; r.Status != http.StatusConflict || !strings.Contains(string(r.Body), want) {
			t.Errorf("%s: %d %s", procedure, r.Status, r.Body)
		}
	}
	s := noteSocket(t, ctx, c, "n")
	sendUpdate(t, ctx, s, blob(2))
	if e := events(t, ctx, s, 1)[0]; e.Type != "error" || !strings.Contains(string(e.Data), `"code":"note_expired"`) {
		t.Errorf("by WebSocket: %s", e.Data)
	}
	if note, err := c.Note(ctx, "n"); err != nil || note.Version != 1 {
		t.Errorf("the note is %+v, error %v", note, err)
	}
}

// dying is an engine whose process dies after so many more transactions.
type dying struct {
	dynamo.Engine
	left atomic.Int64
}

func (d *dying) Transact(ctx context.Context, ops []dynamo.Op) error {
	if d.left.Add(-1) < 0 {
		return errors.New("the process is dead")
	}
	return d.Engine.Transact(ctx, ops)
}

// L14: a change was written to the note first and to the lists of its members after: when the
// process died between them they differed for good.
func TestL14ACrashLeavesNoteListsAndLogsAtOneVersion(t *testing.T) {
	file, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	engine := &dying{Engine: file}
	const lives = 1 << 40
	engine.left.Store(lives)
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 1, NewEpoch: func() string { return "e" }})
	if err != nil {
		t.Fatal(err)
	}
	ids := 0
	service := notes.NewService(notes.Config{
		Store: store, Publisher: unheard{}, Limits: notes.DefaultLimits(), NewID: func() string { ids++; return fmt.Sprint("id-", ids) },
	})
	large := notes.BodyPatch{Blob: notes.Some(json.RawMessage(`"` + strings.Repeat("x", 100_000) + `"`))}
	title := "title"
	died := 0
	for _, op := range []notes.Op{
		notes.Create{BodyPatch: large},
		notes.Share{Members: []notes.Member{{User: "bob", Role: notes.Writer}, {User: "cat", Role: notes.Reader}}},
		notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Title: notes.Some(&title)}, FieldsPatch: notes.FieldsPatch{Starred: notes.Some(true)}}},
		notes.Edit{Changes: notes.Changes{BodyPatch: large}}, notes.Revert{Version: 2}, notes.Trash{}, notes.Restore{},
		notes.Share{Remove: []notes.UserID{"bob"}},
	} {
		for after := int64(0); ; after++ {
			engine.left.Store(after)
			_, mutateErr := service.Mutate(t.Context(), "ann", "", notes.Mutation{Note: "n", Op: op})
			engine.left.Store(lives)
			mustAgree(t, fmt.Sprintf("%s, dead after %d transactions", op.Name(), after), store)
			if mutateErr == nil {
				break
			}
			if died++; after > 20 {
				t.Fatalf("%s: %v", op.Name(), mutateErr)
			}
		}
	}
	if died < 8 {
		t.Errorf("it died only %d times", died)
	}
}

type unheard struct{}

func (unheard) Publish(notes.Topic, int64) {}

// mustAgree fails unless the note, its members' entries and lists and the ends of their logs are
// of one version, and those who are no members have none.
func mustAgree(t *testing.T, when string, store notes.Store) {
	t.Helper()
	ctx := t.Context()
	heads, err := store.Heads(ctx, "n")
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []notes.UserID{"ann", "bob", "cat"} {
		entries, err := store.EntriesOf(ctx, user, "n")
		if err != nil {
			t.Fatal(err)
		}
		listed, err := store.Entries(ctx, user, notes.ListQuery{ByID: true, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if member := heads[0] != nil && heads[0].RoleOf(user) != notes.Stranger; !member {
			if entries[0] != nil || len(listed) > 0 {
				t.Errorf("%s: %s, who is no member, has an entry", when, user)
			}
			continue
		}
		seq, err := store.Seq(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		log, err := store.Log(ctx, user, seq-1, 1)
		if err != nil {
			t.Fatal(err)
		}
		head := heads[0].Note
		if e := entries[0]; e == nil || e.Version != head.Version || e.Deleted != head.Deleted || e.UpdatedAt != head.UpdatedAt || len(listed) != 1 {
			t.Errorf("%s: the note has version %d, the entry of %s is %+v", when, head.Version, user, e)
		}
		if len(log) != 1 || log[0].Version != head.Version {
			t.Errorf("%s: the note has version %d, the log of %s ends with %+v", when, head.Version, user, log)
		}
	}
}
