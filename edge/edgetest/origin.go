package edgetest

import (
	"bufio"
	"io"
	"net/url"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Secret is what origin and edge share in tests.
const Secret = "a secret of tests, which are 32 bytes or more"

// Origin is the real server, a process of its own.
type Origin struct {
	URL string
	t   testing.TB
	dir string
	env []string
	cmd *exec.Cmd
	log *log
}

// startOrigin runs the server on a free port and an empty directory. flags are environment
// variables.
func startOrigin(t testing.TB, flags ...string) *Origin {
	t.Helper()
	o := &Origin{t: t, dir: t.TempDir(), log: &log{}}
	o.env = append([]string{"LOG_LEVEL=error", "RECONNECT_WITHIN=100ms", "EDGE_SECRET=" + Secret}, flags...)
	o.run("0")
	t.Cleanup(func() {
		o.Kill()
		if t.Failed() {
			t.Logf("the origin said:\n%s", o.log)
		}
	})
	return o
}

func (o *Origin) run(port string) {
	o.t.Helper()
	o.cmd = exec.Command(get(o.t, server), "serve", "--port="+port, "--data-dir="+o.dir)
	o.cmd.Env, o.cmd.Stderr = o.env, o.log
	stdout, err := o.cmd.StdoutPipe()
	if err == nil {
		err = o.cmd.Start()
	}
	if err != nil {
		o.t.Fatal(err)
	}
	banner := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if _, address, ok := strings.Cut(lines.Text(), "Notewire is running.  Open "); ok {
				banner <- address
			}
		}
		_, _ = io.Copy(io.Discard, stdout)
	}()
	select {
	case address := <-banner:
		o.URL = strings.Replace(address, "localhost", "127.0.0.1", 1)
	case <-time.After(patience):
		o.Kill()
		o.t.Fatalf("the origin shows no banner:\n%s", o.log)
	}
}

// Stop ends the server as Ctrl-C does.
func (o *Origin) Stop() {
	o.t.Helper()
	if err := o.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		o.t.Fatal(err)
	}
	if err := o.cmd.Wait(); err != nil {
		o.t.Errorf("the origin ended with %v\n%s", err, o.log)
	}
}

// Kill ends it as a crash does.
func (o *Origin) Kill() {
	_ = o.cmd.Process.Kill() // fails only if it has ended
	_ = o.cmd.Wait()
}

// Replace runs it again after its end, at the same address and with another store.
func (o *Origin) Replace() {
	o.t.Helper()
	o.dir = o.t.TempDir()
	o.Restart()
}

// Restart runs it again after its end, at the same address and on the same notes.
func (o *Origin) Restart() {
	o.t.Helper()
	u, err := url.Parse(o.URL)
	if err != nil {
		o.t.Fatal(err)
	}
	o.run(u.Port())
}
