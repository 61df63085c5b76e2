package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const examples = "../../client/examples"

// The examples, as a reader runs them, against the program as a user runs it.
func TestTheExamplesDoWhatTheySay(t *testing.T) {
	needNode(t)
	if _, err := exec.LookPath("curl"); err != nil {
		need(t, "curl", "apt-get install curl")
	}
	p := launch(t, t.TempDir(), nil, buildProgram(t))
	as, err := p.callers("ann")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		says string // at the end
	}{
		{"tRPC", []string{"node", "trpc/walk.js", p.URL, as["ann"].token}, "httpLink: ok\nhttpBatchLink: ok"},
		{"tRPC in local mode", []string{"node", "trpc/walk.js", p.URL}, "httpLink: ok\nhttpBatchLink: ok"},
		{"shell", []string{"sh", "shell/test-notes.sh", p.URL, as["ann"].token}, "ok   an update of another version is refused"},
		{"shell in local mode", []string{"sh", "shell/test-notes.sh", p.URL}, "ok   an update of another version is refused"},
		{"WebSocket", []string{"node", "shell/test-websocket.js", p.URL, as["ann"].token}, "initial 1\nupdate 2\nupdate 3\nupdate 4\nok"},
		{"WebSocket in local mode", []string{"node", "shell/test-websocket.js", p.URL}, "initial 1\nupdate 2\nupdate 3\nupdate 4\nok"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out := runExample(t, c.args...); !strings.HasSuffix(strings.TrimSpace(out), c.says) {
				t.Errorf("%v said\n%s", c.args, out)
			}
		})
	}
	p.stop(t)
}

// The types that the examples have for the API are those that the stock client wants.
func TestTheExamplesTypesFit(t *testing.T) {
	needNode(t)
	runExample(t, "node", "node_modules/typescript/bin/tsc", "--project", ".")
}

// runExample runs a command in the examples' folder, which must succeed.
func runExample(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(within(t, 2*time.Minute), args[0], args[1:]...)
	cmd.Dir = examples
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args[:2], err, out)
	}
	return string(out)
}

func needNode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		need(t, "Node", "apt-get install nodejs")
	}
	if _, err := os.Stat(filepath.Join(examples, "node_modules", "@trpc", "client")); err != nil {
		need(t, "the examples' packages", "run infra/test-tools.sh")
	}
}

// What is installed is what npm's own registry has, by its hash.
func TestTheExamplesAreInstalledFromTheRegistry(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(examples, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Resolved, Integrity string }
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	if len(lock.Packages) < 5 {
		t.Fatalf("%d packages", len(lock.Packages))
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" && !strings.HasPrefix(p.Resolved, "https://registry.npmjs.org/") {
			t.Errorf("%s comes from %s", name, p.Resolved)
		}
		if name != "" && !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("%s has the hash %q", name, p.Integrity)
		}
	}
}
