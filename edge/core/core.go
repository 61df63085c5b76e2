// Package core is the part of the edge that decides: pure functions, JSON in, JSON out, by
// name. The same code runs natively in tests, in wazero, and as WebAssembly in the worker
// (see reactor), whose TypeScript has no rules of its own. There is no clock and no chance
// here: time and random values come in.
//
// The functions are Decide's (decide), what a client's frame asks for (up), frames outside of
// the log (down) and of it (event), whose token this is (token), whether a request is welcome
// (admit), where in a log a client stands (place), what a reader of a note may see (see), and
// a refusal as an HTTP answer (refuse).
package core

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// functions is every function, by its name. Each reads one JSON object and returns what it
// answers.
var functions = map[string]func(in []byte) (any, error){
	"decide": call(decide),
	"up":     call(up),
	"down":   call(down),
	"event":  call(event),
	"token":  call(token),
	"admit":  call(admit),
	"place":  call(place),
	"see":    call(see),
	"refuse": call(refuse),
}

// Names lists the functions.
func Names() []string {
	names := make([]string, 0, len(functions))
	for name := range functions {
		names = append(names, name)
	}
	return names
}

// fault is the answer to input that is the caller's mistake: no client can cause it.
type fault struct {
	Fault string `json:"fault"`
}

// Call runs a function: one JSON object in, one out. Input that the caller got wrong is
// answered with {"fault": …}. A panic is a bug in a rule; in WebAssembly it is a trap, and
// the instance must not be used again. Safe for concurrent use.
func Call(name string, in []byte) []byte {
	f := functions[name]
	if f == nil {
		return encode(fault{"there is no function " + name})
	}
	out, err := f(in)
	if err != nil {
		return encode(fault{name + ": " + err.Error()})
	}
	return encode(out)
}

// call makes a function of values one of bytes.
func call[In, Out any](f func(In) (Out, error)) func([]byte) (any, error) {
	return func(data []byte) (any, error) {
		var in In
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil {
			return nil, fmt.Errorf("the input cannot be read: %w", err)
		}
		return f(in)
	}
}

// encode keeps text as it is: a blob's bytes are its author's.
func encode(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("core: an answer cannot be encoded: " + err.Error()) // answers hold plain values
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
