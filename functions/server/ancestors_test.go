package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"notewire/client/goclient"
)

// Faults of the systems whose clients this server serves, each under its number, so that they
// do not come back.

// within is a context for what must not take long.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// events reads so many events of a stream that are in the log.
func events(t *testing.T, ctx context.Context, s *goclient.Stream, n int) (got []goclient.Event) {
	t.Helper()
	for len(got) < n {
		e, err := s.Next(ctx)
		if err != nil {
			t.Fatalf("after %d of %d events: %v", len(got), n, err)
		}
		if e.Type != "auth_success" && e.Type != "connection_established" {
			got = append(got, e)
		}
	}
	return got
}

func mutate(t *testing.T, c *goclient.Client, op, note string, body map[string]any) *goclient.Answer {
	t.Helper()
	answer, err := c.Mutate(t.Context(), op, note, body)
	if err != nil {
		t.Fatalf("%s %s: %v", op, note, err)
	}
	return answer
}

func content(text string) map[string]any {
	return map[string]any{"changes": map[string]any{"content": text}}
}

// T8: nothing could be resumed: a device that was away missed events for good, deletes too.
func TestT8ADeviceThatWasAwayMissesNothing(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("ann"), within(t, patience)
	seen := mutate(t, c, "create", "n", nil).Cursor
	mutate(t, c, "create", "gone", nil)
	mutate(t, c, "edit", "n", content("1"))
	mutate(t, c, "trash", "gone", nil)
	for _, transport := range transports {
		s, err := c.OpenAccount(ctx, transport, seen)
		if err != nil {
			t.Fatal(err)
		}
		var types []string
		for _, e := range events(t, ctx, s, 3) {
			types = append(types, e.Type+" "+e.NoteID)
		}
		if got := strings.Join(types, ", "); got != "note_created_sync gone, note_sync n, note_deleted_sync gone" {
			t.Errorf("%s: %s", transport, got)
		}
		s.Close()
	}
}

// T12: messages of one socket were handled side by side, and could commit out of order.
func TestT12MessagesOfASocketCommitInItsOrder(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient("ann"), within(t, patience)
	cursor := mutate(t, c, "create", "n", nil).Cursor
	s, err := c.OpenAccount(ctx, goclient.WebSocket, cursor)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const updates = 100
	for i := range updates {
		frame := map[string]any{"type": "note_update", "noteId": "n", "changes": map[string]any{"content": fmt.Sprint(i)}}
		if err := s.Send(ctx, frame); err != nil {
			t.Fatal(err)
		}
	}
	for i, e := range events(t, ctx, s, updates) {
		var m struct{ UpdatedNote struct{ Content string } }
		if err := e.Decode(&m); err != nil || e.Type != "note_update_success" || m.UpdatedNote.Content != fmt.Sprint(i) || e.Version != int64(i+2) {
			t.Fatalf("update %d is answered %s", i, e.Data)
		}
	}
}

// T15: a message that came too often, or was too large, was dropped without a word.
func TestT15ARefusedMessageIsNamed(t *testing.T) {
	p := start(t, "--ws-rate-limit-max-messages=5", "--max-message-bytes=100000")
	c, ctx := p.goClient("ann"), within(t, patience)
	mutate(t, c, "create", "n", nil)
	s, err := c.OpenAccount(ctx, goclient.WebSocket, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	type refusal struct {
		Type, Code, MutationID, NoteID string
		RetryAfterMs                   int
	}
	send := func(id, text string) (r refusal) {
		t.Helper()
		frame := map[string]any{"type": "note_update", "noteId": "n", "mutationId": id, "changes": map[string]any{"content": text}}
		if err := s.Send(ctx, frame); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(events(t, ctx, s, 1)[0].Data, &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := send("large", strings.Repeat("x", 200_000)); r.Type != "error" || r.Code != "too_large" {
		t.Errorf("a message that is too large: %+v", r)
	}
	for i := 0; ; i++ {
		r := send(fmt.Sprintf("m%d", i), fmt.Sprint(i))
		if r.Type == "note_update_success" && i < 5 {
			continue
		}
		if r.Code != "rate_limited" || r.MutationID != fmt.Sprintf("m%d", i) || r.NoteID != "n" || r.RetryAfterMs < 1 {
			t.Errorf("message %d: %+v", i, r)
		}
		note, err := c.Note(ctx, "n")
		if err != nil || note.Version != int64(i+1) {
			t.Errorf("after %d messages the note is %+v, %v", i, note, err)
		}
		return
	}
}

// T17: the status page told anybody who was connected.
func TestT17NobodyIsToldWhoIsConnected(t *testing.T) {
	p := start(t)
	c := p.goClient("a-name-to-find")
	s, err := c.OpenAccount(within(t, patience), goclient.WebSocket, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, path := range []string{"/websocket/status", "/status", "/metrics", "/debug/vars", "/debug/pprof/", "/healthz", "/readyz", "/api/negotiate"} {
		status, body, err := p.goClient("").Do(t.Context(), http.MethodGet, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(body), "a-name-to-find") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

// L6: a note that was made private went on being read, and written, on sockets that were open.
func TestL6MakingANotePrivateEndsTheStreamsOfPassersBy(t *testing.T) {
	p := start(t)
	ann, eve := p.goClient("ann"), p.goClient("eve")
	mutate(t, ann, "create", "n", nil)
	mutate(t, ann, "share", "n", map[string]any{"access": "public"})
	for _, transport := range transports {
		s, err := eve.OpenNote(within(t, patience), transport, "n", "")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		mutate(t, ann, "share", "n", map[string]any{"access": "private"})
		mutate(t, ann, "edit", "n", content("a secret of "+string(transport)))
		ctx := within(t, 5*time.Second)
		for {
			e, err := s.Next(ctx)
			if strings.Contains(string(e.Data), "a secret of "+string(transport)) {
				t.Errorf("%s: eve reads %s", transport, e.Data)
			}
			if closed, ok := errors.AsType[*goclient.Closed](err); ok && !closed.Reconnect {
				break
			}
			if err != nil {
				t.Fatalf("%s: the stream ends with %v", transport, err)
			}
		}
		mutate(t, ann, "share", "n", map[string]any{"access": "public"})
	}
	_, err := eve.Mutate(t.Context(), "edit", "n", content("mine"))
	if refusal, ok := errors.AsType[*goclient.Refusal](err); !ok || refusal.Status != http.StatusForbidden {
		t.Errorf("eve writes into a public note: %v", err)
	}
}

// L10: no size was too large, and nothing was too often.
func TestL10TheNoteDialectIsBounded(t *testing.T) {
	p := start(t, "--ws-rate-limit-max-messages=5", "--max-text-bytes=1000")
	c, ctx := p.goClient("ann"), within(t, patience)
	mutate(t, c, "create", "n", nil)
	s, err := c.OpenNote(ctx, goclient.WebSocket, "n", "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	send := func(text string) (code string) {
		t.Helper()
		if err := s.Send(ctx, map[string]any{"type": "update_event", "data": map[string]any{"content": text}}); err != nil {
			t.Fatal(err)
		}
		for {
			e := events(t, ctx, s, 1)[0]
			if e.Type == "initial" {
				continue
			}
			var m struct{ Code string }
			if err := e.Decode(&m); err != nil {
				t.Fatal(err)
			}
			return m.Code
		}
	}
	if code := send(strings.Repeat("x", 1001)); code != "too_large" {
		t.Errorf("a text that is too large: %q", code)
	}
	for range 4 {
		if code := send("x"); code != "" {
			t.Errorf("a message: %q", code)
		}
	}
	if code := send("x"); code != "rate_limited" {
		t.Errorf("one message too many: %q", code)
	}
}
