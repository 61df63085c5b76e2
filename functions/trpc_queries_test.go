package functions

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestTRPCGetNote(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","title":"T","blob":1,"collaborators":["bob"]}`).data()
	for _, user := range []string{"ann", "bob"} {
		if note := w.query(user, "getNote", `{"id":"n"}`).data(); note["title"] != "T" || len(note["collaborators"].([]any)) != 1 {
			t.Errorf("%s: %v", user, note)
		}
	}
	w.query("eve", "getNote", `{"id":"n"}`).refusedAs("FORBIDDEN", "Not authorized to view this note")
	w.query("eve", "getNote", `{"id":"none"}`).null()
	w.query("eve", "getNote", `{}`).refusedAs("BAD_REQUEST", "")
	w.get("eve", "/api/v1/getNote").refusedAs("BAD_REQUEST", "")
	w.mutate("ann", "toggleShare", `{"id":"n"}`).data()
	if note := w.query("eve", "getNote", `{"id":"n"}`).data(); len(note["collaborators"].([]any)) != 0 {
		t.Errorf("a passer-by sees %v", note)
	}
}

func (w *world) ids(user, input string) string {
	w.t.Helper()
	var in map[string]any
	if err := json.Unmarshal([]byte(input), &in); err != nil {
		w.t.Fatal(err)
	}
	var ids []string
	for {
		text, err := json.Marshal(in)
		if err != nil {
			w.t.Fatal(err)
		}
		page := w.query(user, "listNotes", string(text)).data()
		for _, item := range page["items"].([]any) {
			ids = append(ids, item.(map[string]any)["noteId"].(string))
		}
		if in["cursor"] = page["nextCursor"]; in["cursor"] == nil {
			if total := page["totalCount"].(float64); int(total) != len(ids) {
				w.t.Errorf("%s: totalCount %v of %v", input, total, ids)
			}
			return strings.Join(ids, " ")
		}
	}
}

func TestTRPCListNotes(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"a","title":"Milk","blob":1}`).data()
	w.mutate("ann", "createNote", `{"id":"b","title":"50% [ENCRYPTED]","blob":1}`).data()
	w.mutate("ann", "createNote", `{"id":"c","title":"[ENCRYPTED]","blob":1}`).data()
	w.mutate("bob", "createNote", `{"id":"d","title":"soy milk","blob":1,"collaborators":["ann"]}`).data()
	w.mutate("ann", "updateNote", `{"id":"b","blob":2}`).data()
	w.mutate("ann", "toggleShare", `{"id":"a"}`).data()
	w.mutate("ann", "trackBoardAccess", `{"noteId":"c"}`).data()
	for input, want := range map[string]string{
		`{}`: "c d b a", `{"sortBy":"lastAccessed","sortOrder":"asc"}`: "a b d c",
		`{"sortBy":"lastUpdated"}`: "a b d c", `{"sortBy":"created"}`: "d c b a", `{"sortBy":"created","sortOrder":"asc"}`: "a b c d",
		`{"sortBy":"alphabetical"}`: "d a c b", `{"sortBy":"alphabetical","sortOrder":"asc"}`: "b c a d",
		`{"filter":"owned"}`: "c b a", `{"filter":"shared"}`: "d", `{"filter":"all","visibility":"public"}`: "a", `{"visibility":"private"}`: "c d b",
		`{"search":"MILK"}`: "d a", `{"search":"%"}`: "b", `{"search":"_"}`: "", `{"search":"encrypted"}`: "b", `{"search":"milk","filter":"owned"}`: "a",
	} {
		for limit := 1; limit <= 5; limit++ {
			if got := w.ids("ann", strings.Replace(strings.Replace(input, "}", fmt.Sprintf(`,"limit":%d}`, limit), 1), "{,", "{", 1)); got != want {
				t.Errorf("%s in pages of %d: %q, want %q", input, limit, got, want)
			}
		}
	}
	item := w.query("ann", "listNotes", `{"filter":"shared"}`).data()["items"].([]any)[0].(map[string]any)
	delete(item, "createdAt")
	delete(item, "updatedAt")
	delete(item, "lastAccessedAt")
	if got := fmt.Sprint(item); got != "map[isOwned:false noteId:d ownerUserId:bob title:soy milk version:1 visibility:private]" {
		t.Error(got)
	}
	for i := range 12 {
		w.mutate("cat", "createNote", fmt.Sprintf(`{"id":"n%d","blob":1}`, i)).data()
	}
	if got := w.query("cat", "listNotes", ``).data()["items"].([]any); len(got) != 10 {
		t.Errorf("a page is of %d by default", len(got))
	}
	for _, input := range []string{
		`{"filter":"mine"}`, `{"visibility":"x"}`, `{"sortBy":"size"}`, `{"sortOrder":"up"}`, `{"limit":0}`, `{"limit":51}`, `{"limit":"x"}`,
		`{"limit":1.5}`, `{"cursor":"NaN"}`, `{"cursor":"10"}`, `{"cursor":7}`, `{"search":7}`, `{"search":"` + strings.Repeat("x", 101) + `"}`, `[]`, `{`,
	} {
		w.query("ann", "listNotes", input).refusedAs("BAD_REQUEST", "")
	}
}

func TestTRPCGetHistoryAndGetVersion(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","title":"1","blob":[1]}`).data()
	for i := 2; i <= 5; i++ {
		w.mutate("ann", "updateNote", fmt.Sprintf(`{"id":"n","blob":[%d]}`, i)).data()
	}
	w.mutate("ann", "revertToVersion", `{"id":"n","version":2}`).data()
	history := func(direction string, limit int) (versions []string) {
		for cursor := "null"; cursor != ""; {
			page := w.query("ann", "getHistory", fmt.Sprintf(`{"id":"n","direction":%q,"limit":%d,"cursor":%s}`, direction, limit, cursor)).data()
			for _, item := range page["items"].([]any) {
				entry := item.(map[string]any)
				versions = append(versions, words(entry["version"], entry["blob"], entry["title"], entry["meta"]))
			}
			cursor = ""
			if next := page["nextCursor"]; next != nil {
				cursor = fmt.Sprint(next)
			}
		}
		return versions
	}
	all := []string{
		"1 [1] 1 <nil>", "2 [2] 1 <nil>", "3 [3] 1 <nil>", "4 [4] 1 <nil>", "5 [5] 1 <nil>", "6 [2] 1 map[revertedFrom:2]",
	}
	for limit := 1; limit <= 7; limit++ {
		asc, desc := history("asc", limit), history("desc", limit)
		if strings.Join(asc, ",") != strings.Join(all, ",") {
			t.Errorf("in pages of %d, oldest first: %v", limit, asc)
		}
		for i := range desc {
			if len(desc) != len(all) || desc[i] != all[len(all)-1-i] {
				t.Fatalf("in pages of %d, newest first: %v", limit, desc)
			}
		}
	}
	entry := w.query("ann", "getVersion", `{"id":"n","version":6}`).data()
	if words(entry["version"], entry["blob"], entry["title"], entry["meta"], entry["author"], entry["op"]) != "6 [2] 1 map[revertedFrom:2] ann revert" ||
		entry["timestamp"].(float64) < 1e12 {
		t.Errorf("%v", entry)
	}
	w.query("ann", "getVersion", `{"id":"n","version":7}`).null()
	w.query("ann", "getVersion", `{"id":"none","version":1}`).null()
	w.query("ann", "getHistory", `{"id":"none"}`).refusedAs("NOT_FOUND", "Note not found")
	for _, input := range []string{`{"id":"n","limit":0}`, `{"id":"n","limit":101}`, `{"id":"n","direction":"up"}`, `{"id":"n","cursor":0}`, `{"id":"n","cursor":"x"}`, `{}`} {
		w.query("ann", "getHistory", input).refusedAs("BAD_REQUEST", "")
	}
	for _, input := range []string{`{"id":"n"}`, `{"id":"n","version":0}`, `{"version":1}`} {
		w.query("ann", "getVersion", input).refusedAs("BAD_REQUEST", "")
	}
	for _, procedure := range []string{"getHistory", "getVersion"} { // L3
		w.query("eve", procedure, `{"id":"n","version":1}`).refusedAs("FORBIDDEN", "Not authorized to view this note")
	}
}
