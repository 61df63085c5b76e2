package edgetest

import (
	"os"
	"path/filepath"
	"testing"
)

// caller is a worker that only calls the core: [[name, input], …] in, the answers out, one a
// line.
const caller = `
import { callBytes } from "./core.js";
const call = (name, input) => {
  try {
    return new TextDecoder().decode(callBytes(name, new TextEncoder().encode(input)));
  } catch (error) {
    return "trap";
  }
};
export default {
  async fetch(request) {
    const calls = await request.json();
    return new Response(calls.map(([name, input]) => call(name, input)).join("\n"));
  },
};
`

const callerConfig = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "caller", worker = (
    modules = [
      (name = "caller.js", esModule = embed "caller.js"),
      (name = "core.js", esModule = embed "core.js"),
      (name = "wasi.js", esModule = embed "wasi.js"),
      (name = "core.wasm", wasm = embed "core.wasm"),
    ],
    compatibilityDate = "2025-09-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "caller")],
);
`

// Caller runs a worker that only calls the core, through the worker's own code.
func Caller(t testing.TB) *Workerd {
	t.Helper()
	binary(t)
	watch(t)
	get(t, core)
	dist := get(t, scripts)
	for name, text := range map[string]string{"caller.js": caller, "caller.capnp": callerConfig} {
		if err := os.WriteFile(filepath.Join(dist, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return startWorkerd(t, filepath.Join(dist, "caller.capnp"), nil, nil)
}
