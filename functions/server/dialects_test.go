package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// The account dialect as seed 000 describes it, by a client that knows nothing more.
func TestAPlainClientWalksTheAccountDialect(t *testing.T) {
	p := start(t)
	for _, signedIn := range []bool{false, true} {
		t.Run(fmt.Sprintf("token=%v", signedIn), func(t *testing.T) {
			auth, user := `{"type":"auth"}`, "local"
			if signedIn {
				user = "alice"
				auth = `{"type":"auth","token":"` + p.rawToken(user) + `"}`
			}
			a, b := p.socket("/"), p.socket("/ws")
			for _, f := range []*frames{a, b} {
				if m := f.next("connection_established"); m["message"] != "Please authenticate to continue" {
					t.Errorf("%v", m)
				}
				f.send(auth)
				m := f.next("auth_success")
				if m["message"] != "Authentication successful" || m["userId"] != user || len(m["sessionSecret"].(string)) != 64 {
					t.Errorf("%v", m)
				}
			}
			id := "123e4567-e89b-12d3-a456-42661417400" + map[bool]string{true: "1", false: "2"}[signedIn]
			a.send(`{"type":"note_created","noteData":{"id":"` + id + `","title":"New Note","content":"","userId":"` + user +
				`","folderId":null,"starred":false,"tags":[],"createdAt":"2025-09-15T10:00:00.000Z","unknown":{"a":1}}}`)
			a.next("mutation_ack") // a frame that the old client ignores
			if m := b.next("note_created_sync"); m["fromUserId"] != user || m["noteData"].(map[string]any)["title"] != "New Note" {
				t.Errorf("%v", m)
			}
			a.send(`{"type":"join_note","noteId":"` + id + `"}`)
			if m := a.next("note_joined"); m["noteId"] != id || m["message"] != "Successfully joined note for real-time sync" {
				t.Errorf("%v", m)
			}
			a.send(`{"type":"note_update","noteId":"` + id + `","changes":{"title":"New Title","content":"New content"}}`)
			if m := a.next("note_update_success"); m["noteId"] != id || m["updatedNote"].(map[string]any)["content"] != "New content" {
				t.Errorf("%v", m)
			}
			m := b.next("note_sync")
			if changes := m["changes"].(map[string]any); changes["title"] != "New Title" || changes["updatedAt"] == nil {
				t.Errorf("%v", m)
			}
			if m["timestamp"].(float64) < 1e12 || m["fromUserId"] != user || m["noteId"] != id {
				t.Errorf("%v", m)
			}
			a.send(`{"type":"leave_note","noteId":"` + id + `"}`)
			a.next("note_left")
			b.send(`{"type":"note_deleted","noteId":"` + id + `"}`)
			b.next("mutation_ack")
			if m := a.next("note_deleted_sync"); m["noteId"] != id || m["reason"] != "trashed" {
				t.Errorf("%v", m)
			}
			a.send(`{"type":"ping"}`)
			if m := a.next("pong"); m["timestamp"].(float64) < 1e12 {
				t.Errorf("%v", m)
			}
		})
	}
}

// The note dialect as seed 001 describes it: connect, get the note, see each change.
func TestAPlainClientWalksTheNoteDialect(t *testing.T) {
	p := start(t)
	for _, user := range []string{"local", "alice"} {
		t.Run(user, func(t *testing.T) {
			var opts websocket.DialOptions
			var header []string
			if user != "local" {
				opts.Subprotocols = []string{"notewire.v1", "bearer." + p.rawToken(user)}
				header = []string{p.token(user)}
			}
			id := "board-of-" + user
			p.must("/api/notes", `{"id":"`+id+`","title":"Board","blob":{"elements":[]}}`, header...)
			a, res := p.dialWith("/ws/note/"+id, &opts)
			if a == nil {
				t.Fatal(res)
			}
			if got := res.Header.Get("Sec-WebSocket-Protocol"); user != "local" && got != "notewire.v1" {
				t.Errorf("subprotocol %q", got)
			}
			m := a.next("initial")
			data := m["data"].(map[string]any)
			if data["version"] != 1.0 || data["title"] != "Board" || m["sessionId"] == "" || data["collaborators"] == nil {
				t.Errorf("%v", m)
			}
			b := p.stream("/api/notes/"+id+"/events", header...)
			b.next("initial")
			a.send(`{"type":"update_event","data":{"title":"Board 2","blob":{"elements":[1]}}}`)
			fromA, fromB := a.raw(), b.raw()
			if string(fromA) != string(fromB) || !strings.Contains(string(fromA), `"type":"update"`) {
				t.Errorf("the WebSocket got\n%s\nand the stream\n%s", fromA, fromB)
			}
			p.must("/api/notes/"+id+"/revert", `{"version":1}`, header...)
			if m := a.next("revert"); m["data"].(map[string]any)["version"] != 3.0 || m["data"].(map[string]any)["title"] != "Board" {
				t.Errorf("%v", m)
			}
			b.next("revert")
			p.must("/api/notes/"+id+"/trash", "", header...)
			if m := a.next("delete"); m["data"].(map[string]any)["id"] != id {
				t.Errorf("%v", m)
			}
			if err := a.over(); websocket.CloseStatus(err) != websocket.StatusNormalClosure || !strings.Contains(err.Error(), "Note deleted") {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func TestTheNoteDialectRefusesAtTheUpgrade(t *testing.T) {
	p := start(t)
	p.must("/api/notes", `{"id":"mine"}`)
	for _, c := range []struct {
		path, header string
		status       int
	}{
		{"/ws/note/absent", "", http.StatusNotFound},
		{"/ws/note/mine", p.token("mallory"), http.StatusForbidden},
		{"/ws/note/bad%20id", "", http.StatusBadRequest},
		{"/ws/note/mine", "Authorization: Bearer forged", http.StatusUnauthorized},
	} {
		f, res := p.dial(c.path, c.header)
		if f != nil || res.StatusCode != c.status {
			t.Errorf("%s: %+v, want status %d", c.path, res, c.status)
		}
	}
	if r := p.get("/ws/note/mine"); r.Status != http.StatusUpgradeRequired || !strings.Contains(string(r.Body), "Expected Upgrade: websocket") {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

// P4: the same bytes on WebSocket and SSE, live and replayed.
func TestEveryTransportCarriesTheSameBytes(t *testing.T) {
	p := start(t)
	p.must("/api/notes", `{"id":"n","title":"0"}`)
	socket, stream := p.signedIn(""), p.stream("/api/events")
	stream.next("auth_success")
	for i := range 5 {
		p.must("/api/notes/n", fmt.Sprintf(`{"changes":{"title":"é <%d> 漢"}}`, i))
	}
	p.must("/api/notes/n/share", `{"members":[{"userId":"bob","role":"write"}]}`)
	replayed := p.stream("/api/events?cursor=0")
	replayed.next("auth_success")
	replayed.next("note_created_sync")
	again := p.socket("/")
	again.next("connection_established")
	again.send(`{"type":"auth","cursor":"0"}`)
	again.next("auth_success")
	again.next("note_created_sync")
	for range 6 {
		live := string(socket.raw())
		for name, f := range map[string]*frames{"SSE": stream, "SSE replayed": replayed, "WebSocket replayed": again} {
			if got := string(f.raw()); got != live {
				t.Errorf("live WebSocket\n%s\n%s\n%s", live, name, got)
			}
		}
	}
}

func TestAStreamGoesOnFromItsCursor(t *testing.T) {
	p := start(t)
	p.must("/api/notes", `{"id":"n"}`)
	first := p.stream("/api/events")
	cursor := first.next("auth_success")["cursor"].(string)
	first.quit()
	p.must("/api/notes/n", `{"changes":{"content":"missed"}}`)
	for name, f := range map[string]*frames{
		"Last-Event-ID": p.stream("/api/events", "Last-Event-ID: "+cursor),
		"query":         p.stream("/api/events?cursor=" + cursor),
		"note":          p.stream("/api/notes/n/events?cursor=" + cursor),
	} {
		if name != "note" {
			f.next("auth_success")
		}
		if data := string(f.raw()); !strings.Contains(data, `"content":"missed"`) {
			t.Errorf("%s: %s", name, data)
		}
	}
	for _, bad := range []string{"nonsense", "otherepoch-1", strings.Split(cursor, "-")[0] + "-999"} {
		f := p.stream("/api/events?cursor=" + bad)
		f.next("auth_success")
		if m := f.next("resync"); m["reason"] == "" || m["cursor"] == "" {
			t.Errorf("%v", m)
		}
		p.must("/api/notes/n", `{"changes":{"content":"after resync"}}`)
		f.next("note_sync")
	}
}

func TestAWatcherLosesANoteWithinSeconds(t *testing.T) {
	p := start(t)
	bob := p.token("bob")
	p.must("/api/notes", `{"id":"n","content":"shared"}`)
	p.must("/api/notes/n/share", `{"members":[{"userId":"bob","role":"read"}]}`)
	account := p.stream("/api/events", bob)
	account.next("auth_success")
	socket := p.socket("/ws/note/n", bob)
	socket.next("initial")
	stream := p.stream("/api/notes/n/events", bob)
	stream.next("initial")
	removed := time.Now()
	p.must("/api/notes/n/share", `{"remove":["bob"]}`)
	if m := account.next("note_deleted_sync"); m["reason"] != "access_lost" {
		t.Errorf("%v", m)
	}
	socket.next("error")
	if err := socket.over(); websocket.CloseStatus(err) != 4501 {
		t.Errorf("the WebSocket ended with %v", err)
	}
	stream.next("error")
	stream.over()
	if took := time.Since(removed); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if r := p.get("/api/notes/n", bob); r.Status != http.StatusForbidden {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

func TestStoppingTellsClientsToReconnectAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	p := startIn(t, dir)
	p.must("/api/notes", `{"id":"n","content":"kept"}`)
	socket, stream := p.signedIn(""), p.stream("/api/events")
	cursor := stream.next("auth_success")["cursor"].(string)
	p.stop()
	if m := socket.next("reconnect"); m["code"] != 4000.0 || m["retryAfterMs"] == nil {
		t.Errorf("%v", m)
	}
	if err := socket.over(); websocket.CloseStatus(err) != 4000 {
		t.Errorf("ended with %v", err)
	}
	stream.next("reconnect")
	stream.over()
	again := startIn(t, dir)
	again.must("/api/notes/n", `{"changes":{"title":"after"}}`)
	f := again.stream("/api/events?cursor=" + cursor)
	f.next("auth_success")
	if m := f.next("note_sync"); m["updatedNote"].(map[string]any)["content"] != "kept" {
		t.Errorf("%v", m)
	}
}
