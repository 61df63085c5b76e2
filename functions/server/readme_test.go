package main

import (
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The README's very commands, in its order: those that watch in the background, the others
// one after the other.
func TestTheReadmesCommandsDoWhatItSays(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		need(t, "curl", "apt-get install curl")
	}
	p := start(t)
	host := strings.TrimPrefix(p.URL, "http://")
	blocks := regexp.MustCompile("(?s)```bash\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	if len(blocks) != 4 {
		t.Fatalf("%d blocks of commands, want 4", len(blocks))
	}
	watch, change, again, share := blocks[0][1], blocks[1][1], blocks[2][1], blocks[3][1]
	run := func(script string) *exec.Cmd {
		cmd := exec.Command("bash", "-euc", strings.ReplaceAll(script, "localhost:3000", host))
		cmd.Stderr = t.Output()
		return cmd
	}
	watching := follow(t, run(watch))
	watching.next("auth_success")

	answers, err := run(change).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"version":1`, `"content":"milk, eggs"`, `"versions":[{"version":2`, `"version":3`} {
		if !strings.Contains(string(answers), part) {
			t.Errorf("%s is not in what the commands answered:\n%s", part, answers)
		}
	}
	missed := watching.next("note_created_sync")["cursor"].(string)
	edited := string(watching.raw())
	reverted := watching.next("note_sync")
	if !strings.Contains(edited, "milk, eggs") || reverted["updatedNote"].(map[string]any)["content"] != "milk" {
		t.Errorf("the watching terminal saw\n%s\n%v", edited, reverted)
	}

	fromStart := follow(t, run(again))
	fromStart.next("auth_success")
	fromStart.next("note_created_sync")
	fromThere := follow(t, run(strings.ReplaceAll(again, "Last-Event-ID: 0", "Last-Event-ID: "+missed)))
	fromThere.next("auth_success")
	if got := string(fromThere.raw()); got != edited {
		t.Errorf("replayed\n%s\nlive\n%s", got, edited)
	}

	if answers, err = run(share).Output(); err != nil || !strings.Contains(string(answers), "Shopping for two") {
		t.Errorf("%v %s", err, answers)
	}
}

// follow runs a command that prints events.
func follow(t *testing.T, cmd *exec.Cmd) *frames {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f := &frames{t: t, ch: make(chan []byte, 100), quit: func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }}
	go func() {
		defer close(f.ch)
		_ = readEvents(out, func(data []byte) { f.ch <- data })
	}()
	t.Cleanup(f.quit)
	return f
}

// The README's list of settings is the program's.
func TestTheReadmeListsEverySetting(t *testing.T) {
	_, table, _ := strings.Cut(readme(t), "<!-- configuration")
	table, _, _ = strings.Cut(table, "\n## ")
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile("`([A-Z][A-Z_]+)`").FindAllStringSubmatch(table, -1) {
		listed[m[1]] = true
	}
	for name := range settings(reflect.TypeFor[Serve]()) {
		if !listed[name] {
			t.Errorf("%s is not in the README's list", name)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("%s is in the README's list, and no setting", name)
	}
}

// settings returns the environment variables of a configuration that are not hidden.
func settings(of reflect.Type) map[string]bool {
	names := map[string]bool{}
	for field := range of.Fields() {
		if field.Anonymous {
			for name := range settings(field.Type) {
				names[name] = true
			}
		}
		if _, hidden := field.Tag.Lookup("hidden"); !hidden && field.Tag.Get("env") != "" {
			names[field.Tag.Get("env")] = true
		}
	}
	return names
}
