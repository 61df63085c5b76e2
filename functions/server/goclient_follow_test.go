package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"notewire/client/goclient"
)

func TestGoClientGoesOnFromACursorOrResyncs(t *testing.T) {
	p := start(t)
	c, ctx := p.goClient(""), t.Context()
	var cursors []string
	for i := range 3 {
		a, err := c.Mutate(ctx, "create", fmt.Sprint("n", i), nil)
		if err != nil {
			t.Fatal(err)
		}
		cursors = append(cursors, a.Cursor)
	}
	for _, transport := range transports {
		for from, want := range map[string][]string{"0": cursors, cursors[0]: cursors[1:], cursors[1]: cursors[2:]} {
			s, err := c.OpenAccount(ctx, transport, from)
			if err != nil {
				t.Fatal(err)
			}
			for _, cursor := range want {
				if e := nextEvent(t, s, "note_created_sync"); e.Cursor != cursor {
					t.Errorf("%s from %s: %s, want %s", transport, from, e.Cursor, cursor)
				}
			}
			s.Close()
		}
		note := goclient.Subscription{Transport: transport, NoteID: "n0", Cursor: "other-7"}
		if got := p.followed(c, note, 2); !slices.Equal(got, []string{"resync", "initial"}) {
			t.Errorf("%s: a note from another log: %q", transport, got)
		}
		account := goclient.Subscription{Transport: transport, Cursor: "other-7"}
		if got := p.followed(c, account, 1); !slices.Equal(got, []string{"resync"}) {
			t.Errorf("%s: an account from another log: %q", transport, got)
		}
	}
}

// followed returns the types of the first n events of a subscription.
func (p *program) followed(c *goclient.Client, s goclient.Subscription, n int) (types []string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	enough := errors.New("enough")
	err := c.Follow(ctx, s, func(e goclient.Event) error {
		if types = append(types, e.Type); len(types) == n {
			return enough
		}
		return nil
	})
	if err != enough {
		p.t.Errorf("%q, then %v", types, err)
	}
	return types
}

func TestGoClientDoesNotInsistWhenItIsRefused(t *testing.T) {
	p := start(t)
	var asked atomic.Int32
	forged, err := goclient.New(p.URL, goclient.Options{Token: func(context.Context) (string, error) { asked.Add(1); return "forged", nil }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.goClient("").Mutate(t.Context(), "create", "mine", nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, c := range []struct {
		name   string
		client *goclient.Client
		note   string
	}{{"a forged token", forged, ""}, {"a forged token", forged, "mine"}, {"not a reader", p.goClient("mallory"), "mine"}, {"no such note", p.goClient(""), "absent"}} {
		for _, transport := range transports {
			waited := false
			err := c.client.Follow(ctx, goclient.Subscription{Transport: transport, NoteID: c.note, OnState: func(s goclient.State) {
				waited = waited || s.Phase == goclient.Waiting
			}}, func(goclient.Event) error { return nil })
			if err == nil || ctx.Err() != nil || waited {
				t.Errorf("%s by %s, note %q: %v; it waited: %v", c.name, transport, c.note, err, waited)
			}
		}
	}
}

// Losing the right to read ends a follower on either transport.
func TestGoClientEndsWithItsAccess(t *testing.T) {
	p := start(t)
	owner, reader := p.goClient(""), p.goClient("bob")
	if _, err := owner.Mutate(t.Context(), "create", "n", nil); err != nil {
		t.Fatal(err)
	}
	for _, transport := range transports {
		share(t, owner, map[string]any{"members": []map[string]any{{"userId": "bob", "role": "read"}}})
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err := reader.Follow(ctx, goclient.Subscription{Transport: transport, NoteID: "n"}, func(e goclient.Event) error {
			share(t, owner, map[string]any{"remove": []string{"bob"}})
			return nil
		})
		cancel()
		if end, ok := errors.AsType[*goclient.Closed](err); !ok || end.Code != goclient.CodeAccessLost {
			t.Errorf("%s: %v", transport, err)
		}
	}
}

func share(t *testing.T, c *goclient.Client, body map[string]any) {
	t.Helper()
	if _, err := c.Mutate(t.Context(), "share", "n", body); err != nil {
		t.Error(err)
	}
}

// A follower sees every change once and in order while the server is killed again and again
// and comes back at another address; and its own mutations, sent again when no answer came,
// have one effect each.
func TestGoClientFollowsAcrossCrashes(t *testing.T) {
	binary, dir := buildProgram(t), t.TempDir()
	var base atomic.Pointer[string]
	server := launch(t, dir, nil, binary)
	base.Store(&server.URL)
	c, err := goclient.New("", goclient.Options{Base: func() string { return *base.Load() }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := c.Mutate(ctx, "create", "n", nil); err != nil {
		t.Fatal(err)
	}
	const edits, crashes, leg = 240, 3, 60 // a crash in each leg but the last
	type followed struct {
		name       string
		versions   []int64
		reconnects int
		err        error
	}
	done := make(chan followed, 2*len(transports))
	underWay := make(chan struct{}, 2*len(transports)*edits/leg) // a follower is in the next leg
	for _, transport := range transports {
		for _, note := range []string{"", "n"} {
			go func() {
				f := followed{name: fmt.Sprintf("%s, note %q", transport, note)}
				enough := errors.New("enough")
				f.err = c.Follow(ctx, goclient.Subscription{
					Transport: transport, NoteID: note, Cursor: "0", Backoff: goclient.Backoff{First: 50 * time.Millisecond, Most: 200 * time.Millisecond},
					OnState: func(s goclient.State) {
						if s.Phase == goclient.Waiting {
							f.reconnects++
						}
					},
				}, func(e goclient.Event) error {
					f.versions = append(f.versions, e.Version)
					if e.Version%leg == leg/2 {
						underWay <- struct{}{}
					}
					if e.Version > edits {
						return enough
					}
					return nil
				})
				if f.err == enough {
					f.err = nil
				}
				done <- f
			}()
		}
	}
	crashed := make(chan struct{}, crashes)
	go func() {
		for i := range edits {
			if i > 0 && i%leg == 0 {
				<-crashed
			}
			body := map[string]any{"changes": map[string]any{"content": fmt.Sprint(i)}, "mutationId": fmt.Sprint("m", i)}
			for ctx.Err() == nil {
				_, err := c.Mutate(ctx, "edit", "n", body)
				if err == nil {
					break
				}
				if refusal, ok := errors.AsType[*goclient.Refusal](err); ok && refusal.Code != "unavailable" {
					t.Error(err)
					return
				}
				time.Sleep(10 * time.Millisecond) // the program is coming back
			}
		}
	}()
	for range crashes {
		for range cap(done) {
			select {
			case <-underWay:
			case <-time.After(2 * patience):
				t.Fatal("a follower is stuck")
			}
		}
		server.kill()
		crashed <- struct{}{}
		server = launch(t, dir, nil, binary)
		base.Store(&server.URL)
	}
	var want []int64
	for v := range int64(edits + 1) {
		want = append(want, v+1)
	}
	for range cap(done) {
		f := <-done
		if f.err != nil || !slices.Equal(f.versions, want) {
			t.Errorf("%s: %v; %d events: %v", f.name, f.err, len(f.versions), f.versions)
		}
		if f.reconnects < crashes {
			t.Errorf("%s reconnected only %d times", f.name, f.reconnects)
		}
	}
	server.stop(t)
}
