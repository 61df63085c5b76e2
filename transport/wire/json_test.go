package wire_test

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// fataler is what testing.TB and *rapid.T have in common here.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// membersOf reads a JSON object, whose members' names must differ, at every level.
func membersOf(t fataler, data []byte) map[string]jsontext.Value {
	t.Helper()
	var members map[string]jsontext.Value
	if err := json.Unmarshal(data, &members); err != nil {
		t.Fatalf("%v: %.300s", err, data)
	}
	return members
}

// text reads a JSON string; absent and null are empty.
func text(t fataler, raw jsontext.Value) string {
	t.Helper()
	if raw == nil {
		return ""
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatalf("%v: %.300s", err, raw)
	}
	return s
}

// object writes members as they are.
func object(t fataler, members map[string]jsontext.Value) []byte {
	t.Helper()
	data, err := json.Marshal(members, json.Deterministic(true), jsontext.PreserveRawStrings(true))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// valueOf reads JSON as schemas see it.
func valueOf(t fataler, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v: %.300s", err, data)
	}
	return v
}

// checkOneLine fails unless data is one JSON object, without duplicate names, on one line.
func checkOneLine(t fataler, data []byte) {
	t.Helper()
	membersOf(t, data)
	if bytes.ContainsAny(data, "\r\n") {
		t.Fatalf("more than one line: %.300s", data)
	}
}

func TestEveryGoldenMessageIsOneLineOfJSON(t *testing.T) {
	for _, dir := range []string{"down", "up"} {
		for _, name := range files(t, dir) {
			if name != "account.null" {
				checkOneLine(t, message(t, dir, name))
			}
		}
	}
}
