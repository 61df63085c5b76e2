package edgetest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

const patience = 30 * time.Second

// Workerd is a running workerd.
type Workerd struct {
	URL  string
	t    testing.TB
	args []string
	env  []string
	cmd  *exec.Cmd
	log  *log
}

// binary finds workerd, or ends the test: without the program it is skipped, and with CI=true
// it fails.
func binary(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("WORKERD"); path != "" {
		return path
	}
	found, _ := filepath.Glob(filepath.Join(source(), "worker", "node_modules", "@cloudflare", "workerd-*", "bin", "workerd*"))
	if len(found) == 0 {
		const how = "workerd is not installed: npm ci --prefix edge/worker (or set WORKERD to its path)"
		if os.Getenv("CI") == "true" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	return found[0]
}

// startWorkerd runs a configuration on a free port of the loopback. env is all that it sees
// of the environment.
func startWorkerd(t testing.TB, config string, env, args []string) *Workerd {
	t.Helper()
	w := &Workerd{
		t: t, env: env, log: &log{},
		args: append([]string{"serve", config, "--control-fd=3"}, args...),
	}
	w.run("127.0.0.1:0")
	t.Cleanup(func() {
		w.Kill()
		if t.Failed() {
			t.Logf("workerd said:\n%s", w.log)
		}
	})
	return w
}

func (w *Workerd) run(address string) {
	w.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		w.t.Fatal(err)
	}
	defer read.Close()
	w.cmd = exec.Command(binary(w.t), append(w.args, "--socket-addr=http="+address)...)
	w.cmd.Env, w.cmd.Stdout, w.cmd.Stderr, w.cmd.ExtraFiles = w.env, w.log, w.log, []*os.File{write}
	err = w.cmd.Start()
	_ = write.Close()
	if err != nil {
		w.t.Fatal(err)
	}
	_ = read.SetReadDeadline(time.Now().Add(patience))
	var listening struct {
		Event string
		Port  int
	}
	for lines := bufio.NewScanner(read); lines.Scan(); {
		if json.Unmarshal(lines.Bytes(), &listening) == nil && listening.Event == "listen" {
			w.URL = fmt.Sprintf("http://127.0.0.1:%d", listening.Port)
			return
		}
	}
	w.Kill()
	w.t.Fatalf("workerd does not listen:\n%s", w.log)
}

// Kill ends workerd as a crash does. A gentler end waits for streams, for ever.
func (w *Workerd) Kill() {
	_ = w.cmd.Process.Kill() // fails only if it has ended
	_ = w.cmd.Wait()
}

// Restart runs it again after Kill, at the same address and with what it had stored.
func (w *Workerd) Restart() {
	w.t.Helper()
	w.run(w.URL[len("http://"):])
}

// Said returns what workerd and the worker have written to their output.
func (w *Workerd) Said() string { return w.log.String() }

// log is output that is read while it is written.
type log struct {
	mu   sync.Mutex
	text []byte
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	return len(p), nil
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
