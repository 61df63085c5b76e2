package edge_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"notewire/client/goclient"
	"notewire/edge/edgetest"
)

const patience = 20 * time.Second

func TestMain(m *testing.M) {
	code := m.Run()
	edgetest.Clean()
	os.Exit(code)
}

// user is a client of that user's, at the edge or, with direct, at the origin.
func user(t *testing.T, e *edgetest.Edge, name string, direct bool) *goclient.Client {
	t.Helper()
	issuer, err := goclient.New(e.Origin.URL, goclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	token, err := issuer.DevToken(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	base := e.URL
	if direct {
		base = e.Origin.URL
	}
	c, err := goclient.New(base, goclient.Options{Token: func(context.Context) (string, error) { return token, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// do carries out a mutation, which must succeed.
func do(t *testing.T, c *goclient.Client, op, note string, body map[string]any) *goclient.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	a, err := c.Mutate(ctx, op, note, body)
	if err != nil {
		t.Fatalf("%s: %v", op, err)
	}
	return a
}

func edit(text string) map[string]any {
	return map[string]any{"changes": map[string]any{"content": text}}
}

// open opens a stream, of a note or, without one, of the account.
func open(t *testing.T, c *goclient.Client, by goclient.Transport, note, cursor string) *goclient.Stream {
	t.Helper()
	s, err := tryOpen(t, c, by, note, cursor)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tryOpen(t *testing.T, c *goclient.Client, by goclient.Transport, note, cursor string) (*goclient.Stream, error) {
	t.Helper()
	var s *goclient.Stream
	var err error
	if note != "" {
		s, err = c.OpenNote(t.Context(), by, note, cursor)
	} else {
		s, err = c.OpenAccount(t.Context(), by, cursor)
	}
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, err
}

// next returns the next frame, heartbeats aside.
func next(t *testing.T, s *goclient.Stream) goclient.Event {
	t.Helper()
	e, err := tryNext(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func tryNext(t *testing.T, s *goclient.Stream) (goclient.Event, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		if e, err := s.Next(ctx); err != nil || e.Type != "pong" {
			return e, err
		}
	}
}

// expect reads frames of those types, and returns the last.
func expect(t *testing.T, s *goclient.Stream, types ...string) goclient.Event {
	t.Helper()
	var e goclient.Event
	for _, want := range types {
		if e = next(t, s); e.Type != want {
			t.Fatalf("got %s, want %s", e.Data, want)
		}
	}
	return e
}

// closed reads to the end, which must have that code.
func closed(t *testing.T, s *goclient.Stream, code int) []goclient.Event {
	t.Helper()
	var events []goclient.Event
	for {
		e, err := tryNext(t, s)
		if err == nil {
			events = append(events, e)
			continue
		}
		if end, ok := errors.AsType[*goclient.Closed](err); !ok || end.Code != code {
			t.Fatalf("after %d frames: %v, want code %d", len(events), err, code)
		}
		return events
	}
}

// forEachTransport runs f by WebSocket and by SSE.
func forEachTransport(t *testing.T, f func(t *testing.T, by goclient.Transport)) {
	for _, by := range []goclient.Transport{goclient.WebSocket, goclient.SSE} {
		t.Run(string(by), func(t *testing.T) { f(t, by) })
	}
}

// alone names something of this test's alone: tests share an edge.
var counter int

func alone(name string) string {
	counter++
	return fmt.Sprintf("%s-%d", name, counter)
}
