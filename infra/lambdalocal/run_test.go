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
	"testing"

	"notewire/dynamo/ddb/ddbtest"
)

// lambda runs the three functions until the test ends, and returns where they are.
func lambda(t *testing.T, env ...string) (p *program, web, sockets string) {
	t.Helper()
	for _, program := range []string{"java", "mvn"} {
		if _, err := exec.LookPath(program); err != nil && os.Getenv("CI") == "true" {
			t.Fatalf("CI must have %s", program)
		} else if err != nil {
			t.Skipf("this test needs DynamoDB Local, and that Java 17 and Maven: %v", err)
		}
	}
	t.Chdir("../..")
	t.Setenv("JAVA_TOOL_OPTIONS", ddbtest.JavaOptions)
	ctx, stop := context.WithCancel(t.Context())
	banner, out := io.Pipe()
	ended := make(chan error, 1)
	p = &program{
		Table: "notewire", DataDir: t.TempDir(), Stage: "local", Template: "infra/template.yaml", Concurrency: 40, Freeze: true,
		Env: env,
	}
	go func() {
		ended <- p.run(ctx, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), out)
		out.Close()
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	web, sockets = addresses(t, banner, ended)
	go func() { _, _ = io.Copy(io.Discard, banner) }()
	return p, web, sockets
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
