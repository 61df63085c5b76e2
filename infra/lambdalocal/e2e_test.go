package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"notewire/client/goclient"
	"notewire/e2e"
)

// The functions as they are deployed keep the promises of the server. While the suite runs,
// one stream goes through 20 windows, and a server works on the same table.
func TestEndToEndOnLambda(t *testing.T) {
	p, web, sockets := lambda(t, "SSE_WINDOW=2s", "POLL_EVERY=100ms")
	rotated := make(chan error, 1)
	go func() { rotated <- rotate(t.Context(), web, 20) }()
	e2e.Run(t, e2e.Hosting{
		Name: "lambda", URL: web, WebSocketURL: sockets, NoteInQuery: true,
		Abilities: e2e.Server().With(e2e.StreamWindow).Without(e2e.LargeFrames, e2e.WholeLargeEvents, e2e.Presence),
	})
	t.Run("who asks is told where the sockets are", func(t *testing.T) {
		offer, _ := get(t, web+"/api/negotiate")["websocket"].(map[string]any)
		if offer["url"] != sockets || offer["noteInQuery"] != true || offer["path"] != nil {
			t.Errorf("%v, and they are at %s", offer, sockets)
		}
	})
	t.Run("a client here and one of a server on the same table get each other's changes", func(t *testing.T) { together(t, p, web, sockets) })
	if err := <-rotated; err != nil {
		t.Errorf("a stream through its windows: %v", err)
	}
}

// as returns the client of a user, with a token of local mode.
func as(ctx context.Context, user, tokens, url, sockets string) (*goclient.Client, error) {
	issuer, err := goclient.New(tokens, goclient.Options{})
	if err != nil {
		return nil, err
	}
	token, err := issuer.DevToken(ctx, user)
	if err != nil {
		return nil, err
	}
	return goclient.New(url, goclient.Options{
		WebSocketURL: sockets, Token: func(context.Context) (string, error) { return token, nil },
	})
}

// rotate follows a log of which there is always more to come, until its stream has ended with
// its window so many times. Each event must be the next.
func rotate(ctx context.Context, web string, times int) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	c, err := as(ctx, "rotating", web, web, "")
	if err != nil {
		return err
	}
	if _, err := c.Mutate(ctx, "create", "rotating", map[string]any{"content": "0"}); err != nil {
		return err
	}
	written := make(chan error, 1)
	writing, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for i := 1; writing.Err() == nil; i++ {
			if _, err := c.Mutate(ctx, "edit", "rotating", map[string]any{"changes": map[string]any{"content": fmt.Sprint(i)}}); err != nil {
				written <- err
				return
			}
			select {
			case <-time.After(200 * time.Millisecond):
			case <-writing.Done():
			}
		}
		written <- nil
	}()
	cursor, events := "0", int64(0)
	for range times {
		if err := window(ctx, c, &cursor, &events); err != nil {
			return err
		}
	}
	stop()
	if events < int64(times) {
		return fmt.Errorf("%d events in %d windows show nothing", events, times)
	}
	return <-written
}

// window reads one stream to its end.
func window(ctx context.Context, c *goclient.Client, cursor *string, events *int64) error {
	stream, err := c.OpenAccount(ctx, goclient.SSE, *cursor)
	if err != nil {
		return err
	}
	defer stream.Close()
	for {
		e, err := stream.Next(ctx)
		if closed, ok := errors.AsType[*goclient.Closed](err); ok && closed.Reconnect {
			return nil
		}
		if err != nil {
			return err
		}
		if e.Type != "note_created_sync" && e.Type != "note_sync" {
			continue
		}
		if *events++; !strings.HasSuffix(e.Cursor, fmt.Sprintf("-%d", *events)) || e.Version != *events {
			return fmt.Errorf("event %d is version %d at %s", *events, e.Version, e.Cursor)
		}
		*cursor = e.Cursor
	}
}

// together has two clients of one account, here and on a server, change a note in turns.
func together(t *testing.T, p *program, web, sockets string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	server := serverOn(t, p)
	here, err := as(ctx, "together", web, web, sockets)
	if err != nil {
		t.Fatal(err)
	}
	there, err := as(ctx, "together", web, server, "") // one issuer: they share its key
	if err != nil {
		t.Fatal(err)
	}
	clients := []*goclient.Client{here, there}
	var streams []*goclient.Stream
	for _, c := range clients {
		s, err := c.OpenAccount(ctx, goclient.WebSocket, "0")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		streams = append(streams, s)
	}
	if _, err := here.Mutate(ctx, "create", "together", nil); err != nil {
		t.Fatal(err)
	}
	for version := int64(1); version <= 6; version++ {
		var frames []string
		for _, s := range streams {
			e, err := s.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			frames = append(frames, string(e.Data))
			if e.Version != version {
				t.Errorf("version %d instead of %d: %s", e.Version, version, e.Data)
			}
		}
		if frames[0] != frames[1] {
			t.Errorf("one gets\n%s\nthe other\n%s", frames[0], frames[1])
		}
		if _, err := clients[version%2].Mutate(ctx, "edit", "together", map[string]any{"changes": map[string]any{"content": fmt.Sprint(version)}}); err != nil {
			t.Fatal(err)
		}
	}
}

// serverOn runs the server on the functions' table, with their issuer's key.
func serverOn(t *testing.T, p *program) (url string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "notewire")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./functions/server").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(binary, "serve", "--port=0", "--data-dir="+p.DataDir, "--log-level=error")
	cmd.Env = append(os.Environ(), "DYNAMODB_TABLE="+p.Table, "AWS_ENDPOINT_URL_DYNAMODB="+p.Dynamodb)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, url, ok := strings.Cut(lines.Text(), "Notewire is running.  Open "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return url
		}
	}
	t.Fatal("the server shows no banner")
	return ""
}
