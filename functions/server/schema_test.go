package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What the program answers is as the published schemas have it.
func TestAnswersAreAsTheirSchemasHaveThem(t *testing.T) {
	schemas := jsonschema.NewCompiler()
	p := launch(t, t.TempDir(), nil, buildProgram(t))
	as, err := p.callers("ann")
	if err != nil {
		t.Fatal(err)
	}
	check := func(def, method, path, body string) {
		t.Helper()
		res, err := as["ann"].request(method, path, body)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		data, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		file, err := filepath.Abs(filepath.Join("..", "..", "transport", "wire", "schema", "http-answers.json"))
		if err != nil {
			t.Fatal(err)
		}
		schema, err := schemas.Compile(file + "#/$defs/" + def)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, data)
		}
		if err := schema.Validate(answer); err != nil {
			t.Errorf("%s %s: %v\n%s", method, path, err, data)
		}
	}
	check("answer", "POST", "/api/notes", `{"id":"a","title":"t","content":"c"}`)
	check("answer", "POST", "/api/notes/a", `{"changes":{"content":"d","starred":true}}`)
	check("answer", "POST", "/api/notes/a/share", `{"access":"public","members":[{"userId":"bob","role":"write"}]}`)
	check("answer", "POST", "/api/notes/a/revert", `{"version":1}`)
	check("answer", "POST", "/api/notes/a/trash", ``)
	check("answer", "POST", "/api/notes/a/restore", ``)
	check("answer", "POST", "/api/notes/a", `{"changes":{"content":"e"},"baseVersion":2}`)
	check("kept", "GET", "/api/notes/a/versions/7/kept", "")
	check("version", "GET", "/api/notes/a/versions/7", "")
	check("error", "POST", "/api/notes/a", `{"changes":{"content":"e"},"baseMutationId":"unknown"}`)
	check("answer", "POST", "/api/notes", `{"id":"p","expiresInHours":1}`)
	check("answer", "POST", "/api/notes/p/trash", ``)
	check("leaveAnswer", "POST", "/api/notes/p/purge", ``)
	check("error", "GET", "/api/notes/p", "")
	check("folderAnswer", "POST", "/api/folders", `{"id":"f","name":"x"}`)
	check("folderAnswer", "POST", "/api/folders/f", `{"changes":{"color":"#0099ff"}}`)
	check("folders", "GET", "/api/folders", "")
	check("folderDeleteAnswer", "POST", "/api/folders/f/delete", "")
	check("error", "POST", "/api/folders/f/delete", "")
	check("batch", "POST", "/api/mutations", `{"mutations":[{"op":"folder_create","name":"y"},{"op":"folder_delete","folderId":"f"}]}`)
	check("batch", "POST", "/api/mutations", `{"mutations":[{"op":"create","title":"q"},{"op":"nope"},{"op":"edit","noteId":"a"},{"op":"trash","noteId":"a"}]}`)
	check("error", "POST", "/api/notes/a", `{"changes":{"content":"x"},"expectedVersion":1}`)
	check("error", "GET", "/api/notes/none", "")
	check("error", "GET", "/nowhere", "")
	check("note", "GET", "/api/notes/a", "")
	check("notesPage", "GET", "/api/notes?limit=1", "")
	check("notesPage", "GET", "/api/notes?sort=accessed&limit=1", "")
	check("counts", "GET", "/api/counts", "")
	check("versionsPage", "GET", "/api/notes/a/versions?limit=1", "")
	check("version", "GET", "/api/notes/a/versions/1", "")
	check("versionsPage", "GET", "/api/notes/a/versions?direction=asc&after=1", "")
	check("groupsPage", "GET", "/api/notes/a/versions?group=5&limit=2", "")
	check("diff", "GET", "/api/notes/a/diff?from=1&to=3", "")
	check("diff", "GET", "/api/notes/a/diff?from=2&to=1&context=0", "")
	check("poll", "GET", "/api/changes", "")
	check("poll", "GET", "/api/changes?cursor=0&wait=0", "")
	check("poll", "GET", "/api/changes?cursor=gone-9&wait=0", "")
	check("poll", "GET", "/api/notes/a/changes?cursor=0&wait=0", "")
	check("poll", "GET", "/api/notes/a/changes?wait=0", "")
	check("negotiate", "GET", "/api/negotiate", "")
	check("ticket", "POST", "/api/tickets", `{"path":"/api/events"}`)
	check("status", "GET", "/healthz", "")
	check("status", "GET", "/readyz", "")
	check("devToken", "GET", "/dev/token?user=bob", "")
}
