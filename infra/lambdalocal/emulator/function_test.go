package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAFunctionHasLambdasEnvironmentAndNotTheHosts(t *testing.T) {
	t.Setenv("SECRET_OF_THE_HOST", "1")
	f, _ := start(t, "echo", Config{Region: "eu-central-1"}, "GIVEN=yes")
	text, err := call(t, f, "/")
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Env []string }
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"AWS_LAMBDA_FUNCTION_NAME=test-echo", "_HANDLER=bootstrap", "AWS_REGION=eu-central-1", "AWS_SESSION_TOKEN=local", "GIVEN=yes"} {
		if !slices.Contains(answer.Env, want) {
			t.Errorf("no %s in %q", want, answer.Env)
		}
	}
	if slices.Contains(answer.Env, "SECRET_OF_THE_HOST=1") {
		t.Error("the host's environment came through")
	}
}

func TestAWarmEnvironmentIsUsedAgain(t *testing.T) {
	f, _ := start(t, "echo", Config{Concurrency: 2})
	pid := func() (answer struct{ Pid int }) {
		text, err := call(t, f, "/")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	first := pid()
	eventually(t, "the environment to be idle", func() bool { return len(f.slots) == 0 })
	if second := pid(); second != first {
		t.Errorf("process %d ran the second invocation, not %d", second.Pid, first.Pid)
	}
}

func TestFailuresAreAsLambdaNamesThem(t *testing.T) {
	t.Parallel()
	f, _ := start(t, "http", Config{Timeout: time.Second})
	for path, want := range map[string]FunctionError{
		"/fails":      {"errorString", "failed on purpose"},
		"/panics":     {"string", "on purpose"},
		"/overruns":   {"Sandbox.Timedout", "Task timed out after 1.00 seconds"},
		"/fails-late": {"errorString", "failed behind the head"},
	} {
		_, err := call(t, f, path)
		got, ok := errors.AsType[*FunctionError](err)
		if !ok || got.Type != want.Type || !strings.HasSuffix(got.Message, want.Message) {
			t.Errorf("%s: %v, want %v", path, err, &want)
		}
		if _, err := call(t, f, "/"); err != nil { // by a new process if need be
			t.Errorf("after %s: %v", path, err)
		}
	}
}

func TestAProcessThatDiesFailsItsInvocation(t *testing.T) {
	f, _ := start(t, "exits", Config{})
	_, err := call(t, f, "/")
	if got, ok := errors.AsType[*FunctionError](err); !ok || got.Type != "Runtime.ExitError" || !strings.Contains(got.Message, "exit status 3") {
		t.Error(err)
	}
	if _, err := call(t, NewFunction(Config{Name: "none", Path: "/nowhere"}), "/"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a function without a binary: %v", err)
	}
}

func TestAllBusyIsThrottled(t *testing.T) {
	f, _ := start(t, "http", Config{Concurrency: 1})
	file := filepath.Join(t.TempDir(), "next")
	response, err := f.Invoke(t.Context(), streamEvent(file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := call(t, f, "/"); !errors.Is(err, ErrThrottled) {
		t.Errorf("second invocation: %v", err)
	}
	for i := range 3 {
		touch(t, fmt.Sprint(file, i))
	}
	if _, err := io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the environment to be idle", func() bool { return len(f.slots) == 0 })
	if _, err := call(t, f, "/"); err != nil {
		t.Errorf("after the first: %v", err)
	}
}

func streamEvent(file string) []byte {
	event, _ := json.Marshal(map[string]any{"rawPath": "/stream", "queryStringParameters": map[string]string{"file": file}})
	return event
}

func TestWhoeverLeavesDoesNotStopTheFunction(t *testing.T) {
	f, n := start(t, "http", Config{})
	file := filepath.Join(t.TempDir(), "next")
	response, err := f.Invoke(t.Context(), streamEvent(file))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	for i := range 3 {
		touch(t, fmt.Sprint(file, i))
	}
	n.wait(t, "streamed to the end")
}

// What a goroutine does after the answer is done in the next invocation, or never.
func TestAnIdleEnvironmentIsFrozen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it looks into /proc")
	}
	f, n := start(t, "http", Config{Concurrency: 1})
	if _, err := call(t, f, "/background"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the process to stand still", func() bool { return len(f.slots) == 0 && state(t, f) == "T" })
	before := len(n.lines())
	time.Sleep(50 * time.Millisecond) // ten ticks
	if after := len(n.lines()); after != before {
		t.Errorf("%d ticks while it was frozen", after-before)
	}
	if _, err := call(t, f, "/"); err != nil {
		t.Fatalf("after the thaw: %v", err)
	}

	kept, n := start(t, "http", Config{KeepRunning: true})
	if _, err := call(t, kept, "/background"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the environment to be idle", func() bool { return len(kept.slots) == 0 })
	before = len(n.lines())
	eventually(t, "ticks of one that is not frozen", func() bool { return len(n.lines()) > before+2 })
}

// state is the kernel's letter for the function's only process.
func state(t *testing.T, f *Function) string {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for env := range f.all {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", env.cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		return string(bytes.Fields(stat)[2])
	}
	t.Fatal("no process")
	return ""
}

func TestAnIdleProcessThatWasKilledIsReplaced(t *testing.T) {
	f, _ := start(t, "echo", Config{Concurrency: 1})
	if _, err := call(t, f, "/"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the environment to be idle", func() bool { return len(f.slots) == 0 })
	for env := range f.all {
		env.kill()
	}
	if _, err := call(t, f, "/"); err != nil {
		t.Error(err)
	}
}

func TestSIGTERMComesToWhoRegisteredForIt(t *testing.T) {
	f, n := start(t, "sigterm", Config{})
	if _, err := call(t, f, "/"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	n.wait(t, "SIGTERM")
	if _, err := call(t, f, "/"); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestTheRequestLimit(t *testing.T) {
	f, _ := start(t, "echo", Config{})
	if _, err := f.Call(t.Context(), make([]byte, MaxPayload+1)); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}
