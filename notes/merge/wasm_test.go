//go:build !wasip1

package merge

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

// Clients merge ciphertexts, which the server cannot read, with the same code: as WebAssembly it
// gives the same results, and has stack enough for the deepest JSON.
func TestMergesAsWebAssembly(t *testing.T) {
	if testing.Short() {
		t.Skip("compiling for WebAssembly takes some seconds")
	}
	out := runWASM(t, "-test.v", "-test.run=^(TestText|TestTokens|TestJSON|TestDeepJSON|TestDiff)$")
	for _, name := range []string{"TestText", "TestTokens", "TestJSON", "TestDeepJSON", "TestDiff"} {
		if !strings.Contains(out, "--- PASS: "+name+" ") {
			t.Errorf("%s did not pass:\n%s", name, out)
		}
	}
}

// BenchmarkWASM logs the benchmark of 64 KiB to 1 MiB as WebAssembly in wazero.
func BenchmarkWASM(b *testing.B) {
	for b.Loop() {
		b.Log("\n" + runWASM(b, "-test.run=^$", "-test.bench=TextSize", "-test.benchtime=5x"))
	}
}

// runWASM runs the tests of this package as WebAssembly and returns what they print.
func runWASM(t testing.TB, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "merge.wasm")
	build := exec.Command("go", "test", "-c", "-o", file, ".")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	runtime := wazero.NewRuntime(ctx)
	defer runtime.Close(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, runtime)
	var out bytes.Buffer
	config := wazero.NewModuleConfig().WithArgs(append([]string{"merge.wasm"}, args...)...).WithStdout(&out).WithStderr(&out).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)
	if _, err := runtime.InstantiateWithConfig(ctx, code, config); err != nil {
		if exit, ok := err.(*sys.ExitError); !ok || exit.ExitCode() != 0 {
			t.Fatalf("%v\n%s", err, out.String())
		}
	}
	return out.String()
}
