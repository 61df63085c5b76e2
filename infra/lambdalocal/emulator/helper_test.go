package emulator

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"notewire/dynamo/ddb/ddbtest"
)

// testFunction is the binary of testdata/fn.
var testFunction string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "emulator")
	if err != nil {
		panic(err)
	}
	testFunction = filepath.Join(dir, "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", testFunction, "./testdata/fn")
	if out, err := build.CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	ddbtest.Stop()
	_ = os.RemoveAll(dir)
	if code == 0 {
		if err := goleak.Find(); err != nil {
			_, _ = io.WriteString(os.Stderr, err.Error()+"\n")
			code = 1
		}
	}
	os.Exit(code)
}

// start returns a function of real processes, and the file of its notes.
func start(t *testing.T, behaviour string, cfg Config, env ...string) (*Function, *notes) {
	t.Helper()
	n := &notes{path: filepath.Join(t.TempDir(), "notes")}
	cfg.Name, cfg.Path, cfg.Output = "test-"+behaviour, testFunction, t.Output()
	cfg.Env = append(env, "BEHAVIOUR="+behaviour, "NOTES_FILE="+n.path)
	if cfg.Timeout == 0 {
		cfg.Timeout = 20 * time.Second
	}
	f := NewFunction(cfg)
	t.Cleanup(func() { _ = f.Close() })
	return f, n
}

// notes are lines that a function wrote.
type notes struct{ path string }

func (n *notes) lines() []string {
	text, _ := os.ReadFile(n.path)
	whole := text[:strings.LastIndex(string(text), "\n")+1]
	return strings.Split(strings.TrimSuffix(string(whole), "\n"), "\n")
}

// wait waits until a line has the prefix, and returns it.
func (n *notes) wait(t *testing.T, prefix string) string {
	t.Helper()
	var found string
	eventually(t, "a note "+prefix, func() bool {
		for _, line := range n.lines() {
			if strings.HasPrefix(line, prefix) {
				found = line
				return true
			}
		}
		return false
	})
	return found
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// touch makes a file that a function waits for.
func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// call invokes with a path, as a front does.
func call(t *testing.T, f *Function, path string) (string, error) {
	t.Helper()
	event, err := json.Marshal(map[string]string{"rawPath": path})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	answer, err := f.Call(ctx, event)
	return string(answer), err
}
