package main

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"notewire/client/goclient"
)

// More faults of the systems whose clients this server serves, each under its number: those of
// what the account dialect carried, and of who was let in.

// opened opens the account's WebSocket from a place in its log.
func opened(t *testing.T, c *goclient.Client, cursor string) *goclient.Stream {
	t.Helper()
	s, err := c.OpenAccount(within(t, patience), goclient.WebSocket, cursor)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func sendFrame(t *testing.T, s *goclient.Stream, frame map[string]any) {
	t.Helper()
	if err := s.Send(within(t, patience), frame); err != nil {
		t.Fatal(err)
	}
}

// noteAt is a note as GET shows it.
func noteAt(t *testing.T, c *goclient.Client, id string) *goclient.Note {
	t.Helper()
	n, err := c.Note(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// T3: titles and texts that were not encrypted were dropped from updates by WebSocket.
func TestT3PlainTextTravelsByWebSocket(t *testing.T) {
	p := start(t)
	c := p.goClient("ann")
	cursor := mutate(t, c, "create", "n", nil).Cursor
	device, other := opened(t, c, cursor), opened(t, c, cursor)
	sendFrame(t, device, map[string]any{
		"type": "note_update", "noteId": "n",
		"changes": map[string]any{"title": "New Title", "content": "New content", "tags": []string{"x"}, "hidden": true, "hiddenAt": 5},
	})
	if e := nextEvent(t, device, "note_update_success"); e.Version != 2 {
		t.Errorf("confirmed as version %d: %s", e.Version, e.Data)
	}
	var m struct {
		Changes     map[string]any
		UpdatedNote goclient.Note
	}
	e := nextEvent(t, other, "note_sync")
	if err := e.Decode(&m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"title", "content", "tags", "hidden", "hiddenAt", "updatedAt"} {
		if _, ok := m.Changes[name]; !ok {
			t.Errorf("changes lack %s: %s", name, e.Data)
		}
	}
	for where, n := range map[string]*goclient.Note{"the event": &m.UpdatedNote, "the note": noteAt(t, c, "n")} {
		if n.Title == nil || *n.Title != "New Title" || n.Content != "New content" || fmt.Sprint(n.Tags) != "[x]" || !n.Hidden {
			t.Errorf("%s is %+v", where, n)
		}
	}
}

// T4: new ciphertext was stored with the iv and salt of the old, and could not be read again.
func TestT4CiphertextKeepsItsIVAndSalt(t *testing.T) {
	p := start(t)
	c := p.goClient("ann")
	sealed := func(n string) map[string]any {
		return map[string]any{"encryptedTitle": "t" + n, "encryptedContent": "c" + n, "iv": "iv" + n, "salt": "salt" + n}
	}
	cursor := mutate(t, c, "create", "n", sealed("1")).Cursor
	device := opened(t, c, cursor)
	sendFrame(t, device, map[string]any{"type": "note_update", "noteId": "n", "changes": sealed("2")})
	nextEvent(t, device, "note_update_success")
	is := func(n *goclient.Note, want string) {
		t.Helper()
		for name, value := range map[string]*string{"t": n.EncryptedTitle, "c": n.EncryptedContent, "iv": n.IV, "salt": n.Salt} {
			if value == nil || *value != name+want {
				t.Errorf("%s is %v", name, value)
			}
		}
	}
	is(noteAt(t, c, "n"), "2")

	// Two devices that were offline: ciphertext of one is never mixed with that of the other.
	edit := func(n string) error {
		_, err := c.Mutate(t.Context(), "edit", "n", map[string]any{"baseVersion": 2, "changes": sealed(n)})
		return err
	}
	if err := edit("3"); err != nil {
		t.Fatal(err)
	}
	if err := edit("4"); !hasCode(err, "conflict") {
		t.Errorf("the second of two is answered %v", err)
	}
	is(noteAt(t, c, "n"), "3")
}

// T5: without versions, a title from one device and a text from another overwrote each other.
func TestT5ATitleHereAndATextThereAreBothKept(t *testing.T) {
	p := start(t)
	c := p.goClient("ann")
	mutate(t, c, "create", "n", map[string]any{"title": "old", "content": "old\n"})
	// Each sends the whole note as it saw it at version 1, as the ancestor's client does.
	mutate(t, c, "edit", "n", map[string]any{"baseVersion": 1, "changes": map[string]any{"title": "new", "content": "old\n"}})
	mutate(t, c, "edit", "n", map[string]any{"baseVersion": 1, "changes": map[string]any{"title": "old", "content": "new\n"}})
	if n := noteAt(t, c, "n"); n.Version != 3 || *n.Title != "new" || n.Content != "new\n" {
		t.Errorf("version %d: %q, %q", n.Version, *n.Title, n.Content)
	}
	// And without a base, each sends what it changed alone.
	mutate(t, c, "edit", "n", map[string]any{"changes": map[string]any{"title": "newer"}})
	mutate(t, c, "edit", "n", content("newer\n"))
	if n := noteAt(t, c, "n"); *n.Title != "newer" || n.Content != "newer\n" {
		t.Errorf("version %d: %q, %q", n.Version, *n.Title, n.Content)
	}
}

// T7: what was written by HTTP reached no other device; tags, stars and restoring had no event.
func TestT7WhateverIsWrittenByHTTPIsPushed(t *testing.T) {
	p := start(t)
	c := p.goClient("ann")
	s := opened(t, c, mutate(t, c, "create", "n", nil).Cursor)
	for _, step := range []struct {
		op    string
		body  map[string]any
		event string
	}{
		{"edit", content("by HTTP"), "note_sync"},
		{"organise", map[string]any{"fields": map[string]any{"tags": []string{"x"}}}, "note_sync"},
		{"organise", map[string]any{"fields": map[string]any{"starred": true}}, "note_sync"},
		{"organise", map[string]any{"fields": map[string]any{"hidden": true}}, "note_sync"},
		{"trash", nil, "note_deleted_sync"},
		{"restore", nil, "note_created_sync"},
		{"share", map[string]any{"access": "public"}, "note_sync"},
		{"revert", map[string]any{"version": 1}, "note_sync"},
	} {
		answer := mutate(t, c, step.op, "n", step.body)
		if e := events(t, within(t, patience), s, 1)[0]; e.Type != step.event || e.Cursor != answer.Cursor {
			t.Errorf("%s is pushed as %s", step.op, e.Data)
		}
	}
}

// T9: what a client sent again after it had been away was dropped, or counted twice.
func TestT9AnEditSentAgainAfterALostConnectionHasOneEffect(t *testing.T) {
	p := start(t)
	c := p.goClient("ann")
	cursor := mutate(t, c, "create", "n", nil).Cursor
	frame := map[string]any{"type": "note_update", "noteId": "n", "mutationId": "edit-1", "changes": map[string]any{"content": "once"}}
	first := opened(t, c, cursor)
	sendFrame(t, first, frame)
	confirmed := nextEvent(t, first, "note_update_success")
	first.Close() // the client never saw it, and sends again what it kept, on the next connection and by HTTP
	second := opened(t, c, cursor)
	if e := nextEvent(t, second, "note_sync"); e.MutationID != "edit-1" {
		t.Errorf("it is told of %s", e.Data)
	}
	sendFrame(t, second, frame)
	if e := nextEvent(t, second, "note_update_success"); e.Cursor != confirmed.Cursor || e.Version != 2 {
		t.Errorf("sent again it is answered %s", e.Data)
	}
	if again := mutate(t, c, "edit", "n", map[string]any{"mutationId": "edit-1", "changes": map[string]any{"content": "once"}}); again.Cursor != confirmed.Cursor {
		t.Errorf("sent again by HTTP it is at %s, not %s", again.Cursor, confirmed.Cursor)
	}
	if n := noteAt(t, c, "n"); n.Version != 2 {
		t.Errorf("one edit made version %d", n.Version)
	}
}

// L2: whoever set a header was taken for its user, also without a session.
func TestL2AHeaderMakesNobodyAMember(t *testing.T) {
	p := start(t)
	c := p.goClient("ann")
	mutate(t, c, "create", "n", nil)
	stranger := p.goClient("eve")
	var refusal *goclient.Refusal
	if _, err := stranger.OpenNote(within(t, patience), goclient.WebSocket, "n", ""); !errors.As(err, &refusal) || refusal.Status != http.StatusForbidden {
		t.Errorf("a stranger's socket is answered %v", err)
	}
	for _, header := range []string{"X-Liva-User-Id: ann", "X-User-Id: ann", "X-Forwarded-User: ann"} {
		_, response := p.dial("/ws/note/n", p.token("eve"), header)
		if response == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("with %q the upgrade is answered %v", header, response)
		}
		if r := p.post("/api/notes/n", `{"changes":{"content":"mine"}}`, p.token("eve"), header); r.Status != http.StatusForbidden {
			t.Errorf("with %q an edit is answered %d", header, r.Status)
		}
	}
	// A public note may be read by anyone, and written by members alone, on every door.
	mutate(t, c, "share", "n", map[string]any{"access": "public"})
	s, err := stranger.OpenNote(within(t, patience), goclient.WebSocket, "n", "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nextEvent(t, s, "initial")
	sendFrame(t, s, map[string]any{"type": "update_event", "data": map[string]any{"blob": map[string]any{"x": 1}}})
	nextEvent(t, s, "error")
	if n := noteAt(t, c, "n"); n.Version != 2 || string(n.Blob) != "null" {
		t.Errorf("a passer-by made version %d, %s", n.Version, n.Blob)
	}
}

// L9: a client of a note that was deleted came back for ever.
func TestL9ADeletedNoteEndsItsConnectionsForGood(t *testing.T) {
	p := start(t)
	c := p.goClient("ann")
	for _, op := range []string{"trash", "purge"} {
		id := "of-" + op
		mutate(t, c, "create", id, nil)
		if op == "purge" {
			mutate(t, c, "trash", id, nil)
		}
		sockets := map[goclient.Transport]*goclient.Stream{}
		for _, transport := range transports {
			s, err := c.OpenNote(within(t, patience), transport, id, "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			nextEvent(t, s, "initial")
			sockets[transport] = s
		}
		if r := p.post("/api/notes/"+id+"/"+op, "{}", p.token("ann")); r.Status != http.StatusOK {
			t.Fatalf("%s is answered %d: %s", op, r.Status, r.Body)
		}
		for transport, s := range sockets {
			if transport == goclient.Poll && op == "purge" { // each poll asks anew
				if _, err := s.Next(within(t, patience)); !hasCode(err, "purged") {
					t.Errorf("the next poll is answered %v", err)
				}
				continue
			}
			nextEvent(t, s, "delete")
			_, err := s.Next(within(t, patience))
			var closed *goclient.Closed
			if !errors.As(err, &closed) || closed.Code != 1000 || closed.Reconnect {
				t.Errorf("%s: after %s the stream ends with %v", transport, op, err)
			}
		}
	}
	if r := p.get("/api/notes/of-purge/events", p.token("ann")); r.Status != http.StatusGone {
		t.Errorf("coming back to a purged note is answered %d", r.Status)
	}
}
