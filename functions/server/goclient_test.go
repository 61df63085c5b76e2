package main

import (
	"context"
	"errors"
	"slices"
	"testing"

	"notewire/client/goclient"
)

var transports = []goclient.Transport{goclient.WebSocket, goclient.SSE, goclient.Poll}

// goClient returns a client of the program, signed in as a user; empty: without a token.
func (p *program) goClient(user string) *goclient.Client {
	p.t.Helper()
	issuer, err := goclient.New(p.URL, goclient.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	if user == "" {
		return issuer
	}
	c, err := goclient.New(p.URL, goclient.Options{Token: func(ctx context.Context) (string, error) { return issuer.DevToken(ctx, user) }})
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

func TestGoClientMutatesAndReads(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("alice"), t.Context()
	members := map[string]any{"title": "A <b> & c", "content": "one", "blob": map[string]any{"x": 1}, "mutationId": "m1"}
	created, err := c.Mutate(ctx, "create", "n", members)
	if err != nil || created.ID != "n" || created.Version != 1 || created.MutationID != "m1" || created.Cursor == "" {
		t.Fatalf("%+v, %v", created, err)
	}
	edit := map[string]any{"changes": map[string]any{"content": "two"}, "expectedVersion": 1, "mutationId": "m2"}
	edited, err := c.Mutate(ctx, "edit", "n", edit)
	if err != nil || edited.Version != 2 {
		t.Fatalf("%+v, %v", edited, err)
	}
	again, err := c.Mutate(ctx, "edit", "n", edit)
	if err != nil || again.Version != 2 || again.Cursor != edited.Cursor {
		t.Errorf("the same mutation again is answered by %+v, %v", again, err)
	}

	edit["mutationId"] = "m3"
	_, err = c.Mutate(ctx, "edit", "n", edit)
	refusal, ok := errors.AsType[*goclient.Refusal](err)
	if !ok || refusal.Status != 409 || refusal.Code != "version_mismatch" || refusal.MutationID != "m3" || len(refusal.Current) == 0 {
		t.Errorf("%+v, %v", refusal, err)
	}

	for op, body := range map[string]map[string]any{
		"organise": {"fields": map[string]any{"starred": true}},
		"share":    {"members": []map[string]any{{"userId": "bob", "role": "read"}}},
	} {
		if _, err := c.Mutate(ctx, op, "n", body); err != nil {
			t.Errorf("%s: %v", op, err)
		}
	}
	n, err := c.Note(ctx, "n")
	if err != nil || n.Content != "two" || *n.Title != "A <b> & c" || string(n.Blob) != `{"x":1}` || !n.Starred || n.Roles["bob"] != "read" {
		t.Errorf("%+v, %v", n, err)
	}
	bob := p.goClient("bob")
	if left, err := bob.Mutate(ctx, "leave", "n", nil); err != nil || left.ID != "n" {
		t.Errorf("%+v, %v", left, err)
	}
	if _, err := bob.Note(ctx, "n"); !hasCode(err, "forbidden") {
		t.Errorf("after leaving: %v", err)
	}

	if _, err := c.Mutate(ctx, "revert", "n", map[string]any{"version": 1}); err != nil {
		t.Error(err)
	}
	history, err := c.Versions(ctx, "n", 0)
	if err != nil || history.Versions[0].Op != "revert" || history.Versions[len(history.Versions)-1].Version != 1 || history.Next != 0 {
		t.Errorf("%+v, %v", history, err)
	}
	if older, err := c.Versions(ctx, "n", 2); err != nil || len(older.Versions) != 1 {
		t.Errorf("%+v, %v", older, err)
	}
	if v, err := c.Version(ctx, "n", 2); err != nil || v.Author != "alice" || v.MutationID != "m2" || v.Note.Content != "two" {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := c.Version(ctx, "n", 99); !hasCode(err, "not_found") {
		t.Error(err)
	}
}

func hasCode(err error, code string) bool {
	refusal, ok := errors.AsType[*goclient.Refusal](err)
	return ok && refusal.Code == code
}

func TestGoClientListsPages(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient(""), t.Context()
	for _, id := range []string{"a", "b", "c"} {
		if _, err := c.Mutate(ctx, "create", id, nil); err != nil {
			t.Fatal(err)
		}
	}
	trashed, err := c.Mutate(ctx, "trash", "b", nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	q := goclient.ListQuery{Limit: 1, ByID: true}
	for {
		page, err := c.Notes(ctx, q)
		if err != nil || page.Cursor != trashed.Cursor {
			t.Fatalf("%+v, %v; want the cursor %s", page, err, trashed.Cursor)
		}
		for _, n := range page.Notes {
			ids = append(ids, n.ID)
		}
		if q.After = page.NextCursor; q.After == "" {
			break
		}
	}
	if !slices.Equal(ids, []string{"a", "b", "c"}) {
		t.Errorf("%q", ids)
	}
	if page, err := c.Notes(ctx, goclient.ListQuery{}); err != nil || len(page.Notes) != 2 || page.Notes[0].ID != "c" {
		t.Errorf("%+v, %v", page, err)
	}
	if bin, err := c.Notes(ctx, goclient.ListQuery{Deleted: true}); err != nil || len(bin.Notes) != 1 || bin.Notes[0].ID != "b" {
		t.Errorf("%+v, %v", bin, err)
	}
	if _, err := c.Mutate(ctx, "restore", "b", nil); err != nil {
		t.Error(err)
	}
}

// nextEvent returns the next event of a stream, which must be of that type.
func nextEvent(t *testing.T, s *goclient.Stream, kind string) goclient.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	e, err := s.Next(ctx)
	if err != nil || e.Type != kind {
		t.Fatalf("want %s, got %s, %v", kind, e.Data, err)
	}
	return e
}

func TestGoClientStreamsBothDialectsOnEveryTransport(t *testing.T) {
	p := start(t)
	ctx := t.Context()
	for _, user := range []string{"", "alice"} {
		c, note := p.goClient(user), "of-"+user
		live, notes := map[goclient.Transport]*goclient.Stream{}, map[goclient.Transport]*goclient.Stream{}
		for _, transport := range transports {
			s, err := c.OpenAccount(ctx, transport, "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			live[transport] = s
		}
		created, err := c.Mutate(ctx, "create", note, map[string]any{"title": "é <x>"})
		if err != nil {
			t.Fatal(err)
		}
		for _, transport := range transports {
			e := nextEvent(t, live[transport], "note_created_sync")
			if e.Cursor != created.Cursor || e.NoteID != note || e.Version != 1 || e.MutationID != created.MutationID {
				t.Errorf("%s: %+v", transport, e)
			}
			if transport == goclient.SSE && e.ID != e.Cursor {
				t.Errorf("id %s, cursor %s", e.ID, e.Cursor)
			}
			s, err := c.OpenNote(ctx, transport, note, "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if e := nextEvent(t, s, "initial"); e.Version != 1 || e.NoteID != note || e.Cursor == "" {
				t.Errorf("%s: %+v", transport, e)
			}
			notes[transport] = s
		}
		if _, err := c.Mutate(ctx, "edit", note, map[string]any{"changes": map[string]any{"content": "漢"}}); err != nil {
			t.Fatal(err)
		}
		for kind, streams := range map[string]map[goclient.Transport]*goclient.Stream{"note_sync": live, "update": notes} {
			a := nextEvent(t, streams[goclient.WebSocket], kind)
			for _, transport := range transports[1:] {
				if b := nextEvent(t, streams[transport], kind); string(a.Data) != string(b.Data) || a.Version != 2 {
					t.Errorf("%s\n%s", a.Data, b.Data)
				}
			}
		}
		if _, err := c.Mutate(ctx, "trash", note, nil); err != nil {
			t.Fatal(err)
		}
		for _, transport := range transports {
			nextEvent(t, notes[transport], "delete")
			_, err := notes[transport].Next(ctx)
			if end, ok := errors.AsType[*goclient.Closed](err); !ok || end.Code != goclient.CodeDeleted || end.Reconnect {
				t.Errorf("%s: after the note was deleted: %v", transport, err)
			}
		}
	}
}

func TestGoClientSendsFrames(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("alice"), t.Context()
	s, err := c.OpenAccount(ctx, goclient.WebSocket, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Send(ctx, map[string]any{"type": "note_created", "noteData": map[string]any{"id": "n"}, "mutationId": "m"}); err != nil {
		t.Fatal(err)
	}
	if e := nextEvent(t, s, "mutation_ack"); e.MutationID != "m" || e.Cursor == "" {
		t.Errorf("%+v", e)
	}
	if err := s.Send(ctx, []byte(`{"type":"note_update","noteId":"absent","changes":{"title":"x"},"mutationId":"m2"}`)); err != nil {
		t.Fatal(err)
	}
	if e := nextEvent(t, s, "error"); e.MutationID != "m2" {
		t.Errorf("%+v", e)
	}
	stream, err := c.OpenAccount(ctx, goclient.SSE, "")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if err := stream.Send(ctx, map[string]any{"type": "ping"}); err == nil {
		t.Error("an event stream carried a frame up")
	}
}
