package functions

import (
	"fmt"
	"net/http"
	"testing"

	"notewire/notes"
)

func TestTheRoutesOfFolders(t *testing.T) {
	w := newWorld(t, nil)
	made := w.post("ann", "/api/folders", `{"id":"home","mutationId":"m1","name":"Home","color":"#0099ff"}`).must(http.StatusCreated)
	want := `{"id":"home","userId":"ann","name":"Home","color":"#0099ff","parentId":null,"order":0,"isDefault":false,"createdAt":%d,"updatedAt":%[1]d,"cursor":"e-1","mutationId":"m1"}`
	if want = fmt.Sprintf(want, int64(made.json()["createdAt"].(float64))); made.Body.String() != want {
		t.Errorf("got %s\nwant %s", made.Body, want)
	}
	if again := w.post("ann", "/api/folders", `{"id":"home","mutationId":"m1","name":"Home","color":"#0099ff"}`).must(http.StatusCreated); again.Body.String() != want {
		t.Errorf("the second time: %s", again.Body)
	}
	changed := w.post("ann", "/api/folders/home", `{"mutationId":"m2","changes":{"name":"House","order":4}}`).must(http.StatusOK).json()
	if changed["name"] != "House" || changed["order"] != 4.0 || changed["cursor"] != "e-2" {
		t.Errorf("changed: %v", changed)
	}
	list := w.get("ann", "/api/folders").must(http.StatusOK).json()
	if all := list["folders"].([]any); len(all) != 1 || all[0].(map[string]any)["name"] != "House" || list["cursor"] != "e-2" {
		t.Errorf("the list: %v", list)
	}
	if gone := w.post("ann", "/api/folders/home/delete", `{"mutationId":"m3"}`).must(http.StatusOK); gone.Body.String() != `{"id":"home","cursor":"e-3","mutationId":"m3"}` {
		t.Errorf("deleted: %s", gone.Body)
	}
	if list := w.get("ann", "/api/folders").must(http.StatusOK); list.Body.String() != `{"folders":[],"cursor":"e-3"}` {
		t.Errorf("the list: %s", list.Body)
	}
}

func TestWhatFoldersRefuse(t *testing.T) {
	w := newWorld(t, func(l *notes.Limits, _ *Deps) { l.Folders = 3 })
	w.post("ann", "/api/folders", `{"id":"outer","name":"Outer"}`).must(http.StatusCreated)
	w.post("ann", "/api/folders", `{"id":"inner","name":"Inner","parentId":"outer"}`).must(http.StatusCreated)
	for _, c := range []struct {
		path, body string
		status     int
		code       string
	}{
		{"/api/folders", `{"id":"outer","name":"Again"}`, 409, "note_exists"},
		{"/api/folders", `{}`, 400, "invalid"},
		{"/api/folders", `{"name":"x","colour":"red"}`, 400, "unknown_member"},
		{"/api/folders", `{"name":5}`, 400, "wrong_type"},
		{"/api/folders", `{"id":"not an id","name":"x"}`, 400, "invalid"},
		{"/api/folders/outer", `{"changes":{"parentId":"inner"}}`, 400, "invalid"},
		{"/api/folders/outer", `{"name":"x"}`, 400, "unknown_member"},
		{"/api/folders/outer/delete", `{}`, 409, "conflict"},
		{"/api/folders/absent", `{"changes":{"name":"x"}}`, 404, "not_found"},
		{"/api/folders/absent/delete", ``, 404, "not_found"},
	} {
		w.post("ann", c.path, c.body).refused(c.status, notes.Code(c.code))
	}
	w.post("ann", "/api/folders", `{"name":"Third"}`).must(http.StatusCreated)
	w.post("ann", "/api/folders", `{"name":"Fourth"}`).refused(422, notes.LimitExceeded)
	w.send("", http.MethodGet, "/api/folders", "").refused(401, notes.Unauthenticated)
	w.send("", http.MethodPost, "/api/folders", `{"name":"x"}`).refused(401, notes.Unauthenticated)

	refusal := w.post("ann", "/api/folders/absent/delete", `{"mutationId":"m"}`).must(404)
	if want := `{"error":{"code":"not_found","message":"Folder not found or access denied","mutationId":"m","folderId":"absent"}}`; refusal.Body.String() != want {
		t.Errorf("got %s", refusal.Body)
	}
}

func TestABatchHasFolders(t *testing.T) {
	w := newWorld(t, nil)
	got := w.post("ann", "/api/mutations", `{"mutations":[
		{"op":"folder_create","folderId":"f","mutationId":"m1","name":"x"},
		{"op":"create","noteId":"n","mutationId":"m2","folderId":"f"},
		{"op":"folder_delete","folderId":"g","mutationId":"m3"},
		{"op":"folder_delete","folderId":"f","mutationId":"m4"}]}`).must(http.StatusOK)
	want := `{"results":[{"mutationId":"m1","folderId":"f","cursor":"e-1"},{"mutationId":"m2","noteId":"n","version":1,"cursor":"e-2"},` +
		`{"mutationId":"m3","folderId":"g","error":{"code":"not_found","message":"Folder not found or access denied","mutationId":"m3","folderId":"g"}},` +
		`{"mutationId":"m4","folderId":"f","cursor":"e-3"}]}`
	if got.Body.String() != want {
		t.Errorf("got %s\nwant %s", got.Body, want)
	}
}

// A folder of one account and a note, or a folder, of the same id refuse each for itself.
func TestABatchSkipsWhatIsAboutTheSameThing(t *testing.T) {
	w := newWorld(t, nil)
	got := w.post("ann", "/api/mutations", `{"mutations":[
		{"op":"folder_delete","folderId":"same","mutationId":"m1"},
		{"op":"folder_create","folderId":"other","mutationId":"m2","name":"x"},
		{"op":"create","noteId":"same","mutationId":"m3"}]}`).must(http.StatusOK).json()
	var refused []bool
	for _, r := range got["results"].([]any) {
		refused = append(refused, r.(map[string]any)["error"] != nil)
	}
	if fmt.Sprint(refused) != "[true false false]" {
		t.Errorf("refused %v: %v", refused, got)
	}
}

func TestMutationsOfFoldersCountForTheQuota(t *testing.T) {
	w := newWorld(t, withQuota(3))
	for i := range 3 {
		w.post("ann", "/api/folders", fmt.Sprintf(`{"id":"f%d","name":"x"}`, i)).must(http.StatusCreated)
	}
	refusal := w.post("ann", "/api/folders/f0", `{"mutationId":"m","changes":{"name":"y"}}`)
	refusal.refused(http.StatusTooManyRequests, notes.RateLimited)
	if problem := refusal.json()["error"].(map[string]any); problem["folderId"] != "f0" || problem["mutationId"] != "m" || refusal.Header().Get("Retry-After") == "" {
		t.Errorf("got %s, %v", refusal.Body, refusal.Header())
	}
	w.post("bob", "/api/folders", `{"name":"x"}`).must(http.StatusCreated)
}
