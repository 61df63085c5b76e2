package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"notewire/functions/config"
	"notewire/transport/edge"
)

const edgeSecret = "0123456789abcdef0123456789abcdef"

// asEdge asks what only the edge may, signed at that time.
func (p *program) asEdge(what string, question any, at time.Time) reply {
	p.t.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", p.URL+"/edge/"+what, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	edge.Sign([]byte(edgeSecret), r, body, at)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, data}
}

// edgePage is what the edge is told of a log.
type edgePage struct {
	Epoch  string
	Head   int64
	Events []struct {
		Seq                              int64
		Cursor, Frame, Via, Confirmation string
		Hides                            bool
		Readers                          *struct {
			Owner, Access    string
			Members          []string
			Deleted, Deletes bool
		}
	}
}

func (p *program) edgeLog(question map[string]any) edgePage {
	p.t.Helper()
	r := p.asEdge("log", question, time.Now())
	var page edgePage
	if err := json.Unmarshal(r.Body, &page); err != nil || r.Status != 200 {
		p.t.Fatalf("%v: %d %s", err, r.Status, r.Body)
	}
	return page
}

func TestOnlyTheEdgeMayAskAsTheEdge(t *testing.T) {
	p := start(t, "--edge-secret="+edgeSecret)
	for _, what := range []string{"policy", "log", "access", "frame"} {
		if r := p.post("/edge/"+what, "{}"); r.Status != 401 || r.code(t) != "unauthenticated" {
			t.Errorf("%s, unsigned: %d %s", what, r.Status, r.Body)
		}
		if r := p.asEdge(what, map[string]any{}, time.Now().Add(-time.Minute)); r.Status != 401 {
			t.Errorf("%s, signed a minute ago: %d %s", what, r.Status, r.Body)
		}
	}
	if r := p.asEdge("policy", map[string]any{}, time.Now()); r.Status != 200 || strings.Contains(string(r.Body), `"d":`) || !strings.Contains(string(r.Body), `"notewire-local"`) {
		t.Errorf("the policy: %d %s", r.Status, r.Body)
	}
	if r := start(t).asEdge("policy", map[string]any{}, time.Now()); r.Status != 404 {
		t.Errorf("without an edge: %d %s", r.Status, r.Body)
	}
}

// A request that somebody recorded and sends again has no second effect.
func TestTheEdgesRequestsMayBeRepeated(t *testing.T) {
	p := start(t, "--edge-secret="+edgeSecret)
	frame := `{"type":"note_created","noteData":{"content":"<x>"}}` // it names neither note nor mutation
	ask := map[string]any{"userId": "ada", "issuedAt": time.Now().UnixMilli(), "via": "c1", "noteId": "", "frame": frame, "id": "m1"}
	if r := p.asEdge("frame", ask, time.Now()); r.Status != 200 || string(r.Body) != "{}" {
		t.Errorf("the confirmation has its place in the log: %d %s", r.Status, r.Body)
	}
	if r := p.asEdge("frame", ask, time.Now()); r.Status != 200 || !strings.Contains(string(r.Body), "mutation_ack") {
		t.Errorf("a repeat is confirmed at once: %d %s", r.Status, r.Body)
	}
	page := p.edgeLog(map[string]any{"user": "ada", "passersBy": false, "after": 0})
	if page.Head != 1 || len(page.Events) != 1 {
		t.Fatalf("the log: %+v", page)
	}
	e := page.Events[0]
	if e.Via != "c1" || !strings.Contains(e.Confirmation, `"mutation_ack"`) || !strings.Contains(e.Frame, `"note_created_sync"`) || e.Cursor != page.Epoch+"-1" {
		t.Errorf("the event: %+v", e)
	}
}

// Folders are changed by frames through the edge as by those of a socket here.
func TestTheEdgeCarriesFolders(t *testing.T) {
	p := start(t, "--edge-secret="+edgeSecret)
	frame := func(frame string) string {
		t.Helper()
		ask := map[string]any{"userId": "ada", "issuedAt": time.Now().UnixMilli(), "via": "c1", "noteId": "", "frame": frame, "id": "of-the-edge"}
		r := p.asEdge("frame", ask, time.Now())
		var answer struct{ Frame string }
		if err := json.Unmarshal(r.Body, &answer); err != nil || r.Status != 200 {
			t.Fatalf("%v: %d %s", err, r.Status, r.Body)
		}
		return answer.Frame
	}
	for _, said := range []string{
		frame(`{"type":"folder_created","folderId":"f","mutationId":"m1","folderData":{"name":"x"}}`),
		frame(`{"type":"folder_updated","folderId":"f","mutationId":"m2","changes":{"name":"y"}}`),
		frame(`{"type":"folder_deleted","folderId":"f","mutationId":"m3"}`),
	} {
		if said != "" {
			t.Errorf("a confirmation has its place in the log: %s", said)
		}
	}
	refused := frame(`{"type":"folder_deleted","folderId":"f","mutationId":"m4"}`)
	if want := `{"type":"error","code":"not_found","message":"Folder not found or access denied","mutationId":"m4","folderId":"f"}`; refused != want {
		t.Errorf("refused: %s", refused)
	}
	if again := frame(`{"type":"folder_deleted","folderId":"f","mutationId":"m3"}`); !strings.Contains(again, `"mutation_ack"`) {
		t.Errorf("repeated: %s", again)
	}
	page := p.edgeLog(map[string]any{"user": "ada", "passersBy": false, "after": 0})
	if len(page.Events) != 3 {
		t.Fatalf("the log: %+v", page)
	}
	for i, kind := range []string{"folder_created_sync", "folder_updated_sync", "folder_deleted_sync"} {
		e := page.Events[i]
		if e.Via != "c1" || !strings.HasPrefix(e.Frame, `{"type":"`+kind+`"`) || !strings.HasPrefix(e.Confirmation, `{"type":"mutation_ack","folderId":"f"`) {
			t.Errorf("event %d: %+v", i, e)
		}
	}
}

func TestTheEdgeIsToldWhoMayRead(t *testing.T) {
	p := start(t, "--edge-secret="+edgeSecret)
	ada := p.token("ada")
	p.must("/api/notes", `{"id":"n1","content":"x"}`, ada)
	p.must("/api/notes/n1/share", `{"access":"public","members":[{"userId":"ben","role":"read"}]}`, ada)
	p.must("/api/notes/n1/trash", ``, ada)
	members, others := p.edgeLog(map[string]any{"note": "n1", "passersBy": false, "after": 1}), p.edgeLog(map[string]any{"note": "n1", "passersBy": true, "after": 1})
	if len(members.Events) != 2 || len(others.Events) != 2 {
		t.Fatalf("the logs: %+v %+v", members, others)
	}
	shared, trashed := members.Events[0].Readers, members.Events[1].Readers
	if shared.Owner != "ada" || shared.Access != "public" || len(shared.Members) != 1 || shared.Members[0] != "ben" || shared.Deleted || shared.Deletes {
		t.Errorf("shared: %+v", shared)
	}
	if !trashed.Deleted || !trashed.Deletes {
		t.Errorf("trashed: %+v", trashed)
	}
	if strings.Contains(others.Events[0].Frame, "ben") || !strings.Contains(members.Events[0].Frame, "ben") {
		t.Errorf("passers-by see the members: %s", others.Events[0].Frame)
	}
	for user, status := range map[string]int{"ada": 200, "ben": 200, "eve": 404, "": 401} {
		if r := p.asEdge("access", map[string]any{"userId": user, "noteId": "n1", "connectionId": "c1"}, time.Now()); r.Status != status {
			t.Errorf("%q: %d %s", user, r.Status, r.Body)
		}
	}
	if page := p.edgeLog(map[string]any{"note": "n1", "passersBy": false, "after": -1}); page.Head != 3 || len(page.Events) != 0 {
		t.Errorf("the head alone: %+v", page)
	}
}

func TestAFrameOfTheEdgeIsAnsweredAsASessionDoes(t *testing.T) {
	p := start(t, "--edge-secret="+edgeSecret, "--token-staleness=1m")
	p.must("/api/notes", `{"id":"n1","content":"x"}`, p.token("ada"))
	for frame, want := range map[string]string{
		`{"type":"join_note","noteId":"n1"}`:                            `"note_joined"`,
		`{"type":"join_note","noteId":"n2"}`:                            `"not_found"`,
		`{"type":"note_update","noteId":"n1"}`:                          `"invalid"`,
		`{"type":"note_created","noteData":{"id":"n2","userId":"eve"}}`: `"forbidden"`,
		`{"type":"ping"}`:                                               `"invalid"`,
		`{`:                                                             `"invalid_json"`,
	} {
		r := p.asEdge("frame", map[string]any{"userId": "ada", "issuedAt": 0, "via": "c", "noteId": "", "frame": frame}, time.Now())
		if r.Status != 200 || !strings.Contains(string(r.Body), strings.ReplaceAll(want, `"`, `\"`)) {
			t.Errorf("%s: %d %s", frame, r.Status, r.Body)
		}
	}
	for frame, want := range map[string]string{
		`{"type":"update_event","data":{"content":"y"}}`: `{}`, `{"type":"ping"}`: `"invalid"`, `{"type":"update_event"}`: `"missing_member"`,
	} {
		r := p.asEdge("frame", map[string]any{"userId": "ada", "issuedAt": 0, "via": "c", "noteId": "n1", "frame": frame}, time.Now())
		if r.Status != 200 || !strings.Contains(string(r.Body), strings.ReplaceAll(want, `"`, `\"`)) {
			t.Errorf("%s: %d %s", frame, r.Status, r.Body)
		}
	}
	old := time.Now().Add(-2 * time.Minute).UnixMilli()
	if r := p.asEdge("frame", map[string]any{"userId": "ada", "issuedAt": old, "via": "c", "noteId": "", "frame": "{}"}, time.Now()); r.Status != 401 {
		t.Errorf("with an old token: %d %s", r.Status, r.Body)
	}
}

func TestAnEdgeThatCannotWorkIsRefused(t *testing.T) {
	clerk := &config.SignIn{}
	for name, f := range map[string]EdgeFlags{
		"a short secret": {EdgeSecret: edgeSecret[1:]}, "an address without a secret": {EdgeUrl: "http://localhost"}, "no issuer": {EdgeSecret: edgeSecret},
	} {
		if s, err := f.surface(clerk, &config.AuthFlags{}); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
	f := EdgeFlags{EdgeSecret: edgeSecret}
	for _, parties := range [][]string{nil, {"https://app.example", "app:/x"}} {
		if s, err := f.surface(clerk, &config.AuthFlags{ClerkIssuer: "https://clerk.example", AuthorizedParties: parties}); err == nil {
			t.Errorf("parties %q: %+v", parties, s)
		}
	}
	s, err := f.surface(clerk, &config.AuthFlags{ClerkIssuer: "https://clerk.example/", AuthorizedParties: []string{"https://App.example/"}})
	if err != nil || s.Policy.KeysURL != "https://clerk.example/.well-known/jwks.json" || len(s.Policy.Keys) != 0 || s.Policy.Parties[0] != "https://app.example" {
		t.Errorf("%+v %v", s, err)
	}
	if s, err := (&EdgeFlags{}).surface(clerk, &config.AuthFlags{}); s != nil || err != nil {
		t.Errorf("no edge: %+v %v", s, err)
	}
}
