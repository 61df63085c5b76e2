package functions

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"notewire/notes"
)

// listed returns the ids of a whole list, read in pages of that size.
func (w *world) listed(user, query string, limit int) string {
	w.t.Helper()
	var ids []string
	for after := ""; ; {
		page := w.get(user, fmt.Sprintf("/api/notes?%s&limit=%d&after=%s", query, limit, url.QueryEscape(after))).must(200).json()
		found := page["notes"].([]any)
		if len(found) > limit {
			w.t.Fatalf("a page of %d has %d", limit, len(found))
		}
		for _, note := range found {
			ids = append(ids, note.(map[string]any)["id"].(string))
		}
		next, more := page["nextCursor"].(string)
		if !more {
			return strings.Join(ids, " ")
		}
		after = next
	}
}

func listWorld(t *testing.T) *world {
	w := newWorld(t, nil)
	w.post("ann", "/api/folders", `{"id":"f","name":"Work"}`).must(201)
	w.post("ann", "/api/notes", `{"id":"a","title":"cherry","content":"milk","starred":true}`).must(201)
	w.post("ann", "/api/notes", `{"id":"b","title":"Apple","tags":["home"],"folderId":"f"}`).must(201)
	w.post("ann", "/api/notes", `{"id":"c","title":"banana","type":"diagram","archived":true}`).must(201)
	w.post("ann", "/api/notes", `{"id":"d","title":"[ENCRYPTED]","content":"[ENCRYPTED]","hidden":true,"folderId":"unknown"}`).must(201)
	w.post("ann", "/api/notes", `{"id":"e","title":"date"}`).must(201)
	w.post("ann", "/api/notes/e/trash", ``).must(200)
	w.post("bob", "/api/notes", `{"id":"bobs","title":"elderberry","content":"Milk"}`).must(201)
	w.post("bob", "/api/notes/bobs/share", `{"members":[{"userId":"ann","role":"read"}],"access":"public"}`).must(200)
	w.post("ann", "/api/notes/a", `{"changes":{"content":"milk and bread"}}`).must(200)
	return w
}

func TestAListMayHaveAnyOrderAndAnyFilter(t *testing.T) {
	w := listWorld(t)
	for query, want := range map[string]string{
		"sort=updated": "a bobs d c b", "sort=created": "bobs d c b a", "sort=created&direction=asc": "a b c d bobs",
		"sort=title": "d b c a bobs", "sort=title&direction=desc": "bobs a c b d", "direction=asc": "b c d bobs a",
		"starred=true": "a", "starred=false": "bobs d c b", "archived=true": "c", "archived=false": "a bobs d b", "hidden=true": "d",
		"owned=true": "a d c b", "owned=false": "bobs", "access=public": "bobs", "access=private": "a d c b",
		"type=diagram": "c", "tag=home": "b", "folderId=f": "b", "folderId=none": "a bobs d c", "folderId=unknown": "", "folderId=": "a bobs d c",
		"starred=false&deleted=true": "e", "search=MILK": "a bobs", "search=encrypted": "", "search=home": "b",
		"search=milk&owned=true": "a", "search=": "a bobs d c b", "search=%25": "",
	} {
		for _, limit := range []int{1, 2, 100} {
			if got := w.listed("ann", query, limit); got != want {
				t.Errorf("?%s in pages of %d: %q, want %q", query, limit, got, want)
			}
		}
	}
	page := w.get("ann", "/api/notes?sort=title&limit=2").must(200).json()
	if page["total"] != 5.0 || page["complete"] != true || page["cursor"] != "e-9" {
		t.Errorf("%v", page)
	}
	if first := page["notes"].([]any)[1].(map[string]any); first["folderId"] != "f" || first["tags"].([]any)[0] != "home" {
		t.Errorf("a note of a list has not the reader's fields: %v", first)
	}
	if plain := w.get("ann", "/api/notes").must(200).json(); plain["total"] != nil {
		t.Errorf("a plain list says %v", plain["total"])
	}
}

func TestAWrongListIsRefused(t *testing.T) {
	w := listWorld(t)
	long := strings.Repeat("x", 101)
	cursor := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	ofTitle := w.get("ann", "/api/notes?sort=title&limit=1").must(200).json()["nextCursor"].(string)
	for _, query := range []string{
		"sort=size", "direction=up", "starred=yes", "archived=1", "hidden=TRUE", "owned=x", "deleted=x&starred=true", "access=secret",
		"search=" + long, "limit=-1&sort=title", "limit=x&sort=title", "limit=99999999999999999999&sort=title", "order=id&sort=title",
		"sort=title&after=NaN", "sort=title&after=10", "sort=title&after=" + cursor(`{}`), "sort=title&after=" + cursor(`null`),
		"sort=title&after=" + cursor(`{"s":"title","i":"not/an/id"}`), "sort=title&after=" + cursor(`{"s":"title","i":"a","n":"1"}`),
		"sort=updated&after=" + ofTitle, "after=" + ofTitle, "sort=title&after=%00", "sort=title&after=%F0%9F%98%80",
	} {
		w.get("ann", "/api/notes?"+query).refused(400, notes.Invalid)
	}
	w.get("", "/api/notes?sort=title").refused(401, notes.Unauthenticated)
	w.get("", "/api/counts").refused(401, notes.Unauthenticated)
}

func TestCounts(t *testing.T) {
	w := listWorld(t)
	if got, want := strings.TrimSpace(w.get("ann", "/api/counts").must(200).Body.String()),
		`{"all":4,"starred":1,"public":1,"hidden":1,"archived":1,"trash":1,`+
			`"folders":{"f":{"all":1,"starred":0,"public":0,"hidden":0,"archived":0,"trash":0}},"complete":true}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := strings.TrimSpace(w.get("eve", "/api/counts").must(200).Body.String()); !strings.HasPrefix(got, `{"all":0,`) || !strings.Contains(got, `"folders":{},`) {
		t.Errorf("%s", got)
	}
}

// The lists of an account with too many notes say that they are not complete.
func TestAListThatIsNotCompleteSaysSo(t *testing.T) {
	w := newWorld(t, func(l *notes.Limits, _ *Deps) { l.ListNotes = 2 })
	for i, complete := range []bool{true, true, false} {
		w.post("ann", "/api/notes", fmt.Sprintf(`{"id":"n%d","title":"%d"}`, i, i)).must(201)
		for _, path := range []string{"/api/notes?sort=title", "/api/counts"} {
			if got := w.get("ann", path).must(200).json()["complete"]; got != complete {
				t.Errorf("%s of %d notes: complete is %v", path, i+1, got)
			}
		}
	}
	if got := w.listed("ann", "sort=title", 1); got != "n1 n2" {
		t.Errorf("the list is %q", got)
	}
	if got := strings.Fields(w.listed("ann", "order=id", 1)); !slices.Equal(got, []string{"n0", "n1", "n2"}) {
		t.Errorf("the list by id is %q", got)
	}
}

func TestWhatWasOpenedIsRemembered(t *testing.T) {
	w := listWorld(t)
	byAccess := func(user, want string) {
		t.Helper()
		if got := w.listed(user, "sort=accessed", 2); got != want {
			t.Errorf("%s has opened %q, want %q", user, got, want)
		}
	}
	byAccess("ann", "bobs d c b a")
	w.post("ann", "/api/notes/b/visit", ``).must(204)
	w.post("ann", "/api/notes/a/visit", `{}`).must(204)
	byAccess("ann", "a b bobs d c")
	byAccess("eve", "")
	w.post("eve", "/api/notes/bobs/visit", ``).must(204)
	byAccess("eve", "bobs")
	note := w.get("eve", "/api/notes?sort=accessed").must(200).json()["notes"].([]any)[0].(map[string]any)
	if _, fields := note["starred"]; fields || len(note["collaborators"].([]any)) != 0 {
		t.Errorf("a passer-by sees %v", note)
	}
	w.post("eve", "/api/notes/a/visit", ``).refused(403, notes.Forbidden)
	w.post("eve", "/api/notes/none/visit", ``).refused(404, notes.NotFound)
	w.post("eve", "/api/notes/not%20an%20id/visit", ``).refused(400, notes.Invalid)
	w.post("", "/api/notes/bobs/visit", ``).refused(401, notes.Unauthenticated)
	w.post("eve", "/api/notes/bobs/visit", `{"at":1}`).refused(400, "unknown_member")

	w.post("eve", "/api/notes/bobs/forget", ``).must(204)
	byAccess("eve", "")
	w.post("eve", "/api/notes/bobs/forget", ``).refused(404, notes.NotFound)
	w.post("ann", "/api/notes/bobs/visit", ``).must(204)
	w.post("ann", "/api/notes/bobs/forget", ``).refused(404, notes.NotFound) // she is a member
	w.post("ann", "/api/notes/a/forget", ``).refused(404, notes.NotFound)
	w.post("", "/api/notes/bobs/forget", ``).refused(401, notes.Unauthenticated)
}

func TestVisitsCountAsMutationsDo(t *testing.T) {
	w := newWorld(t, withQuota(3))
	w.post("ann", "/api/notes", `{"id":"n"}`).must(201)
	w.post("ann", "/api/notes/n/visit", ``).must(204)
	w.post("ann", "/api/notes/n/visit", ``).must(204)
	w.post("ann", "/api/notes/n/visit", ``).refused(429, notes.RateLimited)
}
