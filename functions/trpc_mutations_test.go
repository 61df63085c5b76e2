package functions

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func (w *world) share(id, members string) {
	w.t.Helper()
	w.post("ann", "/api/notes/"+id+"/share", members).must(200)
}

func TestTRPCCreateNote(t *testing.T) {
	w := newWorld(t, nil)
	note := w.mutate("ann", "createNote", `{"id":"n","title":"T","blob":{"elements":[1,2]},"templateId":"t-1","unknown":1}`).data()
	for member, want := range map[string]any{
		"id": "n", "version": 1.0, "title": "T", "userId": "ann", "access": "private", "expiresAt": nil, "templateId": "t-1",
	} {
		if note[member] != want {
			t.Errorf("%s is %v, want %v", member, note[member], want)
		}
	}
	if fmt.Sprint(note["blob"], note["collaborators"]) != "map[elements:[1 2]] []" || note["createdAt"] == nil || note["updatedAt"] == nil {
		t.Errorf("%v", note)
	}
	w.mutate("ann", "createNote", `{"id":"n","blob":1}`).refusedAs("CONFLICT", "Note ID already exists")
	if chosen := w.mutate("ann", "createNote", `{"title":null,"blob":null}`).data(); chosen["id"] == "" || chosen["title"] != nil || chosen["blob"] != nil {
		t.Errorf("%v", chosen)
	}
	hour := w.mutate("ann", "createNote", `{"id":"h","blob":0,"expiresInHours":1.5}`).data()
	if hour["expiresAt"].(float64)-hour["createdAt"].(float64) != 1.5*3600*1000 {
		t.Errorf("%v", hour)
	}
	shared := w.mutate("ann", "createNote", `{"id":"s","blob":0,"collaborators":["bob","ann","cat"]}`).data()
	if fmt.Sprint(shared["version"], shared["collaborators"], shared["roles"]) != "1 [bob cat] map[bob:write cat:write]" {
		t.Errorf("%v", shared)
	}
	w.mutate("bob", "updateNote", `{"id":"s","blob":1}`).data()
	for _, input := range []string{
		`{"id":"wrong","collaborators":["not an id"]}`, `{"id":"wrong","collaborators":["bob","bob"]}`, `{"id":"wrong","expiresInHours":-1}`,
		`{"id":"not an id"}`, `{"id":7}`, `{"id":"wrong","title":7}`, `{"id":"wrong","templateId":"a b"}`, `[]`, `"x"`, `null`, `{`, `{"id":"wrong","id":"x"}`,
	} {
		w.mutate("ann", "createNote", input).refusedAs("BAD_REQUEST", "")
	}
	w.mutate("ann", "createNote", `{"id":"wrong","title":"`+strings.Repeat("x", 501)+`"}`).refusedAs("PAYLOAD_TOO_LARGE", "title")
	w.query("ann", "getNote", `{"id":"wrong"}`).null()
}

func TestTRPCUpdateNote(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","title":"T","blob":{"a":1},"content":"text"}`).data()
	w.share("n", `{"members":[{"userId":"bob","role":"write"},{"userId":"cat","role":"read"}],"access":"public"}`)
	title := func(note map[string]any, want string) {
		t.Helper()
		if got := words(note["version"], note["title"], note["blob"], note["content"]); got != want {
			t.Errorf("the note is %s, want %s", got, want)
		}
	}
	title(w.mutate("ann", "updateNote", `{"id":"n","blob":{"a":2},"meta":{"from":"test"}}`).data(), "3 T map[a:2] text")
	title(w.mutate("bob", "updateNote", `{"id":"n","title":null,"blob":[],"expectedVersion":3}`).data(), "4 T [] text")
	title(w.mutate("bob", "updateNote", `{"id":"n","title":"U"}`).data(), "5 U [] text")
	title(w.mutate("bob", "updateNote", `{"id":"n","content":"more"}`).data(), "6 U [] more")
	title(w.mutate("bob", "updateNote", `{"id":"n","blob":null,"title":""}`).data(), "7  <nil> more")
	data := w.mutate("ann", "updateNote", `{"id":"n","blob":1,"expectedVersion":6}`).refusedAs("CONFLICT", "Version mismatch")
	if problem := data["problem"].(map[string]any); problem["code"] != "version_mismatch" || problem["current"].(map[string]any)["version"] != 7.0 {
		t.Errorf("%v", problem)
	}
	w.mutate("cat", "updateNote", `{"id":"n","blob":1}`).refusedAs("FORBIDDEN", "Not authorized to update this note")
	w.mutate("eve", "updateNote", `{"id":"n","blob":1}`).refusedAs("FORBIDDEN", "Not authorized to update this note") // public is for readers
	w.mutate("ann", "updateNote", `{"id":"none","blob":1}`).refusedAs("NOT_FOUND", "Note not found")
	for _, input := range []string{`{"id":"n"}`, `{"blob":1}`, ``, `{"id":"n","blob":1,"expectedVersion":0}`, `{"id":"n","blob":1,"expectedVersion":"3"}`} {
		w.mutate("ann", "updateNote", input).refusedAs("BAD_REQUEST", "")
	}
}

func TestTRPCAnExpiredNoteIsReadOnly(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","blob":1,"expiresInHours":1}`).data()
	w.clock.Advance(time.Hour)
	w.mutate("ann", "updateNote", `{"id":"n","blob":2}`).refusedAs("CONFLICT", "Note has expired and is read-only")
	w.mutate("ann", "revertToVersion", `{"id":"n","version":1}`).refusedAs("CONFLICT", "Note has expired and is read-only")
	if note := w.query("ann", "getNote", `{"id":"n"}`).data(); note["version"] != 1.0 || note["expiresAt"] == nil {
		t.Errorf("%v", note)
	}
	w.mutate("ann", "toggleShare", `{"id":"n"}`).data()
	w.mutate("ann", "deleteNote", `{"id":"n"}`).data()
}

func TestTRPCRevertToVersion(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","title":"1","blob":1}`).data()
	w.mutate("ann", "updateNote", `{"id":"n","title":"2","blob":2}`).data()
	w.share("n", `{"members":[{"userId":"bob","role":"write"},{"userId":"cat","role":"read"}]}`)
	note := w.mutate("bob", "revertToVersion", `{"id":"n","version":1}`).data()
	if words(note["version"], note["title"], note["blob"], note["collaborators"]) != "4 1 1 [bob cat]" {
		t.Errorf("%v", note)
	}
	for _, version := range []string{"99", "5"} {
		w.mutate("ann", "revertToVersion", `{"id":"n","version":`+version+`}`).refusedAs("BAD_REQUEST", "Version not found")
	}
	for _, input := range []string{`{"id":"n"}`, `{"id":"n","version":0}`, `{"id":"n","version":-1}`, `{"id":"n","version":1.5}`} {
		w.mutate("ann", "revertToVersion", input).refusedAs("BAD_REQUEST", "")
	}
	w.mutate("ann", "revertToVersion", `{"id":"none","version":1}`).refusedAs("NOT_FOUND", "Note not found")
	for _, user := range []string{"cat", "eve"} {
		w.mutate(user, "revertToVersion", `{"id":"n","version":1}`).refusedAs("FORBIDDEN", "Not authorized to update this note")
	}
}

func TestTRPCDeleteNote(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","blob":1}`).data()
	w.share("n", `{"members":[{"userId":"bob","role":"write"}],"access":"public"}`)
	for _, user := range []string{"bob", "eve"} {
		w.mutate(user, "deleteNote", `{"id":"n"}`).refusedAs("FORBIDDEN", "Not authorized to delete this note")
	}
	w.mutate("ann", "deleteNote", `{"id":"none"}`).refusedAs("NOT_FOUND", "Note not found")
	for range 2 { // deleted as it is already
		if got := strings.TrimSpace(w.mutate("ann", "deleteNote", `{"id":"n"}`).must(200).Body.String()); got != `{"result":{"data":{"success":true}}}` {
			t.Error(got)
		}
	}
	for _, user := range []string{"ann", "bob", "eve"} {
		w.query(user, "getNote", `{"id":"n"}`).null()
	}
	if note := w.get("ann", "/api/notes/n").must(200).json(); note["deleted"] != true {
		t.Errorf("%v", note)
	}
	w.post("ann", "/api/notes/n/purge", ``).must(200)
	w.query("ann", "getNote", `{"id":"n"}`).null()
	w.mutate("ann", "updateNote", `{"id":"n","blob":1}`).refusedAs("NOT_FOUND", "deleted for good")
}

func TestTRPCToggleShare(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","blob":1}`).data()
	w.share("n", `{"members":[{"userId":"bob","role":"write"}]}`)
	for _, want := range []string{"public", "private", "public"} {
		if note := w.mutate("ann", "toggleShare", `{"id":"n"}`).data(); note["access"] != want {
			t.Errorf("%v, want %s", note, want)
		}
	}
	for _, user := range []string{"bob", "eve"} {
		w.mutate(user, "toggleShare", `{"id":"n"}`).refusedAs("FORBIDDEN", "Only owner can change sharing settings")
	}
	w.mutate("ann", "toggleShare", `{"id":"none"}`).refusedAs("NOT_FOUND", "Note not found")
}

func TestTRPCWhatWasOpenedIsInTheList(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","blob":1}`).data()
	listed := func(user, want string) {
		t.Helper()
		if got := w.ids(user, `{}`); got != want {
			t.Errorf("the list of %s is %q, want %q", user, got, want)
		}
	}
	w.mutate("eve", "trackBoardAccess", `{"noteId":"n"}`).refusedAs("FORBIDDEN", "Not authorized to access this note")
	w.mutate("eve", "trackBoardAccess", `{"noteId":"none"}`).refusedAs("NOT_FOUND", "Note not found")
	w.mutate("ann", "toggleShare", `{"id":"n"}`).data()
	listed("eve", "")
	w.mutate("eve", "trackBoardAccess", `{"noteId":"n"}`).data()
	listed("eve", "n")
	if got := w.ids("eve", `{"filter":"owned"}`) + "," + w.ids("eve", `{"filter":"shared"}`); got != ",n" {
		t.Errorf("owned and shared are %q", got)
	}
	before := w.query("ann", "listNotes", `{}`).data()["items"].([]any)[0].(map[string]any)["lastAccessedAt"].(float64)
	w.mutate("ann", "trackBoardAccess", `{"noteId":"n"}`).data()
	if after := w.query("ann", "listNotes", `{}`).data()["items"].([]any)[0].(map[string]any)["lastAccessedAt"].(float64); after <= before {
		t.Errorf("last accessed at %v, then at %v", before, after)
	}

	w.mutate("ann", "removeSharedBoard", `{"noteId":"n"}`).refusedAs("BAD_REQUEST", "Cannot remove a board you own. Use delete instead.")
	w.mutate("eve", "removeSharedBoard", `{"noteId":"n"}`).data()
	listed("eve", "")
	w.mutate("eve", "removeSharedBoard", `{"noteId":"n"}`).refusedAs("NOT_FOUND", "Board not found in your list")
	w.mutate("eve", "removeSharedBoard", `{"noteId":"none"}`).refusedAs("NOT_FOUND", "Board not found in your list")
	w.mutate("eve", "trackBoardAccess", `{"noteId":"n"}`).data()
	w.mutate("ann", "toggleShare", `{"id":"n"}`).data()
	listed("eve", "")
	w.mutate("eve", "removeSharedBoard", `{"noteId":"n"}`).data() // though it is private now

	w.share("n", `{"members":[{"userId":"bob","role":"write"}]}`)
	listed("bob", "n")
	for range 2 {
		w.mutate("bob", "removeSharedBoard", `{"noteId":"n","mutationId":"m-1"}`).data()
	}
	listed("bob", "")
	w.mutate("bob", "removeSharedBoard", `{"noteId":"n","mutationId":"m-2"}`).refusedAs("NOT_FOUND", "Board not found in your list")
	for _, procedure := range []string{"trackBoardAccess", "removeSharedBoard"} {
		w.mutate("ann", procedure, `{}`).refusedAs("BAD_REQUEST", "")
	}
}

func TestTRPCAMutationIDMakesACallIdempotent(t *testing.T) {
	w := newWorld(t, nil)
	for _, c := range []struct{ procedure, input string }{
		{"createNote", `{"id":"n","blob":1,"mutationId":"m-1"}`},
		{"createNote", `{"id":"s","blob":1,"collaborators":["bob"],"mutationId":"m-2"}`},
		{"updateNote", `{"id":"n","blob":2,"mutationId":"m-3"}`},
		{"revertToVersion", `{"id":"n","version":1,"mutationId":"m-4"}`},
		{"toggleShare", `{"id":"n","mutationId":"m-5"}`},
		{"deleteNote", `{"id":"n","mutationId":"m-6"}`},
	} {
		first := w.mutate("ann", c.procedure, c.input).must(200).Body.String()
		if again := w.mutate("ann", c.procedure, c.input).must(200).Body.String(); again != first {
			t.Errorf("%s %s:\n%sagain:\n%s", c.procedure, c.input, first, again)
		}
	}
	if n := len(w.get("ann", "/api/notes/n/versions").must(200).json()["versions"].([]any)); n != 5 {
		t.Errorf("%d versions", n)
	}
	w.mutate("ann", "toggleShare", `{"id":"s","mutationId":"t-1"}`).data()
	w.mutate("ann", "toggleShare", `{"id":"s","mutationId":"t-2"}`).data()
	if note := w.mutate("ann", "toggleShare", `{"id":"s","mutationId":"t-1"}`).data(); note["access"] != "public" {
		t.Errorf("repeated: %v", note)
	}
	if note := w.query("ann", "getNote", `{"id":"s"}`).data(); note["access"] != "private" {
		t.Errorf("%v", note)
	}
	w.mutate("ann", "toggleShare", `{"id":"s","mutationId":"m-3"}`).refusedAs("CONFLICT", "mutationId")
	w.mutate("ann", "updateNote", `{"id":"n","blob":3,"mutationId":"m-3"}`).refusedAs("CONFLICT", "mutationId")
	w.mutate("ann", "updateNote", `{"id":"n","blob":3,"mutationId":"not an id"}`).refusedAs("BAD_REQUEST", "mutationId")
}
