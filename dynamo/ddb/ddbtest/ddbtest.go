// Package ddbtest runs the real DynamoDB Local for tests. Where DYNAMODB_LOCAL is the URL of one,
// the tests use that.
package ddbtest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// JavaOptions is JAVA_TOOL_OPTIONS for a DynamoDB Local of some minutes: it begins in half the
// time, and takes a fifth less.
const JavaOptions = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"

// Start runs DynamoDB Local, empty and in memory, until the test ends, and returns its URL.
// Without Java the test is skipped, and says how to get it; in CI it must be there.
func Start(t testing.TB) (url string) {
	t.Helper()
	l, err := start()
	need(t, err)
	t.Cleanup(l.stop)
	return l.url
}

// Shared returns the URL of a DynamoDB Local that all tests of the process share. It is started
// when it is needed first; TestMain ends it with Stop. Whoever uses it has tables of his own, and
// switches their streams off: each commit takes longer, the more records the streams of all
// tables have (10 ms with none, 40 ms with 2,000).
func Shared(t testing.TB) (url string) {
	t.Helper()
	l, err := shared()
	need(t, err)
	return l.url
}

// Stop ends what Shared started, if it did.
func Stop() { stopShared() }

var (
	stopShared = func() {}
	shared     = sync.OnceValues(func() (*local, error) {
		l, err := start()
		if err == nil {
			stopShared = l.stop
		}
		return l, err
	})
)

// local is a DynamoDB Local.
type local struct {
	url  string
	stop func()
}

func start() (*local, error) {
	if url := os.Getenv("DYNAMODB_LOCAL"); url != "" {
		return &local{url, func() {}}, nil
	}
	_, file, _, _ := runtime.Caller(0)
	cmd := exec.Command(filepath.Join(filepath.Dir(file), "..", "..", "..", "infra", "dynamodb-local", "run.sh"), "0")
	cmd.Env = append(os.Environ(), "JAVA_TOOL_OPTIONS="+JavaOptions)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "DynamoDB Local listens on "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &local{"http://" + address, func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }}, nil // it keeps nothing
		}
	}
	err = cmd.Wait()
	return nil, fmt.Errorf("it does not start: %w\n%s", err, &stderr)
}

// need ends a test that cannot be without what err says is missing.
func need(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("CI must have DynamoDB Local: %v", err)
	default:
		t.Skipf("this test needs DynamoDB Local: %v", err)
	}
}
