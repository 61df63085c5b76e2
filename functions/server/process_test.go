package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"notewire/dynamo/ddb/ddbtest"
)

// What all tests of the package share: the program, built once, and a DynamoDB Local.
func TestMain(m *testing.M) {
	code := m.Run()
	ddbtest.Stop()
	_ = os.RemoveAll(builtIn)
	os.Exit(code)
}

// builtIn is the directory of the built program; empty: no test needed it.
var builtIn string

var built = sync.OnceValues(func() (path string, err error) {
	if builtIn, err = os.MkdirTemp("", "notewire-"); err != nil {
		return "", err
	}
	path = filepath.Join(builtIn, "notewire.exe") // Windows wants the name, others do not mind
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return path, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// buildProgram builds the real binary, if no test has yet, and returns its path.
func buildProgram(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// process is the program as a user runs it: a binary in a process of its own.
type process struct {
	URL    string // from the banner
	cmd    *exec.Cmd
	stderr bytes.Buffer
	banner chan string   // gets the URL; closed at the end of the output
	ended  chan struct{} // closed when the process, and whoever shares its output, has ended
	err    error         // how it ended; read after ended
}

// launch runs a command that ends in the program's path, and waits for the banner.
func launch(t *testing.T, dir string, env []string, command ...string) *process {
	t.Helper()
	p := spawn(t, dir, env, command...)
	select {
	case url, ok := <-p.banner:
		if !ok {
			<-p.ended
			t.Fatalf("%s ended before its banner: %v\n%s", command, p.err, &p.stderr)
		}
		p.URL = url
	case <-time.After(patience):
		t.Fatalf("%s shows no banner", command)
	}
	return p
}

// spawn is launch without the waiting.
func spawn(t *testing.T, dir string, env []string, command ...string) *process {
	t.Helper()
	args := append(command[1:len(command):len(command)], "serve", "--port=0", "--data-dir="+dir)
	p := &process{cmd: exec.Command(command[0], args...), banner: make(chan string, 1), ended: make(chan struct{})}
	p.cmd.Env = append([]string{"LOG_LEVEL=error"}, env...) // and nothing else: a PORT of the machine's must not count
	p.cmd.Stderr = &p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.watch(stdout)
	t.Cleanup(p.kill)
	return p
}

func (p *process) watch(stdout io.Reader) {
	defer close(p.ended)
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if _, url, ok := strings.Cut(lines.Text(), "Notewire is running.  Open "); ok {
			p.banner <- url
		}
	}
	close(p.banner)
	p.err = p.cmd.Wait()
}

// kill ends the process as a crash does, wherever it is.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // fails only if it has ended
	<-p.ended
}

// stop ends the process, which must not have complained.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.interrupt(t)
	p.mustBeQuiet(t)
}

// interrupt ends the process as Ctrl-C does.
func (p *process) interrupt(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(2 * patience):
		t.Fatal("the program does not stop")
	}
	if p.err != nil {
		t.Errorf("the program ended with %v", p.err)
	}
}

// mustBeQuiet says what an ended process complained about: errors, panics.
func (p *process) mustBeQuiet(t *testing.T) {
	t.Helper()
	if p.stderr.Len() > 0 {
		t.Errorf("the program complained:\n%.4000s", &p.stderr)
	}
}

// caller is one user's way to the program. Its methods may be used from any goroutine: they
// return errors. An error means that no whole answer came.
type caller struct {
	http  *http.Client
	url   string
	token string
}

// callers signs the users in. They share a client that keeps a connection for each.
func (p *process) callers(users ...string) (map[string]caller, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * len(users)}, Timeout: time.Minute}
	signedIn := map[string]caller{}
	for _, user := range users {
		c := caller{http: client, url: p.URL}
		var answer struct{ Token string }
		if err := c.read("/dev/token?user="+user, &answer); err != nil {
			return nil, err
		}
		c.token = answer.Token
		signedIn[user] = c
	}
	return signedIn, nil
}

func (c caller) request(method, path, body string) (*http.Response, error) {
	req, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return c.http.Do(req)
}

func (c caller) do(method, path, body string) (reply, error) {
	res, err := c.request(method, path, body)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, data}, err
}

// read gets a JSON answer into v.
func (c caller) read(path string, v any) error {
	r, err := c.do("GET", path, "")
	if err == nil && r.Status != http.StatusOK {
		err = fmt.Errorf("%d %.300s", r.Status, r.Body)
	}
	if err == nil {
		err = json.Unmarshal(r.Body, v)
	}
	if err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	return nil
}

// setting is an environment variable that chooses the long form of a test, or its default.
func setting(t *testing.T, name string, short int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return short
	}
	var n int
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		t.Fatalf("%s=%s is not a number", name, text)
	}
	return n
}
