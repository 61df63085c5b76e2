// Package edgetest builds the edge and runs it in workerd, with the real server behind it, for
// tests.
package edgetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// Module builds the core as WebAssembly, once for all tests of a process, and returns its
// path.
func Module(t testing.TB) string {
	t.Helper()
	return filepath.Join(get(t, core), "core.wasm")
}

// get returns what was built, once.
func get(t testing.TB, built func() (string, error)) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// dir is where a process's builds are.
var dir = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "notewire-edge-") })

// Clean removes what was built. TestMain calls it last.
func Clean() {
	if path, err := dir(); err == nil {
		_ = os.RemoveAll(path)
	}
}

var core = built("dist", func(out string) *exec.Cmd {
	build := exec.Command("go", "build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(out, "core.wasm"), "./core/reactor")
	build.Dir = source()
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	return build
})

// scripts is the worker, beside the core: a directory that config.capnp names.
var scripts = built("dist", func(out string) *exec.Cmd {
	build := exec.Command("node", filepath.Join("node_modules", "typescript", "bin", "tsc"), "--outDir", out)
	build.Dir = filepath.Join(source(), "worker")
	return build
})

var server = built("notewire.exe", func(out string) *exec.Cmd {
	build := exec.Command("go", "build", "-o", out, "./functions/server")
	build.Dir = filepath.Dir(source())
	return build
})

// built runs a build once, when it is needed first.
func built(name string, command func(out string) *exec.Cmd) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		dir, err := dir()
		if err != nil {
			return "", err
		}
		path := filepath.Join(dir, name)
		build := command(path)
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%v: %w\n%s", build, err, out)
		}
		return path, nil
	})
}

// watch has go test see when the worker's sources change, which other programs read: what it
// remembers of a test is of no use then.
func watch(t testing.TB) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(source(), "worker", "src", "*.ts"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the worker has no sources: %v", err)
	}
	for _, path := range files {
		if _, err := os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
}

// source is the directory edge.
func source() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(file))
}
