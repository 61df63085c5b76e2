package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func TestBadInputGetsItsDocumentedError(t *testing.T) {
	p := start(t)
	p.must("/api/notes", `{"id":"mine","content":"private"}`)
	mallory := p.token("mallory")
	forged := strings.TrimSuffix(p.token("alice"), "A") + "AAAA"
	big := `{"content":"` + strings.Repeat("x", 5<<20) + `"}`
	text := `{"content":"` + strings.Repeat("x", 1<<20+1) + `"}`
	for _, c := range []struct {
		name, path, body string
		headers          []string
		status           int
		code             string
	}{
		{"broken JSON", "/api/notes", `{"title":`, nil, 400, "invalid_json"},
		{"a key given twice", "/api/notes", `{"title":"a","title":"b"}`, nil, 400, "duplicate_key"},
		{"bad UTF-8", "/api/notes", "{\"title\":\"\xff\"}", nil, 400, "bad_utf8"},
		{"trailing data", "/api/notes", `{} {}`, nil, 400, "trailing_data"},
		{"a wrong type", "/api/notes", `{"title":5}`, nil, 400, "wrong_type"},
		{"an unknown member", "/api/notes", `{"titel":"a"}`, nil, 400, "unknown_member"},
		{"a form", "/api/notes", `title=a`, []string{"Content-Type: text/plain"}, 415, "wrong_content_type"},
		{"5 MiB", "/api/notes", big, nil, 413, "too_large"},
		{"a text over 1 MiB", "/api/notes", text, nil, 413, "too_large"},
		{"a title too long", "/api/notes", `{"title":"` + strings.Repeat("é", 501) + `"}`, nil, 413, "too_large"},
		{"too many tags", "/api/notes", `{"tags":["` + strings.Repeat(`a","`, 20) + `b"]}`, nil, 422, "limit_exceeded"},
		{"a taken id", "/api/notes", `{"id":"mine"}`, nil, 409, "note_exists"},
		{"bad id characters", "/api/notes", `{"id":"a/b"}`, nil, 400, "invalid"},
		{"bad id in the path", "/api/notes/a%2Fb", `{"changes":{"title":"a"}}`, nil, 400, "invalid"},
		{"an id too long", "/api/notes", `{"id":"` + strings.Repeat("a", 65) + `"}`, nil, 400, "invalid"},
		{"an absent note", "/api/notes/absent", `{"changes":{"title":"a"}}`, nil, 404, "not_found"},
		{"a foreign note", "/api/notes/mine", `{"changes":{"title":"a"}}`, []string{mallory}, 403, "forbidden"},
		{"nothing to change", "/api/notes/mine", `{"changes":{}}`, nil, 400, "invalid"},
		{"a strict edit on another version", "/api/notes/mine", `{"expectedVersion":7,"changes":{"title":"a"}}`, nil, 409, "version_mismatch"},
		{"an unknown operation", "/api/notes/mine/explode", `{}`, nil, 404, "not_found"},
		{"a version that is not there", "/api/notes/mine/revert", `{"version":9}`, nil, 404, "not_found"},
		{"a role that is none", "/api/notes/mine/share", `{"members":[{"userId":"bob","role":"king"}]}`, nil, 400, "invalid"},
		{"a forged token", "/api/notes", `{}`, []string{forged}, 401, "unauthenticated"},
		{"garbage for a token", "/api/notes", `{}`, []string{"Authorization: Bearer x"}, 401, "unauthenticated"},
		{"another scheme", "/api/notes", `{}`, []string{"Authorization: Basic eDp5"}, 401, "unauthenticated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := p.post(c.path, c.body, c.headers...)
			if r.Status != c.status || r.code(t) != c.code {
				t.Errorf("%d %.300s, want %d %s", r.Status, r.Body, c.status, c.code)
			}
		})
	}
	if got := p.get("/api/notes/mine").JSON(t); got["version"] != 1.0 || got["content"] != "private" {
		t.Errorf("a refused request changed the note: %v", got)
	}
}

func TestBadQueriesGetTheirError(t *testing.T) {
	p := start(t)
	for path, status := range map[string]int{
		"/api/notes?limit=-1":          400,
		"/api/notes?after=garbage":     400,
		"/api/notes?deleted=perhaps":   400,
		"/api/notes?order=random":      400,
		"/api/notes/absent":            404,
		"/api/notes/absent/versions":   404,
		"/api/notes/absent/versions/x": 400,
		"/api/notes/absent/events":     404,
		"/dev/token?user=a%20b":        400,
		"/nowhere":                     404,
	} {
		if r := p.get(path); r.Status != status || r.code(t) == "" {
			t.Errorf("%s: %d %s, want %d", path, r.Status, r.Body, status)
		}
	}
}

func TestARefusedMutationIsNamedAndTheCurrentNoteShown(t *testing.T) {
	p := start(t)
	p.must("/api/notes", `{"id":"n","title":"now"}`)
	r := p.post("/api/notes/n", `{"mutationId":"m-1","expectedVersion":7,"changes":{"title":"a"}}`)
	problem := r.JSON(t)["error"].(map[string]any)
	if problem["mutationId"] != "m-1" || problem["message"] != "Version mismatch" || problem["current"].(map[string]any)["title"] != "now" {
		t.Errorf("%s", r.Body)
	}
	f := p.signedIn("")
	f.send(`{"type":"note_update","noteId":"n","mutationId":"m-2","changes":{"title":7}}`)
	if m := f.next("error"); m["mutationId"] != "m-2" || m["noteId"] != "n" || m["code"] != "wrong_type" {
		t.Errorf("%v", m)
	}
	f.send(`{"type":"note_update","noteId":"` + strings.Repeat("n", 2<<20) + `"}`)
	if m := f.next("error"); m["message"] != "Message too large. Maximum size is 1MB." {
		t.Errorf("%v", m)
	}
	f.send(`{"type":"ping"}`)
	f.next("pong")
}

func TestAMutationIdHasOneEffect(t *testing.T) {
	p := start(t)
	p.must("/api/notes", `{"id":"n"}`)
	first := p.must("/api/notes/n", `{"mutationId":"m","changes":{"content":"once"}}`)
	p.must("/api/notes/n", `{"changes":{"content":"later"}}`)
	second := p.must("/api/notes/n", `{"mutationId":"m","changes":{"content":"once"}}`)
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Errorf("first\n%v\nthen\n%v", first, second)
	}
	f := p.signedIn("")
	f.send(`{"type":"note_update","noteId":"n","mutationId":"m","changes":{"content":"once"}}`)
	if m := f.next("note_update_success"); m["version"] != 2.0 || m["cursor"] != first["cursor"] {
		t.Errorf("%v", m)
	}
	if r := p.post("/api/notes/n", `{"mutationId":"m","changes":{"content":"twice"}}`); r.Status != 409 || r.code(t) != "mutation_reused" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if note := p.get("/api/notes/n").JSON(t); note["version"] != 3.0 || note["content"] != "later" {
		t.Errorf("%v", note)
	}
}

func TestABatchGoesOnAfterARefusal(t *testing.T) {
	p := start(t)
	r := p.must("/api/mutations", `{"mutations":[
		{"op":"create","noteId":"a","mutationId":"m1","title":"A"},
		{"op":"edit","noteId":"a","mutationId":"m2","expectedVersion":9,"changes":{"title":"B"}},
		{"op":"edit","noteId":"a","mutationId":"m3","changes":{"title":"C"}},
		{"op":"create","noteId":"b","mutationId":"m4","title":"D"},
		{"op":"explode","noteId":"b","mutationId":"m5"}]}`)
	want := []string{"", "version_mismatch", "skipped", "", "unknown_type"}
	for i, result := range r["results"].([]any) {
		problem, _ := result.(map[string]any)["error"].(map[string]any)
		code, _ := problem["code"].(string)
		if code != want[i] || result.(map[string]any)["mutationId"] != fmt.Sprintf("m%d", i+1) {
			t.Errorf("result %d: %v, want %q", i, result, want[i])
		}
	}
}

// Origins, as design 6 has it for local mode.
func TestOnlyPagesOfTheLoopbackAreLetIn(t *testing.T) {
	p := start(t)
	host := strings.TrimPrefix(p.URL, "http://")
	token := p.rawToken("alice")
	for _, c := range []struct {
		origin, token string
		http          int
		socket        bool // the upgrade is accepted
	}{
		{"", "", 200, true},
		{"http://" + host, "", 200, true},
		{"http://localhost:5173", "", 401, true}, // it may connect, but must show a token
		{"http://localhost:5173", token, 200, true},
		{"https://evil.example", "", 403, false},
		{"https://evil.example", token, 403, false},
		{"https://localhost.evil.example", token, 403, false},
		{"null", token, 403, false},
	} {
		t.Run(c.origin+" "+fmt.Sprint(c.token != ""), func(t *testing.T) {
			var headers []string
			if c.origin != "" {
				headers = append(headers, "Origin: "+c.origin)
			}
			f, _ := p.dial("/", headers...)
			if (f != nil) != c.socket {
				t.Errorf("WebSocket accepted: %v", f != nil)
			}
			if f != nil {
				f.next("connection_established")
				f.send(`{"type":"auth","token":"` + c.token + `"}`)
				if want := map[bool]string{true: "auth_success", false: "auth_failed"}[c.http == 200]; f.next(want) == nil {
					t.Error("no answer")
				}
			}
			if c.token != "" {
				headers = append(headers, "Authorization: Bearer "+c.token)
			}
			r := p.get("/api/notes", headers...)
			if r.Status != c.http {
				t.Errorf("%d %s", r.Status, r.Body)
			}
			if got := r.Header.Get("Access-Control-Allow-Origin"); c.origin == "http://localhost:5173" && got != c.origin {
				t.Errorf("Access-Control-Allow-Origin %q", got)
			}
		})
	}
	r := p.do("OPTIONS", "/api/notes", "", "Origin: http://localhost:5173", "Access-Control-Request-Method: POST")
	if r.Status != http.StatusNoContent || !strings.Contains(r.Header.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("preflight: %d %v", r.Status, r.Header)
	}
	if r := p.get("/api/notes", "Host: rebound.example"); r.Status != 403 {
		t.Errorf("a rebound name: %d %s", r.Status, r.Body)
	}
	if r := p.get("/api/notes", "Sec-Fetch-Site: cross-site"); r.Status != 401 {
		t.Errorf("a cross-site request without Origin: %d %s", r.Status, r.Body)
	}
}

func TestListedOriginsGetNoLocalTokens(t *testing.T) {
	p := start(t, "--cors-origins=https://app.example.com")
	origin := "Origin: https://app.example.com"
	if r := p.get("/api/notes", origin, p.token("alice")); r.Status != 200 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := p.get("/dev/token", origin); r.Status != 403 || r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", r.Status, r.Header)
	}
	if r := p.get("/dev/token", "Origin: http://127.0.0.1:5173"); r.Status != 200 || r.Header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("%d %v", r.Status, r.Header)
	}
}

func TestSocketsAreLimitedPerAccount(t *testing.T) {
	p := start(t, "--ws-max-connections-per-user=2", "--max-streams-per-user=1")
	a, b := p.signedIn(""), p.signedIn("")
	_ = a
	b.send(`{"type":"auth"}`) // it does not count itself
	b.next("auth_success")
	c := p.socket("/")
	c.next("connection_established")
	c.send(`{"type":"auth"}`)
	if m := c.next("error"); m["message"] != "Maximum connections exceeded for this user" {
		t.Errorf("%v", m)
	}
	if err := c.over(); websocket.CloseStatus(err) != 4005 {
		t.Errorf("ended with %v", err)
	}
	p.stream("/api/events").next("auth_success")
	if r := p.get("/api/events"); r.Status != 429 || r.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", r.Status, r.Header)
	}
}
