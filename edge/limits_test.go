package edge_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"notewire/client/goclient"
	"notewire/edge/edgetest"
)

func TestAnAccountHasSoManyConnections(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{Origin: []string{"WS_MAX_CONNECTIONS_PER_USER=2", "MAX_STREAMS_PER_USER=1"}})
	ada, ben := user(t, e, "ada", false), user(t, e, "ben", false)
	first := open(t, ada, goclient.WebSocket, "", "")
	open(t, ada, goclient.WebSocket, "", "")
	open(t, ada, goclient.SSE, "", "")
	for _, by := range []goclient.Transport{goclient.WebSocket, goclient.SSE} {
		_, err := tryOpen(t, ada, by, "", "")
		if refusal, ok := errors.AsType[*goclient.Refusal](err); !ok || refusal.Code != "rate_limited" || refusal.RetryAfterMs != 25000 {
			t.Errorf("%s: one too many: %v", by, err)
		}
		open(t, ben, by, "", "")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(patience)
	for {
		if _, err := tryOpen(t, ada, goclient.WebSocket, "", ""); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("a place is not free again: %v", err)
		}
	}
}

func TestAnOldTokenEndsAConnection(t *testing.T) {
	t.Parallel() // it waits most of the time
	e := edgetest.Start(t, edgetest.Options{SweepMS: "200", Origin: []string{"TOKEN_STALENESS=3s", "WS_AUTH_TIMEOUT=1s", "HEARTBEAT=500ms"}})
	ada := user(t, e, "ada", false)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	forEachTransport(t, func(t *testing.T, by goclient.Transport) {
		ada := user(t, e, "ada", false)
		account, live := open(t, ada, by, "", ""), open(t, ada, by, note, "")
		if events := closed(t, account, goclient.CodeTokenExpired); len(events) != 1 || !strings.Contains(string(events[0].Data), "token-expired") {
			t.Errorf("the account's connection got %v", events)
		}
		closed(t, live, goclient.CodeTokenExpired)
	})
	silent := socket(t, e.URL, "/ws")
	hear(t, silent)
	if said := hear(t, silent); !strings.Contains(said, "Authentication timeout") {
		t.Errorf("said %s", said)
	}
}

func TestTooManyMessagesAreRefused(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{Origin: []string{"WS_RATE_LIMIT_MAX_MESSAGES=3"}})
	ada := user(t, e, "ada", false)
	s := open(t, ada, goclient.WebSocket, "", "")
	for i := range 5 {
		if err := s.Send(t.Context(), map[string]any{"type": "leave_note", "noteId": "n"}); err != nil {
			t.Fatal(err)
		}
		want := "note_left"
		if i >= 3 {
			want = "error"
		}
		if got := expect(t, s, want); i >= 3 && !strings.Contains(string(got.Data), `"rate_limited"`) {
			t.Errorf("said %s", got.Data)
		}
	}
}

// The largest note that there can be comes through, live and replayed, and what an object
// keeps of the log stays small.
func TestLargeNotesComeThrough(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{Origin: []string{"WRITE_TIMEOUT=1m"}})
	ada := user(t, e, "ada", false)
	large := strings.Repeat("\"\\<日", 1<<20/6) // 6 bytes, and more in JSON
	note := do(t, ada, "create", "", map[string]any{"content": large, "blob": large[:1<<19]}).ID
	forEachTransport(t, func(t *testing.T, by goclient.Transport) {
		for _, of := range []string{"", note} {
			s := open(t, ada, by, of, "0")
			next(t, s)
			answer := do(t, ada, "edit", note, edit(large+string(by)[:1]))
			for got := next(t, s); got.Cursor != "" && got.Version < answer.Version; {
				got = next(t, s)
			}
		}
	})
}

// A client that does not read costs no more than a page of its log, and is cut off.
func TestAStreamThatIsNotReadIsCutOff(t *testing.T) {
	t.Parallel() // it waits most of the time
	e := edgetest.Start(t, edgetest.Options{Origin: []string{"WRITE_TIMEOUT=1s", "HEARTBEAT=1s", "MAX_STREAMS_PER_USER=1"}})
	ada := user(t, e, "ada", true)
	large := strings.Repeat("x", 1<<20)
	note := do(t, ada, "create", "", map[string]any{"content": large}).ID
	for range 30 {
		do(t, ada, "edit", note, edit(large))
	}
	token, err := ada.DevToken(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", e.URL+"/api/events?cursor=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for opened := time.Now(); ; { // until its place is free, because it was cut off
		if _, err := tryOpen(t, user(t, e, "ada", false), goclient.SSE, "", ""); err == nil {
			break
		} else if time.Since(opened) > patience {
			t.Fatalf("it is not cut off: %v", err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	n, _ := io.Copy(io.Discard, res.Body)
	if n > 20<<20 { // of 60: the rest is what sockets hold
		t.Errorf("%d bytes were waiting", n)
	}
	t.Logf("%d bytes had left the edge", n)
}

// What one address may change is counted by where the client is, not where the edge is; what
// a client says of it itself does not count.
func TestTheEdgeTellsWhereClientsAre(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{
		Origin: []string{"MAX_MUTATIONS_PER_MINUTE=2", "ADDRESS_FACTOR=1", "TRUSTED_PROXIES=127.0.0.0/8"}, Edge: []string{"ADDRESS_HEADER=Client-Address"},
	})
	create := func(name, address string) error {
		token, err := user(t, e, name, true).DevToken(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		header := http.Header{"Client-Address": {address}, "Authorization": {"Bearer " + token}, "X-Forwarded-For": {"198.51.100.1"}}
		c, _, err := websocket.Dial(t.Context(), e.URL+"/ws", &websocket.DialOptions{HTTPHeader: header})
		if err != nil {
			t.Fatal(err)
		}
		defer c.CloseNow()
		hear(t, c) // connection_established
		hear(t, c) // auth_success
		say(t, c, `{"type":"note_created","noteData":{"content":"x"}}`)
		if said := hear(t, c); !strings.Contains(said, "mutation_ack") {
			return errors.New(said)
		}
		return nil
	}
	post := func(name, address string) error {
		req, err := http.NewRequestWithContext(t.Context(), "POST", e.URL+"/api/notes", strings.NewReader(`{"content":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		token, err := user(t, e, name, true).DevToken(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = http.Header{
			"Client-Address": {address}, "Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}, "X-Forwarded-For": {"198.51.100.1"},
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode == http.StatusTooManyRequests {
			return errors.New(res.Status)
		}
		return nil
	}
	for i, c := range []struct {
		send          func(name, address string) error
		name, address string
		ok            bool
	}{
		{create, "ada", "203.0.113.7", true}, {post, "ben", "203.0.113.7", true}, {create, "cleo", "203.0.113.7", false}, {post, "dan", "203.0.113.7", false},
		{create, "eve", "203.0.113.8", true}, {create, "eve", "203.0.113.9", true}, {create, "eve", "203.0.113.10", false},
	} {
		if err := c.send(c.name, c.address); (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), "rate_limited") && !strings.Contains(err.Error(), "429") {
			t.Errorf("%d: %s at %s: %v", i, c.name, c.address, err)
		}
	}
}
