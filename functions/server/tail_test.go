package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"notewire/client/goclient"
	"notewire/infra/faultproxy/proxy"
)

// tailed runs the command as a user does, in a process of its own, and returns its lines.
func tailed(t *testing.T, binary string, args ...string) (cmd *exec.Cmd, out, complaints *frames) {
	t.Helper()
	cmd = exec.Command(binary, append([]string{"tail"}, args...)...)
	cmd.Env = []string{"TZ=UTC"}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd, lines(t, stdout), lines(t, stderr)
}

func lines(t *testing.T, r io.Reader) *frames {
	f := &frames{t: t, ch: make(chan []byte, 1024), end: func() error { return io.EOF }}
	go func() {
		defer close(f.ch)
		for s := bufio.NewScanner(r); s.Scan(); {
			f.ch <- bytes.Clone(s.Bytes())
		}
	}()
	return f
}

// must fails the test unless the next line has this form.
func must(t *testing.T, f *frames, form string) {
	t.Helper()
	if line := f.raw(); !regexp.MustCompile(form).Match(line) {
		t.Errorf("want %s\ngot  %s", form, line)
	}
}

func TestTailShowsEventsAndEndsWithCtrlC(t *testing.T) {
	binary, p := buildProgram(t), start(t)
	p.must("/api/notes", `{"id":"n","title":"Shopping","content":"milk"}`, p.token("alice"))
	human, humanOut, humanErr := tailed(t, binary, "--url", p.URL, "--user", "alice", "--cursor", "0")
	raw, rawOut, rawErr := tailed(t, binary, "--url", p.URL, "--token", p.rawToken("alice"), "--cursor", "0", "--transport", "sse", "--json")
	note, noteOut, _ := tailed(t, binary, "--url", p.URL, "--user", "alice", "--note", "n")

	must(t, humanOut, `^\d\d:\d\d:\d\d  note_created_sync    n v1  by alice  [0-9a-f]+-1  “Shopping”$`)
	must(t, noteOut, `^\d\d:\d\d:\d\d  initial              n v1  [0-9a-f]+-1  “Shopping”$`)
	if m := rawOut.next("note_created_sync"); m["noteId"] != "n" {
		t.Errorf("%v", m)
	}
	p.must("/api/notes/n/share", `{"members":[{"userId":"bob","role":"write"}]}`, p.token("alice"))
	must(t, humanOut, `  note_sync            n v2  by alice  [0-9a-f]+-2  “Shopping”$`)
	must(t, noteOut, `  update               n v2  by alice  [0-9a-f]+-2  “Shopping”$`)
	p.must("/api/notes/n", `{"changes":{"title":"`+strings.Repeat("ab", 30)+`"}}`, p.token("bob"))
	must(t, humanOut, `  n v3  by bob  [0-9a-f]+-3  “(ab){19}a…”$`)
	must(t, noteOut, `  n v3  by bob  [0-9a-f]+-3  “(ab){19}a…”$`)
	rawOut.next("note_sync")
	rawOut.next("note_sync")
	p.must("/api/notes/n/trash", "", p.token("alice"))
	must(t, humanOut, `  note_deleted_sync    n v4  by alice  [0-9a-f]+-4  \(trashed\)$`)
	must(t, noteOut, `  delete               n v4  by alice  [0-9a-f]+-4$`)
	noteOut.over()
	if err := note.Wait(); err != nil {
		t.Errorf("after the note was deleted it ended with %v", err)
	}
	for cmd, complaints := range map[*exec.Cmd]*frames{human: humanErr, raw: rawErr} {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		for line := range complaints.ch {
			t.Errorf("%v complained: %s", cmd, line)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("after Ctrl-C %v ended with %v", cmd, err)
		}
	}
}

func TestTailSaysWhatItMeasured(t *testing.T) {
	t.Parallel() // it waits most of the time
	p := start(t)
	network, err := proxy.Start("127.0.0.1:0", p.URL, proxy.Options{Shapes: []proxy.Shape{proxy.RefuseUpgrades, proxy.Buffer}, Hold: 4000, RefuseStatus: 403})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(network.Close)
	binary := buildProgram(t)
	_, out, complaints := tailed(t, binary, "--url", network.URL(), "--transport", "auto", "--cursor", "0")
	must(t, complaints, `^notewire: websocket: .* 403 .*; sse: .*, up to 4096 bytes held back; poll: .*s; using sse padded with 4096 bytes$`)
	p.must("/api/notes", `{"id":"n"}`)
	must(t, out, ` n v1 `)
	_, out, _ = tailed(t, binary, "--url", network.URL(), "--transport", "poll", "--cursor", "0")
	must(t, out, ` n v1 `)
}

func TestTailSaysThatItReconnects(t *testing.T) {
	t.Parallel() // it waits most of the time
	binary, dir := buildProgram(t), t.TempDir()
	first := startIn(t, dir)
	_, out, complaints := tailed(t, binary, "--url", first.URL, "--cursor", "0")
	first.must("/api/notes", `{"id":"n"}`)
	must(t, out, ` n v1 `)
	first.stop()
	must(t, complaints, `^notewire: .*the server stops.*; connecting again in `)
	second := startIn(t, dir, "--port="+first.URL[strings.LastIndex(first.URL, ":")+1:])
	for {
		if line := string(complaints.raw()); !strings.Contains(line, "connecting again") {
			if !regexp.MustCompile(`^notewire: connected again, going on after [0-9a-f]+-1$`).MatchString(line) {
				t.Error(line)
			}
			break
		}
	}
	second.must("/api/notes/n", `{"changes":{"content":"x"}}`)
	must(t, out, ` n v2 `)
}

func TestTailsErrorsSayWhatToDo(t *testing.T) {
	p := start(t)
	for name, c := range map[string]struct {
		tail Tail
		want string
	}{
		"no server":       {Tail{URL: "http://127.0.0.1:1"}, "no server answers at http://127.0.0.1:1: start one with `notewire serve --port 1`"},
		"no address":      {Tail{URL: "localhost"}, `"localhost" is no server's address`},
		"a forged token":  {Tail{URL: p.URL, Token: "forged", Transport: "sse"}, "sign in with --token, or in local mode with --user"},
		"by WebSocket":    {Tail{URL: p.URL, Token: "forged", Transport: "websocket"}, "sign in with --token, or in local mode with --user"},
		"no such note":    {Tail{URL: p.URL, Note: "absent", Transport: "websocket"}, "not_found"},
		"no name of one":  {Tail{URL: p.URL, User: "not a name", Transport: "websocket"}, "user must be 1 to 64"},
		"somebody else's": {Tail{URL: p.URL, User: "mallory", Note: "mine", Transport: "sse"}, "forbidden"},
	} {
		if name == "somebody else's" {
			p.must("/api/notes", `{"id":"mine"}`)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		c.tail.stdout, c.tail.stderr = io.Discard, t.Output()
		err := c.tail.Run(ctx)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		cancel()
	}
}

func TestTailCannotBeAnybodyOfAServerWithClerk(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, "--clerk-issuer=https://clerk.example.com", "--authorized-parties=https://example.com",
		"--clerk-jwt-key="+string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})))
	for user, want := range map[string]string{"alice": "not in local mode: use --token", "": "sign in with --token"} {
		x := Tail{URL: p.URL, User: user, Transport: "sse", stdout: io.Discard, stderr: t.Output()}
		if err := x.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("as %q: %v, want %s", user, err, want)
		}
	}
}

// What others write must not move the cursor of a terminal.
func TestTailsLinesAreLines(t *testing.T) {
	at := time.Date(2026, 11, 21, 1, 2, 3, 0, time.Local).UnixMilli()
	e := goclient.Event{
		Type: "note_sync", NoteID: "n", Version: 7, Cursor: "e-9",
		Data: fmt.Appendf(nil, `{"timestamp":%d,"fromUserId":"ben","updatedNote":{"title":"a\u001b[2J\nb\u202e漢"}}`, at),
	}
	if got, want := describe(&e), "01:02:03  note_sync            n v7  by ben  e-9  “a[2Jb漢”"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	merged := goclient.Event{Type: "note_sync", NoteID: "n", Version: 8, Cursor: "e-10", Data: fmt.Appendf(nil, `{"timestamp":%d,"merged":true,"updatedNote":{}}`, at)}
	if got, want := describe(&merged), "01:02:03  note_sync            n v8  merged  e-10"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	folder := goclient.Event{Type: "folder_deleted_sync", FolderID: "f", Cursor: "e-9", Data: fmt.Appendf(nil, `{"timestamp":%d,"fromUserId":"ben"}`, at)}
	if got, want := describe(&folder), "01:02:03  folder_deleted_sync  f  by ben  e-9"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	resync := goclient.Event{Type: "resync", Cursor: "e-9", Data: []byte(`{"type":"resync","cursor":"e-9","reason":"epoch"}`)}
	if got, want := describe(&resync), "          resync               e-9  (epoch)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
