package edge_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"notewire/edge/edgetest"
)

// request is an HTTP request that both must answer alike.
type request struct {
	method, path string
	headers      []string // "Name: value"
}

func (r request) send(t *testing.T, base string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.method, base+r.path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range r.headers {
		name, value, _ := strings.Cut(strings.ReplaceAll(h, "SELF", base), ": ")
		if req.Header.Set(name, value); name == "Host" {
			req.Host = value
		}
	}
	res, err := (&http.Client{Timeout: patience}).Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, base+r.path, err)
	}
	defer res.Body.Close()
	if res.StatusCode == 101 || res.StatusCode == 200 && strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return res.StatusCode, "" // and it goes on
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	kept := []string{string(body)}
	for _, name := range []string{"Content-Type", "Access-Control-Allow-Origin", "Vary", "WWW-Authenticate", "Retry-After"} {
		kept = append(kept, name+": "+strings.Join(res.Header.Values(name), ","))
	}
	return res.StatusCode, strings.ReplaceAll(strings.Join(kept, "\n"), base, "SELF")
}

// The edge lets in whom the origin lets in, and refuses the rest in its words.
func TestTheEdgeLetsInWhomTheOriginLetsIn(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	ada := user(t, e, "ada", true)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	public := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	do(t, ada, "share", public, map[string]any{"access": "public"})
	upgrade := []string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
	statuses := map[int]int{}
	for _, path := range []string{
		"/", "/ws", "/ws/note/" + note, "/ws/note/" + public, "/ws/note/none", "/api/events", "/api/events?cursor=0",
		"/api/notes/" + note + "/events", "/api/notes/none/events", "/api/notes/%21/events", "/api/notes", "/api/none", "/dev/token?user=x",
	} {
		for _, headers := range [][]string{
			nil, {"Origin: http://localhost:5173"}, {"Origin: https://evil.example"}, {"Origin: null"}, {"Origin: SELF"}, {"Origin: SELF", "Sec-Fetch-Site: cross-site"},
			{"Authorization: Bearer nonsense"}, {"Authorization: Basic x"}, {"Sec-WebSocket-Protocol: notewire.v1, bearer.x"}, {"Host: evil.example"},
		} {
			methods := []string{"GET", "POST", "OPTIONS"}
			if strings.HasPrefix(path, "/ws") || path == "/" {
				methods, headers = []string{"GET"}, append(headers[:len(headers):len(headers)], upgrade...)
			}
			for _, method := range methods {
				r := request{method, path, headers}
				status, said := r.send(t, e.URL)
				wantStatus, wantSaid := r.send(t, e.Origin.URL)
				statuses[status]++
				if status/100 == 2 && (path == "/dev/token?user=x" || path == "/api/notes") {
					said, wantSaid = "", "" // a token of this moment, a note
				}
				if status != wantStatus || said != wantSaid {
					t.Errorf("%s %s %q\nedge   %d %s\norigin %d %s", method, path, headers, status, said, wantStatus, wantSaid)
				}
			}
		}
	}
	for _, status := range []int{101, 200, 204, 401, 403, 404} {
		if statuses[status] == 0 {
			t.Errorf("nothing is answered with %d: %v", status, statuses)
		}
	}
}

func TestOnlyOriginAndEdgeMayAskEachOther(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	for _, base := range []string{e.URL, e.Origin.URL} {
		for _, path := range []string{"/edge/push", "/edge/policy", "/edge/log", "/edge/access", "/edge/frame"} {
			status, said := request{"POST", path, []string{"Notewire-Edge-Time: 1", "Notewire-Edge-Signature: 00"}}.send(t, base)
			if want := map[bool]int{true: 404, false: 401}[base == e.URL && path != "/edge/push"]; status != want {
				t.Errorf("%s%s: %d %s", base, path, status, said)
			}
		}
	}
}

// socket is a bare WebSocket.
func socket(t *testing.T, base, path string) *websocket.Conn {
	t.Helper()
	c, _, err := websocket.Dial(t.Context(), base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.SetReadLimit(32 << 20)
	t.Cleanup(func() { _ = c.CloseNow() })
	return c
}

func say(t *testing.T, c *websocket.Conn, frame string) {
	t.Helper()
	if err := c.Write(t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		t.Fatal(err)
	}
}

// varying is what two connections have each of their own.
var varying = regexp.MustCompile(`"(connectionId|sessionId|sessionSecret|timestamp|createdAt|updatedAt)":("[^"]*"|\d+)`)

func hear(t *testing.T, c *websocket.Conn) string {
	t.Helper()
	_, data, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return varying.ReplaceAllString(string(data), `"$1":0`)
}

// To every golden frame, whole and broken, edge and origin say the same, before auth and after.
func TestEveryFrameIsAnsweredAsByTheOrigin(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	ada := user(t, e, "local", true)
	do(t, ada, "create", "8c1f4a2e-5b7d-4c3a-9e10-2f6d8b4a7c51", map[string]any{"content": "x"})
	paths, err := filepath.Glob("../transport/wire/testdata/up/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden frames: %v", err)
	}
	for dialect, path := range map[string]string{"account": "/ws", "note": "/ws/note/8c1f4a2e-5b7d-4c3a-9e10-2f6d8b4a7c51"} {
		for _, auth := range []bool{false, true} {
			edge, origin := socket(t, e.URL, path), socket(t, e.Origin.URL, path)
			both := func(frame string) {
				t.Helper()
				say(t, edge, frame)
				said := hear(t, edge)
				say(t, origin, frame)
				if want := hear(t, origin); said != want {
					t.Errorf("%s\nedge   %s\norigin %s", frame, said, want)
				}
			}
			hear(t, edge) // connection_established, or initial
			hear(t, origin)
			if auth && dialect == "account" {
				both(`{"type":"auth"}`)
			}
			for _, path := range paths {
				name := filepath.Base(path)
				if !strings.HasPrefix(name, dialect+".") || strings.HasSuffix(name, ".want.json") || strings.HasPrefix(name, "account.auth") {
					continue
				}
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				frame := string(bytes.TrimSpace(data))
				switch anybody := !auth && dialect == "account"; {
				case aboutPresence(name) && !anybody: // what the edge has not, it says
					say(t, edge, frame)
					if said := hear(t, edge); !strings.Contains(said, `"code":"invalid","message":"not available here`) {
						t.Errorf("%s\nedge   %s", frame, said)
					}
				case !mutates(name) || anybody:
					both(frame)
				}
				both(frame[:len(frame)-1])
				both(frame + "x")
			}
			if auth {
				both(`{"type":"join_note","noteId":"8c1f4a2e-5b7d-4c3a-9e10-2f6d8b4a7c51"}`)
				both(`{"type":"folder_deleted","folderId":"none","mutationId":"m"}`)
				both(`{"type":"folder_created","folderId":"none","mutationId":"m","folderData":{"color":"#000000"}}`)
				both(`{"type":"note_update","noteId":"none","mutationId":"m","changes":{"content":"x"}}`)
				both(`{"type":"note_update","noteId":"8c1f4a2e-5b7d-4c3a-9e10-2f6d8b4a7c51","expectedVersion":77,"changes":{"content":"x"}}`)
				both(`{"type":"note_created","noteData":{"id":"n1","userId":"eve"}}`)
				both(`{"type":"note_created","noteData":{"id":"8c1f4a2e-5b7d-4c3a-9e10-2f6d8b4a7c51"},"mutationId":"again"}`)
				both(strings.Repeat(" ", 1<<20) + "{}")
			}
		}
	}
}

// mutates says that a golden frame changes the note: its answer depends on which comes first.
func mutates(name string) bool {
	return strings.Contains(name, "note_update") || strings.Contains(name, "note_created") || strings.Contains(name, "note_deleted") || strings.Contains(name, "update_event")
}

// aboutPresence says that a golden frame asks for what the edge has not.
func aboutPresence(name string) bool {
	_, kind, _ := strings.Cut(name, ".")
	kind, variant, _ := strings.Cut(kind, ".")
	return slices.Contains([]string{"presence", "ephemeral", "custom"}, kind) && !strings.HasPrefix(variant, "no_")
}

// What edge and origin do to a bad token, in the same words and with the same code.
func TestABadTokenEndsAConnectionAsAtTheOrigin(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	for _, frame := range []string{`{"type":"auth","token":"nonsense"}`, strings.Repeat("x", 4<<20+1)} {
		var said [2]string
		for i, base := range []string{e.URL, e.Origin.URL} {
			c := socket(t, base, "/ws")
			hear(t, c)
			say(t, c, frame)
			for {
				_, data, err := c.Read(t.Context())
				if err != nil {
					said[i] += websocket.CloseStatus(err).String()
					break
				}
				said[i] += string(data)
			}
		}
		if said[0] != said[1] {
			t.Errorf("%.40s\nedge   %s\norigin %s", frame, said[0], said[1])
		}
	}
}
