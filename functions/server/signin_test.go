package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/coder/websocket"

	"notewire/auth/authtest"
	"notewire/dynamo/bolt"
)

// startTwo starts two servers on one table. They have no bus.
func startTwo(t *testing.T) [2]*program {
	t.Helper()
	dir := t.TempDir()
	var cli commands
	parser, err := kong.New(&cli)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"serve", "--data-dir=" + dir}); err != nil {
		t.Fatal(err)
	}
	engine, err := bolt.Open(filepath.Join(dir, "db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	signIn, err := cli.Serve.AuthFlags.Open("127.0.0.1", dir)
	if err != nil {
		t.Fatal(err)
	}
	var both [2]*program
	for n := range both {
		log := slog.New(slog.NewTextHandler(io.Discard, nil))
		i, err := cli.Serve.newInstance(t.Context(), engine, signIn, log)
		if err != nil {
			t.Fatal(err)
		}
		i.shared = true
		t.Cleanup(i.background(log))
		server := httptest.NewServer(i.handler)
		t.Cleanup(server.Close)
		t.Cleanup(func() { _ = i.sessions.Drain(t.Context()) })
		both[n] = &program{t: t, URL: server.URL}
	}
	return both
}

// ticket returns a ticket for a path.
func (p *program) ticket(path string, headers ...string) string {
	p.t.Helper()
	ticket, _ := p.must("/api/tickets", fmt.Sprintf(`{"path":%q}`, path), headers...)["ticket"].(string)
	return ticket
}

func TestATicketOpensOneConnectionAtItsPath(t *testing.T) {
	both := startTwo(t)
	p, other := both[0], both[1]
	alice := p.token("alice")
	p.must("/api/notes", `{"id":"n"}`, alice)
	foreign := "Origin: http://localhost:5173" // a page that has no token of its own here
	for _, path := range []string{"/", "/ws", "/ws/note/n", "/api/events", "/api/notes/n/events"} {
		t.Run(path, func(t *testing.T) {
			ticket := p.ticket(path, alice)
			var f *frames
			if strings.HasSuffix(path, "events") {
				f = other.stream(path+"?ticket="+ticket, foreign)
			} else {
				f = other.socket(path+"?ticket="+ticket, foreign)
			}
			if strings.Contains(path, "note") {
				f.next("initial")
			} else {
				if !strings.HasSuffix(path, "events") {
					f.next("connection_established")
				}
				if m := f.next("auth_success"); m["userId"] != "alice" {
					t.Errorf("%v", m)
				}
			}
			for _, server := range both {
				if r := server.get(path+"?ticket="+ticket, foreign, "Connection: Upgrade", "Upgrade: websocket"); r.Status != 401 {
					t.Errorf("a second time: %d %s", r.Status, r.Body)
				}
			}
		})
	}
	wrong := p.ticket("/api/events", alice)
	for _, path := range []string{"/api/notes/n/events", "/api/events"} { // it is used up by the first
		if r := p.get(path+"?ticket="+wrong, foreign); r.Status != 401 {
			t.Errorf("a ticket for another path, %s: %d %s", path, r.Status, r.Body)
		}
	}
	if r := p.get("/api/notes?ticket="+p.ticket("/api/events", alice), foreign); r.Status != 401 {
		t.Errorf("what is no connection: %d %s", r.Status, r.Body)
	}
	if r := p.get("/api/events?ticket=invented", foreign); r.Status != 401 {
		t.Errorf("an invented ticket: %d %s", r.Status, r.Body)
	}
}

func TestATicketIsForConnectionsAndForTheSignedIn(t *testing.T) {
	p := start(t)
	for body, want := range map[string]int{
		`{"path":"/api/events"}`: 200, `{"path":"/ws/note/a-b_c"}`: 200,
		`{"path":"/api/notes"}`: 400, `{"path":"/api/events?cursor=0"}`: 400, `{"path":"/ws/note/a/b"}`: 400, `{"path":"/ws/note/"}`: 400,
		`{"path":"/api/notes/events"}`: 400, `{"path":""}`: 400, `{}`: 400, ``: 400, `{"path":"/ws","user":"bob"}`: 400,
	} {
		if r := p.post("/api/tickets", body, p.token("alice")); r.Status != want {
			t.Errorf("%s: %d %s", body, r.Status, r.Body)
		}
	}
	if r := p.post("/api/tickets", `{"path":"/ws"}`, "Origin: http://localhost:5173"); r.Status != 401 {
		t.Errorf("without a token: %d %s", r.Status, r.Body)
	}
	r := p.post("/api/tickets", `{"path":"/ws"}`)
	expires, _ := r.JSON(t)["expiresAt"].(float64)
	if left := time.Until(time.UnixMilli(int64(expires))); left > 30*time.Second || left < 20*time.Second {
		t.Errorf("it lives for %v", left)
	}
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Error("it may be kept by caches")
	}
}

func TestAStreamLivesOnWithAFreshToken(t *testing.T) {
	both := startTwo(t)
	p := both[0]
	alice := p.rawToken("alice")
	f := p.stream("/api/events", "Authorization: Bearer "+alice)
	id, _ := f.next("auth_success")["connectionId"].(string)
	path := "/api/connections/" + id + "/auth"
	answer := p.must(path, "", "Authorization: Bearer "+alice)
	expires, _ := answer["expiresAt"].(float64)
	if left := time.Until(time.UnixMilli(int64(expires))); answer["connectionId"] != id || left < 59*time.Minute {
		t.Errorf("%v, in %v", answer, left)
	}
	for name, c := range map[string]struct {
		server *program
		token  string
		status int
	}{
		"another instance": {both[1], "Authorization: Bearer " + alice, 404},
		"another account":  {p, p.token("bob"), 404},
		"another sign-in":  {p, p.token("alice"), 404},
		"no token":         {p, "Origin: http://localhost:5173", 401},
	} {
		if r := c.server.post(path, "", c.token); r.Status != c.status {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	p.must("/api/notes", `{"id":"n"}`, "Authorization: Bearer "+alice)
	f.next("note_created_sync")
}

// T13, T16: a sign-out ends connections and requests, also at another server.
func TestASignOutEndsItsSignInOnEveryServerWithinFiveSeconds(t *testing.T) {
	t.Parallel() // it waits most of the time
	both := startTwo(t)
	p, other := both[0], both[1]
	token := p.rawToken("alice")
	alice, elsewhere := "Authorization: Bearer "+token, p.token("alice") // signed in on another device
	p.must("/api/notes", `{"id":"n"}`, alice)
	sockets := []*frames{p.signedIn(token), other.signedIn(token)}
	streams := []*frames{p.stream("/api/events", alice), other.stream("/api/events", alice), other.stream("/api/notes/n/events", alice)}
	stays := other.stream("/api/events", elsewhere)
	stays.next("auth_success")
	ticket := p.ticket("/api/events", alice)

	began := time.Now()
	for range 2 {
		if r := p.post("/api/signout", "", alice); r.Status != 204 {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	for _, f := range sockets {
		f.next("auth_failed")
		if err := f.over(); websocket.CloseStatus(err) != 4503 {
			t.Errorf("ended with %v", err)
		}
	}
	for _, f := range streams {
		_ = f.over()
	}
	took := time.Since(began)
	if t.Logf("all connections ended within %v", took.Round(time.Millisecond)); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	for n, server := range both {
		for _, path := range []string{"/api/notes", "/api/events", "/api/changes", "/api/notes/n/events"} {
			if r := server.get(path, alice); r.Status != 401 || r.code(t) != "unauthenticated" {
				t.Errorf("server %d, %s: %d %s", n, path, r.Status, r.Body)
			}
		}
		if r := server.post("/api/notes", `{"id":"late"}`, alice); r.Status != 401 {
			t.Errorf("server %d: %d %s", n, r.Status, r.Body)
		}
		f := server.socket("/ws")
		f.next("connection_established")
		f.send(`{"type":"auth","token":"` + token + `"}`)
		if f.next("auth_failed"); websocket.CloseStatus(f.over()) != 4500 {
			t.Errorf("server %d: ended with %v", n, f.end())
		}
	}
	if r := other.get("/api/events?ticket="+ticket, "Origin: http://localhost:5173"); r.Status != 401 {
		t.Errorf("a ticket of before: %d %s", r.Status, r.Body)
	}
	if r := p.post("/api/signout", ""); r.Status != 401 {
		t.Errorf("nobody signs out: %d %s", r.Status, r.Body)
	}
	p.must("/api/notes", `{"id":"m"}`, elsewhere)
	stays.next("note_created_sync")
}

const clerkWebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestClerksWebhookEndsASignIn(t *testing.T) {
	issuer := authtest.NewIssuer(t, "https://clerk.example.com", "ins_1")
	p := start(t, "--clerk-jwt-key="+issuer.PEM(t), "--clerk-issuer="+issuer.Name, "--authorized-parties="+authtest.Origin,
		"--clerk-webhook-secret="+clerkWebhookSecret)
	bearer := func(sid string) string {
		return "Authorization: Bearer " + issuer.Mint(t, time.Now(), authtest.Claims{"sid": sid})
	}
	f := p.stream("/api/events", bearer("sess_1"))
	f.next("auth_success")
	body := `{"data":{"id":"sess_1","object":"session","user_id":"user_1"},"object":"event","type":"session.revoked"}`
	for name, headers := range map[string][]string{
		"not signed": nil, "signed by somebody": svixHeaders(t, "whsec_"+strings.Repeat("A", 32), body), "another body": svixHeaders(t, clerkWebhookSecret, body+" "),
	} {
		if r := p.post("/api/clerk/webhook", body, headers...); r.Status != 401 {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	if r := p.get("/api/notes", bearer("sess_1")); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	for range 2 { // it may come twice
		if r := p.post("/api/clerk/webhook", body, svixHeaders(t, clerkWebhookSecret, body)...); r.Status != 204 {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	if m := f.next("auth_failed"); m["reason"] != "signed-out" {
		t.Errorf("%v", m)
	}
	if r := p.get("/api/notes", bearer("sess_1")); r.Status != 401 {
		t.Errorf("a fresh token of it: %d %s", r.Status, r.Body)
	}
	if r := p.get("/api/notes", bearer("sess_2")); r.Status != 200 {
		t.Errorf("another sign-in: %d %s", r.Status, r.Body)
	}
	if r := start(t).post("/api/clerk/webhook", body, svixHeaders(t, clerkWebhookSecret, body)...); r.Status != 404 && r.Status != 405 {
		t.Errorf("a server that has no secret: %d %s", r.Status, r.Body)
	}
}

func svixHeaders(t *testing.T, secret, body string) []string {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "msg_1.%s.%s", at, body)
	return []string{"Svix-Id: msg_1", "Svix-Timestamp: " + at, "Svix-Signature: v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}
}

// T17: the ancestor tells anybody who is connected.
func TestNobodyIsToldWhoIsConnected(t *testing.T) {
	p := start(t)
	p.signedIn(p.rawToken("alice"))
	for _, path := range []string{"/websocket/status", "/api/websocket/status", "/api/connections"} {
		if r := p.get(path); r.Status != http.StatusNotFound || strings.Contains(string(r.Body), "alice") {
			t.Errorf("%s: %d %s", path, r.Status, r.Body)
		}
	}
}

// Each connection is warned over its own wire, and lives on with the token that it is then shown.
func TestConnectionsLiveOnWithFreshTokens(t *testing.T) {
	t.Parallel() // it waits most of the time
	issuer := authtest.NewIssuer(t, "https://clerk.example.com", "ins_1")
	p := start(t, "--clerk-jwt-key="+issuer.PEM(t), "--clerk-issuer="+issuer.Name, "--authorized-parties="+authtest.Origin, "--token-staleness=6s")
	token := func() string { return issuer.Mint(t, time.Now(), nil) }
	bearer := func() string { return "Authorization: Bearer " + token() }
	p.must("/api/notes", `{"id":"n"}`, bearer())
	socket, stream, note := p.signedIn(token()), p.stream("/api/events", bearer()), p.socket("/ws/note/n", bearer())
	stream.next("auth_success")
	note.next("initial")
	socket.next("token_expiring")
	socket.send(`{"type":"auth","token":"` + token() + `"}`)
	socket.next("auth_success")
	for _, f := range []*frames{stream, note} {
		m := f.next("token_expiring")
		p.must(fmt.Sprintf("/api/connections/%s/auth", m["connectionId"]), "", bearer())
	}
	p.must("/api/notes/n", `{"changes":{"content":"x"}}`, bearer())
	socket.next("note_sync")
	stream.next("note_sync")
	note.next("update")
	for f, last := range map[*frames]string{socket: "auth_failed", stream: "auth_failed", note: "reconnect"} { // and no further
		f.next("token_expiring") // again: with the first token it would have ended before
		f.next(last)
		_ = f.over()
	}
}
