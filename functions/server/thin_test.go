package main

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/functions/config"
	"notewire/notes"
	"notewire/transport"
)

// oldNote makes a database in dir with a note "old" of the user "local", whose versions are from
// one hour a hundred days ago.
func oldNote(t *testing.T, dir string, versions int) {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(dir, "notewire.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	at := time.Now().Add(-100 * 24 * time.Hour).Truncate(24 * time.Hour)
	now := func() time.Time { at = at.Add(time.Second); return at }
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: config.NewEpoch, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	service := notes.NewService(notes.Config{Store: store, Publisher: silent{}, Limits: notes.DefaultLimits(), NewID: config.NewID, Now: now})
	var op notes.Op = notes.Create{}
	for n := range versions {
		if n > 0 {
			op = notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some(fmt.Sprint(n))}}}
		}
		if _, err := service.Mutate(t.Context(), "local", "", notes.Mutation{Note: "old", Op: op}); err != nil {
			t.Fatal(err)
		}
	}
}

type silent struct{}

func (silent) Publish(notes.Topic, int64) {}

func TestThinOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	oldNote(t, dir, 40)
	run := func(dry bool) string {
		t.Helper()
		var said bytes.Buffer
		x := &Thin{storeFlags: storeFlags{DataDir: dir}, HistoryKeep: 10, LogDays: 30, DryRun: dry, stderr: &said}
		if err := x.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		return said.String()
	}
	for _, step := range []struct {
		dry  bool
		want string
	}{{true, "would remove 29 versions, of 1 notes"}, {false, "removed 29 versions, of 1 notes"}, {false, "removed 0 versions"}} {
		if said := run(step.dry); !strings.HasPrefix(said, step.want) {
			t.Errorf("it said %q, want %q", said, step.want)
		}
	}
	var left []string
	for _, line := range strings.Split(exportOf(t, dir), "\n") {
		if strings.HasPrefix(line, `{"kind":"version"`) {
			_, rest, _ := strings.Cut(line, `"version":`)
			number, _, _ := strings.Cut(rest, ",")
			left = append(left, number)
		}
	}
	if got, want := strings.Join(left, " "), "1 31 32 33 34 35 36 37 38 39 40"; got != want {
		t.Errorf("the versions are %s, want %s", got, want)
	}
	elsewhere := t.TempDir()
	if err := importInto(t, elsewhere, exportOf(t, dir)); err != nil {
		t.Errorf("an archive with holes: %v", err)
	}
	none := &Thin{storeFlags: storeFlags{DataDir: t.TempDir()}, HistoryKeep: 10, LogDays: 30}
	if err := none.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "there is no database") {
		t.Errorf("without a database: %v", err)
	}
}

func TestARetentionThatLeavesTooLittleIsRefused(t *testing.T) {
	for line, want := range map[string]string{
		"serve --history-keep=9": "HISTORY_KEEP", "serve --history-keep=-1": "HISTORY_KEEP", "thin": "all versions are kept",
		"thin --history-keep=9": "HISTORY_KEEP", "thin --history-keep=10 --log-days=0": "LOG_DAYS",
	} {
		var cli commands
		parser, err := kong.New(&cli)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(strings.Fields(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// The 32nd version has the server look at the history. Who follows the note from a version that
// has gone by then is told to resync.
func TestAServerThinsTheHistoryOfANoteThatIsWrittenTo(t *testing.T) {
	dir := t.TempDir()
	oldNote(t, dir, 31)
	p := startIn(t, dir, "--history-keep=10")
	if got := p.get("/api/notes/old/versions/5").Status; got != 200 {
		t.Fatalf("version 5 is answered %d", got)
	}
	p.must("/api/notes/old", `{"changes":{"content":"now"}}`)
	var answer reply
	for end := time.Now().Add(10 * time.Second); answer.Status != 410 && time.Now().Before(end); {
		answer = p.get("/api/notes/old/versions/22") // the last to go
	}
	if answer.Status != 410 || !strings.Contains(string(answer.Body), `"version_thinned"`) {
		t.Fatalf("version 22 is answered %d %s", answer.Status, answer.Body)
	}
	if list := string(p.get("/api/notes/old/versions?direction=asc&limit=3").Body); !strings.Contains(list, `"version":1,`) || strings.Contains(list, `"version":22,`) || !strings.Contains(list, `"version":23,`) {
		t.Errorf("the oldest versions are %s", list)
	}
	for path, want := range map[string]int{
		"/diff?from=5&to=32": 410, "/diff?from=1&to=32": 200, "/diff?from=1&to=99": 404, "/diff?from=1": 400, "/diff?from=1&to=2&kept=yes": 400,
		"/diff?from=1&to=32&context=-1": 400, "/versions?group=0": 400, "/versions?group=1441": 400, "/versions?group=5": 200,
		"/versions?direction=up": 400, "/versions?after=3": 400, "/versions?direction=asc&before=3": 400,
	} {
		if got := p.get("/api/notes/old" + path); got.Status != want {
			t.Errorf("%s is answered %d %s, want %d", path, got.Status, got.Body, want)
		}
	}
	epoch, _, _ := strings.Cut(p.stream("/api/events").next("auth_success")["cursor"].(string), "-")
	stream := p.stream("/api/notes/old/events?cursor=" + epoch + "-7")
	if resync := stream.next("resync"); resync["reason"] != "expired" {
		t.Errorf("from within a hole: %v", resync)
	}
	if initial := stream.next("initial"); initial["version"] != 32.0 {
		t.Errorf("from within a hole: %v", initial)
	}
	p.stop()
	theHubSaysGone(t, dir)
}

// theHubSaysGone reads the note's log as a session does, from each version.
func theHubSaysGone(t *testing.T, dir string) {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(dir, "notewire.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: config.NewEpoch})
	if err != nil {
		t.Fatal(err)
	}
	hub := transport.NewHub(transport.NotesLog{Service: notes.NewService(notes.Config{Store: store, Publisher: silent{}, Limits: notes.DefaultLimits()})})
	s, err := hub.Subscribe(t.Context(), transport.Stream{Topic: notes.Topic{Note: "old"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for after := range int64(32) {
		events, err := s.Read(t.Context(), after)
		gone := after >= 1 && after < 22 // what follows is not there
		if errors.Is(err, transport.ErrGone) != gone || !gone && (err != nil || len(events) == 0 || events[0].Seq != after+1) {
			t.Errorf("after %d: %d events, error %v", after, len(events), err)
		}
	}
}

func TestAThinnerLeavesAloneWhatItHasJustLookedAt(t *testing.T) {
	x := newThinner(nil, 10, nil)
	now := time.Now()
	for after, want := range map[time.Duration]bool{0: true, time.Minute: false, thinAgain + time.Minute: true} {
		x.looked = map[notes.NoteID]time.Time{"other": now}
		if after > 0 {
			x.isTurn("n", now)
		}
		if got := x.isTurn("n", now.Add(after)); got != want {
			t.Errorf("after %v: %v", after, got)
		}
	}
	for range 2 * thinQueue { // nobody takes them: it must not block
		x.committed(notes.Topic{Note: "n"}, 32)
	}
	x.committed(notes.Topic{User: "ann"}, 64)
	x.committed(notes.Topic{Note: "n"}, 33)
	if len(x.due) != thinQueue {
		t.Errorf("%d are due", len(x.due))
	}
	newThinner(nil, 0, nil).committed(notes.Topic{Note: "n"}, 32)
}
