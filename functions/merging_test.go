package functions

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"notewire/notes"
)

// together is a note at version 2 that Ann owns and Bob may write.
func together(t *testing.T, body string) *world {
	t.Helper()
	w := newWorld(t, nil)
	w.post("ann", "/api/notes", body).must(http.StatusCreated)
	w.post("ann", "/api/notes/n/share", `{"members":[{"userId":"bob","role":"write"}]}`).must(http.StatusOK)
	return w
}

func TestAnAnswerSaysWhatWasMerged(t *testing.T) {
	w := together(t, `{"id":"n","title":"t","content":"a cat\n\na dog\n"}`)
	first := w.post("ann", "/api/notes/n", `{"baseVersion":2,"changes":{"content":"a fat cat\n\na dog\n"}}`).must(http.StatusOK).json()
	if first["merged"] != nil || first["conflict"] != nil {
		t.Errorf("an edit of the head: %v", first)
	}
	second := w.post("bob", "/api/notes/n", `{"mutationId":"m","baseVersion":2,"changes":{"content":"a cat\n\na big dog\n"}}`).must(http.StatusOK).json()
	if second["merged"] != true || second["conflict"] != nil || second["content"] != "a fat cat\n\na big dog\n" {
		t.Errorf("merged: %v", second)
	}
	// Ids of mutations are each account's own: hers did not merge anything.
	if hers := w.post("ann", "/api/notes/n/organise", `{"mutationId":"m","fields":{"starred":true}}`).must(http.StatusOK).json(); hers["merged"] != nil {
		t.Errorf("organised: %v", hers)
	}
	third := w.post("bob", "/api/notes/n", `{"baseMutationId":"m","changes":{"title":"u"}}`).must(http.StatusOK).json()
	if third["content"] != second["content"] || third["title"] != "u" {
		t.Errorf("chained: %v", third)
	}
	version := w.get("ann", "/api/notes/n/versions/4").must(http.StatusOK).json()
	if version["merged"] != true || version["baseVersion"] != 2.0 {
		t.Errorf("its version: %v", version)
	}
}

func TestTheKeptSideIsReadAndRestored(t *testing.T) {
	w := together(t, `{"id":"n","content":"a cat\n"}`)
	w.post("ann", "/api/notes/n", `{"baseVersion":2,"changes":{"content":"a dog\n"}}`).must(http.StatusOK)
	answer := w.post("bob", "/api/notes/n", `{"baseVersion":2,"changes":{"content":"a bird\n"}}`).must(http.StatusOK)
	if !strings.HasSuffix(answer.Body.String(), `,"merged":true,"conflict":{"fields":["content"],"kept":"/api/notes/n/versions/4/kept"}}`) {
		t.Errorf("the answer: %s", answer.Body)
	}
	conflict := answer.json()["conflict"].(map[string]any)
	kept := w.get("ann", conflict["kept"].(string)).must(http.StatusOK).json()
	note := kept["note"].(map[string]any)
	if kept["version"] != 4.0 || note["content"] != "a bird\n" || note["tags"] != nil {
		t.Errorf("what is kept: %v", kept)
	}
	for path, code := range map[string]notes.Code{"3/kept": notes.NotFound, "99/kept": notes.NotFound} {
		w.get("ann", "/api/notes/n/versions/"+path).refused(404, code)
	}
	for _, n := range []string{"0", "-1", "x", "4.5"} {
		w.get("ann", "/api/notes/n/versions/"+n+"/kept").refused(400, notes.Invalid)
	}
	w.get("mallory", "/api/notes/n/versions/4/kept").refused(403, notes.Forbidden)
	w.get("", "/api/notes/n/versions/4/kept").refused(401, notes.Unauthenticated)
	w.post("ann", "/api/notes/n/share", `{"access":"public"}`).must(http.StatusOK)
	w.get("mallory", "/api/notes/n/versions/4/kept").refused(404, notes.NotFound)
	w.post("ann", "/api/notes/n/revert", `{"version":3,"kept":true}`).refused(404, notes.NotFound)
	if back := w.post("ann", "/api/notes/n/revert", `{"version":4,"kept":true}`).must(http.StatusOK).json(); back["content"] != "a bird\n" {
		t.Errorf("restored: %v", back)
	}
}

func TestWhatCannotBeMergedIsRefusedWithBothSides(t *testing.T) {
	w := together(t, `{"id":"n","encryptedContent":"one"}`)
	w.post("ann", "/api/notes/n", `{"baseVersion":2,"changes":{"encryptedContent":"two"}}`).must(http.StatusOK)
	refusal := w.post("bob", "/api/notes/n", `{"mutationId":"m","baseVersion":2,"changes":{"encryptedContent":"three"}}`)
	refusal.refused(409, notes.Conflict)
	problem := refusal.json()["error"].(map[string]any)
	for side, want := range map[string]string{"base": "one", "current": "two"} {
		if got := problem[side].(map[string]any)["encryptedContent"]; got != want {
			t.Errorf("%s is %v, want %s", side, got, want)
		}
	}
	refusal = w.post("bob", "/api/notes/n", `{"baseMutationId":"unknown","changes":{"content":"x"}}`)
	refusal.refused(409, notes.BaseGone)
	if problem = refusal.json()["error"].(map[string]any); problem["current"] == nil {
		t.Errorf("base_gone: %v", problem)
	}
}

func TestAPurgedNoteIsGone(t *testing.T) {
	w := together(t, `{"id":"n","content":"x"}`)
	w.post("ann", "/api/notes/n/purge", "").refused(400, notes.Invalid)
	w.post("ann", "/api/notes/n/trash", "").must(http.StatusOK)
	w.post("bob", "/api/notes/n/purge", "").refused(403, notes.Forbidden)
	if got := w.post("ann", "/api/notes/n/purge", `{"mutationId":"m"}`).must(http.StatusOK); got.Body.String() != `{"id":"n","version":4,"cursor":"e-4","mutationId":"m"}` {
		t.Errorf("the answer: %s", got.Body)
	}
	for _, path := range []string{"", "/versions", "/versions/1", "/versions/1/kept", "/changes", "/events"} {
		w.get("bob", "/api/notes/n"+path).refused(410, notes.Purged)
		w.get("mallory", "/api/notes/n"+path).refused(404, notes.NotFound)
	}
	w.post("bob", "/api/notes", `{"id":"n"}`).refused(409, notes.NoteExists)
}

func TestANoteExpiresAtItsTime(t *testing.T) {
	w := newWorld(t, nil)
	made := w.post("ann", "/api/notes", `{"id":"n","content":"x","expiresInHours":1.5}`).must(http.StatusCreated).json()
	if left := made["expiresAt"].(float64) - made["createdAt"].(float64); left != 90*60*1000 {
		t.Errorf("it expires after %v ms", left)
	}
	w.clock.Advance(90*time.Minute - time.Second)
	w.post("ann", "/api/notes/n", `{"changes":{"content":"in time"}}`).must(http.StatusOK)
	w.clock.Advance(time.Second)
	refusal := w.post("ann", "/api/notes/n", `{"changes":{"content":"late"}}`)
	refusal.refused(409, notes.NoteExpired)
	if current := refusal.json()["error"].(map[string]any)["current"].(map[string]any); current["content"] != "in time" {
		t.Errorf("the note as it is: %v", current)
	}
	w.post("ann", "/api/notes/n/revert", `{"version":1}`).refused(409, notes.NoteExpired)
	for _, c := range []struct{ path, body string }{
		{"/organise", `{"fields":{"starred":true}}`}, {"/share", `{"access":"public"}`}, {"/trash", ""}, {"/restore", ""},
	} {
		w.post("ann", "/api/notes/n"+c.path, c.body).must(http.StatusOK)
	}
	for _, hours := range []string{"-1", "87601", `"1"`, "1e400"} {
		w.post("ann", "/api/notes", `{"expiresInHours":`+hours+`}`).must(http.StatusBadRequest)
	}
}

func TestANoteIsGivenToAnotherOwner(t *testing.T) {
	w := together(t, `{"id":"n"}`)
	w.post("ann", "/api/notes/n/share", `{"owner":"mallory"}`).refused(400, notes.Invalid)
	w.post("bob", "/api/notes/n/share", `{"owner":"bob"}`).refused(403, notes.Forbidden)
	given := w.post("ann", "/api/notes/n/share", `{"owner":"bob"}`).must(http.StatusOK).json()
	if roles := given["roles"].(map[string]any); given["userId"] != "bob" || len(roles) != 1 || roles["ann"] != "write" {
		t.Errorf("given: %v", given)
	}
	w.post("ann", "/api/notes/n/share", `{"access":"public"}`).refused(403, notes.Forbidden)
	w.post("bob", "/api/notes/n/share", `{"access":"public"}`).must(http.StatusOK)
}
