package core_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"notewire/edge/core"
	"notewire/edge/edgetest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	edgetest.Clean()
	os.Exit(code)
}

// The same inputs give the same bytes, whatever runs the core.
func TestNativeAndWazeroSayTheSame(t *testing.T) {
	wasm := newInstance(t)
	for _, v := range vectors(t) {
		if want, got := core.Call(v.Name, v.In), wasm.call(v.Name, v.In); !bytes.Equal(got, want) {
			t.Errorf("%s %s\n native %s\n wazero %s", v.Name, v.In, want, got)
		}
	}
}

func TestNativeAndWorkerdSayTheSame(t *testing.T) {
	edge := edgetest.Caller(t)
	all := vectors(t)
	broken := vector{"decide", []byte(`{"rows":{"Head":{"Op":"edit"}},"author":"ada","op":"trash","noteId":"n1","body":{"mutationId":"m"}}`)}
	answers := ask(t, edge.URL, append([]vector{broken}, all...))
	if answers[0] != "trap" {
		t.Errorf("a note without a note is decided: %s", answers[0])
	}
	if !strings.Contains(edge.Said(), "nil pointer dereference") {
		t.Errorf("a trap leaves no trace: %s", edge.Said())
	}
	for i, v := range all { // by a new instance: the one that trapped is gone
		if want := string(core.Call(v.Name, v.In)); answers[i+1] != want {
			t.Errorf("%s %s\n native  %s\n workerd %s", v.Name, v.In, want, answers[i+1])
		}
	}
}

func ask(t *testing.T, address string, calls []vector) []string {
	t.Helper()
	in := make([][2]string, len(calls))
	for i, v := range calls {
		in[i] = [2]string{v.Name, string(v.In)}
	}
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(address, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%v: %d %.1000s", err, res.StatusCode, out)
	}
	answers := strings.Split(string(out), "\n")
	if len(answers) != len(calls) {
		t.Fatalf("%d answers to %d calls", len(answers), len(calls))
	}
	return answers
}

// The vectors are worth something: they reach every function, and every kind of answer.
func TestTheVectorsReachEverything(t *testing.T) {
	seen := map[string]int{}
	var answers strings.Builder
	all := vectors(t)
	for _, v := range all {
		seen[v.Name]++
		answers.Write(core.Call(v.Name, v.In))
	}
	t.Logf("%d vectors: %v", len(all), seen)
	for _, name := range core.Names() {
		if seen[name] < 7 {
			t.Errorf("%s has %d vectors", name, seen[name])
		}
	}
	for _, member := range []string{
		`{"commit":`, `{"repeat":`, `{"refusal":`, `"confirmation":`, `note_created_sync`, `note_deleted_sync`, `{\"type\":\"delete\"`, `"mutation_reused"`,
		`version_mismatch`, `"forward":true`, `"auth":{`, `rate_limited`, `"expired":true`, `"sameOrigin":true`, `"gone":"ahead"`, `"verdict":"changed"`,
		`folder_created_sync`, `folder_updated_sync`, `folder_deleted_sync`, `\"merged\":true`, `/kept`, `"note_expired"`, `\"purged\"`, `"folderId":"f1"`, `"forward":true,"folderId":"folder-1"`,
	} {
		if !strings.Contains(answers.String(), member) {
			t.Errorf("no answer has %s", member)
		}
	}
}
