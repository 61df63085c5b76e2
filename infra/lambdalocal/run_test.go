package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// The three functions as they are deployed: a note that is posted to one comes out of the
// WebSocket of another, by the table's stream and the third.
func TestANoteGoesThroughAllFunctions(t *testing.T) {
	for _, program := range []string{"java", "mvn"} {
		if _, err := exec.LookPath(program); err != nil && os.Getenv("CI") == "true" {
			t.Fatalf("CI must have %s", program)
		} else if err != nil {
			t.Skipf("this test needs DynamoDB Local, and that Java 17 and Maven: %v", err)
		}
	}
	t.Chdir("../..")
	ctx, stop := context.WithCancel(t.Context())
	banner, out := io.Pipe()
	ended := make(chan error, 1)
	p := program{
		Table: "notewire", DataDir: t.TempDir(), Stage: "local", Template: "infra/template.yaml", Concurrency: 10, Freeze: true,
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	go func() { ended <- p.run(ctx, log, out); out.Close() }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	httpURL, socketURL := addresses(t, banner, ended)
	go func() { _, _ = io.Copy(io.Discard, banner) }()

	token := get(t, httpURL+"/dev/token?user=alice")["token"].(string)
	c, _, err := websocket.Dial(ctx, socketURL, &websocket.DialOptions{Subprotocols: []string{"notewire.v1", "bearer." + token}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	await(t, c, "auth_success")
	req, err := http.NewRequestWithContext(ctx, "POST", httpURL+"/api/notes", strings.NewReader(`{"title":"through all functions","content":""}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		said, _ := io.ReadAll(res.Body)
		t.Fatalf("status %d: %s", res.StatusCode, said)
	}
	if frame := await(t, c, "note_created_sync"); !strings.Contains(frame, "through all functions") {
		t.Errorf("got %s", frame)
	}
}

// addresses reads the banner.
func addresses(t *testing.T, banner io.Reader, ended chan error) (web, sockets string) {
	t.Helper()
	if _, err := fmt.Fscanf(banner, "\n  Notewire on Lambda contracts.  HTTP and SSE: %s  WebSocket: %s\n", &web, &sockets); err != nil {
		why := <-ended
		ended <- nil // for whoever waits for the end
		t.Fatalf("no banner: %v", why)
	}
	return web, sockets
}

func get(t *testing.T, url string) (answer map[string]any) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// await reads frames up to one of a type.
func await(t *testing.T, c *websocket.Conn, kind string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, frame, err := c.Read(ctx)
		if err != nil {
			t.Fatalf("waiting for %s: %v", kind, err)
		}
		if strings.Contains(string(frame), `"type":"`+kind+`"`) {
			return string(frame)
		}
	}
}
