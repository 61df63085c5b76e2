package core_test

import (
	"context"
	"os"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"notewire/edge/edgetest"
)

// instance is the WebAssembly module in wazero.
type instance struct {
	t      *testing.T
	module api.Module
}

func newInstance(t *testing.T) *instance {
	t.Helper()
	code, err := os.ReadFile(edgetest.Module(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	runtime := wazero.NewRuntime(ctx)
	t.Cleanup(func() { _ = runtime.Close(context.Background()) })
	wasi_snapshot_preview1.MustInstantiate(ctx, runtime)
	config := wazero.NewModuleConfig().WithStartFunctions("_initialize").WithStderr(os.Stderr)
	module, err := runtime.InstantiateWithConfig(ctx, code, config)
	if err != nil {
		t.Fatal(err)
	}
	return &instance{t, module}
}

func (i *instance) call(name string, in []byte) []byte {
	i.t.Helper()
	at, err := i.module.ExportedFunction("input").Call(i.t.Context(), uint64(len(in)))
	if err != nil {
		i.t.Fatal(err)
	}
	if !i.module.Memory().Write(uint32(at[0]), in) {
		i.t.Fatal("the input does not fit")
	}
	answer, err := i.module.ExportedFunction(name).Call(i.t.Context(), uint64(len(in)))
	if err != nil {
		i.t.Fatalf("%s %s: %v", name, in, err)
	}
	out, ok := i.module.Memory().Read(uint32(answer[0]>>32), uint32(answer[0]))
	if !ok {
		i.t.Fatal("the answer is nowhere")
	}
	return append([]byte(nil), out...)
}
