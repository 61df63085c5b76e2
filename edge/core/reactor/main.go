//go:build wasip1

// Command reactor is core as a WebAssembly module: `GOOS=wasip1 GOARCH=wasm go build
// -buildmode=c-shared`. After _initialize the host asks input for room, writes there, and
// calls a function by its name with the number of bytes; what it returns is where the answer
// is: address<<32 | length. Address and answer are good until the next call. A host calls from
// one thread, and drops an instance that trapped.
package main

import (
	"unsafe"

	"notewire/edge/core"
)

var in, out []byte // what the host was told the address of

//go:wasmexport input
func input(size int32) uint32 {
	if int(size) > cap(in) || cap(in) > keep && int(size) <= keep {
		in = make([]byte, max(int(size), 4<<10))
	}
	in = in[:cap(in)]
	return address(in)
}

// keep is how large an input's room may stay for the next call.
const keep = 1 << 20

func answer(name string, size int32) uint64 {
	out = core.Call(name, in[:size])
	return uint64(address(out))<<32 | uint64(len(out))
}

func address(b []byte) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

//go:wasmexport decide
func decide(size int32) uint64 { return answer("decide", size) }

//go:wasmexport up
func up(size int32) uint64 { return answer("up", size) }

//go:wasmexport down
func down(size int32) uint64 { return answer("down", size) }

//go:wasmexport event
func event(size int32) uint64 { return answer("event", size) }

//go:wasmexport token
func token(size int32) uint64 { return answer("token", size) }

//go:wasmexport admit
func admit(size int32) uint64 { return answer("admit", size) }

//go:wasmexport place
func place(size int32) uint64 { return answer("place", size) }

//go:wasmexport see
func see(size int32) uint64 { return answer("see", size) }

//go:wasmexport refuse
func refuse(size int32) uint64 { return answer("refuse", size) }

// main is never called: the host calls the functions.
func main() {}
