package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"notewire/functions/config"
	"notewire/transport/webhook"
)

// hooked is a receiver that hands on what it gets.
type hooked struct {
	*httptest.Server
	posts  chan *http.Request
	bodies chan string
}

func newHooked(t *testing.T) *hooked {
	h := &hooked{posts: make(chan *http.Request, 100), bodies: make(chan string, 100)}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h.posts <- r
		h.bodies <- string(body)
	}))
	t.Cleanup(h.Close)
	return h
}

// What is posted is the very text that the account's streams have, also after a restart.
func TestAWebhookPostsWhatTheAccountsStreamHas(t *testing.T) {
	dir, receiver := t.TempDir(), newHooked(t)
	p := startIn(t, dir, "--webhook-loopback=yes")
	ann := p.token("ann")
	stream := p.stream("/api/events", ann)
	stream.next("auth_success")
	made := p.must("/api/webhooks", `{"url":"`+receiver.URL+`"}`, ann)
	same := func() {
		t.Helper()
		frame, post, body := string(stream.raw()), <-receiver.posts, <-receiver.bodies
		if body != frame {
			t.Errorf("posted\n%s\nstreamed\n%s", body, frame)
		}
		if err := webhook.Verify(made["secret"].(string), post.Header, []byte(body), 0); err != nil {
			t.Error(err)
		}
		if cursor := post.Header.Get("Notewire-Cursor"); !strings.Contains(frame, `"cursor":"`+cursor+`"`) {
			t.Errorf("the header names the cursor %s of %s", cursor, frame)
		}
	}
	p.must("/api/notes", `{"id":"n","content":"milk"}`, ann)
	same()
	p.must("/api/notes/n", `{"changes":{"content":"milk, eggs"}}`, ann)
	same()
	p.must("/api/notes/n/trash", ``, ann)
	same()
	p.stop()
	p = startIn(t, dir, "--webhook-loopback=yes")
	ann = p.token("ann")
	stream = p.stream("/api/events", ann)
	stream.next("auth_success")
	p.must("/api/notes", `{"id":"m"}`, ann)
	same()
}

func TestTheRoutesOfWebhooks(t *testing.T) {
	p, receiver := start(t, "--webhook-loopback=yes"), newHooked(t)
	ann, bob := p.token("ann"), p.token("bob")
	made := p.post("/api/webhooks", `{"url":"`+receiver.URL+`"}`, ann)
	checkSchema(t, "webhookCreated", made)
	if made.Status != http.StatusCreated || made.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", made.Status, made.Header)
	}
	id := made.JSON(t)["id"].(string)
	list := p.get("/api/webhooks", ann)
	checkSchema(t, "webhooks", list)
	if secret := made.JSON(t)["secret"].(string); strings.Contains(string(list.Body), secret) || !strings.Contains(string(list.Body), id) {
		t.Errorf("the list is %s", list.Body)
	}
	if body := string(p.get("/api/webhooks", bob).Body); body != `{"webhooks":[]}` {
		t.Errorf("another account has %s", body)
	}
	checkSchema(t, "webhook", p.post("/api/webhooks/"+id+"/resume", ``, ann))
	for _, c := range []struct {
		path, body, who string
		code            string
	}{
		{"/api/webhooks", `{"url":"http://example.com"}`, ann, "invalid"},
		{"/api/webhooks", `{"url":"https://169.254.169.254/latest"}`, ann, "invalid"},
		{"/api/webhooks", `{}`, ann, "missing_member"},
		{"/api/webhooks", `{"url":"https://example.com","secret":"mine"}`, ann, "unknown_member"},
		{"/api/webhooks", `{"url":"https://example.com"}`, "Authorization: Bearer nonsense", "unauthenticated"},
		{"/api/webhooks/" + id + "/delete", ``, bob, "not_found"},
		{"/api/webhooks/" + id + "/resume", ``, bob, "not_found"},
		{"/api/webhooks/none/resume", ``, ann, "not_found"},
	} {
		if r := p.post(c.path, c.body, c.who); r.code(t) != c.code {
			t.Errorf("%s %s: %d %s, want %s", c.path, c.body, r.Status, r.Body, c.code)
		}
	}
	if r := p.post("/api/webhooks/"+id+"/delete", ``, ann); r.Status != http.StatusNoContent {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := p.post("/api/webhooks/"+id+"/delete", ``, ann); r.code(t) != "not_found" {
		t.Errorf("a second time: %d %s", r.Status, r.Body)
	}
}

// checkSchema fails unless an answer is as its published schema has it.
func checkSchema(t *testing.T, def string, r reply) {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "..", "transport", "wire", "schema", "http-answers.json"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile(file + "#/$defs/" + def)
	if err != nil {
		t.Fatal(err)
	}
	var answer any
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		t.Fatalf("%v: %s", err, r.Body)
	}
	if err := schema.Validate(answer); err != nil {
		t.Errorf("%v: %s", err, r.Body)
	}
}

func TestWebhooksAreOffWhereTheyAreSwitchedOff(t *testing.T) {
	p := start(t, "--webhooks=off")
	if r := p.get("/api/webhooks"); r.Status != http.StatusNotFound {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := start(t).post("/api/webhooks", `{"url":"http://127.0.0.1:1/"}`); r.code(t) != "invalid" {
		t.Errorf("this machine is allowed without being told: %d %s", r.Status, r.Body)
	}
}

func TestThisMachineIsForLocalModeOnly(t *testing.T) {
	f := FeedFlags{Webhooks: "on", WebhookTries: 5, WebhookLoopback: "yes"}
	if _, err := f.hooks(nil, nil, new(config.SignIn), true, nil); err == nil || !strings.Contains(err.Error(), "WEBHOOK_LOOPBACK") {
		t.Errorf("%v", err)
	}
}
