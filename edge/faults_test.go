package edge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"notewire/client/goclient"
	"notewire/edge/edgetest"
)

// follower follows an account, or a note, and collects.
type follower struct {
	events chan goclient.Event
	ended  chan error
}

func follow(t *testing.T, c *goclient.Client, by goclient.Transport, note string) *follower {
	f := &follower{events: make(chan goclient.Event, 1000), ended: make(chan error, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	sub := goclient.Subscription{Transport: by, NoteID: note, Cursor: "0", Backoff: goclient.Backoff{First: 50 * time.Millisecond, Most: 200 * time.Millisecond}}
	go func() {
		f.ended <- c.Follow(ctx, sub, func(e goclient.Event) error { f.events <- e; return nil })
	}()
	t.Cleanup(func() { cancel(); <-f.ended })
	return f
}

// until reads to the event of that mutation, and returns the versions seen.
func (f *follower) until(t *testing.T, mutation string) (versions []int64) {
	t.Helper()
	for {
		select {
		case e := <-f.events:
			versions = append(versions, e.Version)
			if e.MutationID == mutation {
				return versions
			}
		case <-time.After(patience):
			t.Fatalf("%s does not come; %v did", mutation, versions)
		}
	}
}

// Nobody misses anything and nobody gets anything twice, though origin and edge crash and no
// push arrives.
func TestCrashesLoseNothing(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{SweepMS: "300"})
	ada, direct := user(t, e, "ada", false), user(t, e, "ada", true)
	note := do(t, ada, "create", "n", map[string]any{"id": "n", "content": "0", "mutationId": "m1"}).ID
	followers := []*follower{
		follow(t, ada, goclient.WebSocket, ""), follow(t, ada, goclient.SSE, ""),
		follow(t, ada, goclient.WebSocket, note), follow(t, ada, goclient.SSE, note),
	}
	version := 1
	write := func(n int) {
		for range n {
			version++
			do(t, direct, "edit", note, map[string]any{"mutationId": fmt.Sprintf("m%d", version), "changes": map[string]any{"content": fmt.Sprint(version)}})
		}
	}
	seen := make([][]int64, len(followers))
	all := func(what string) {
		t.Helper()
		for i, f := range followers {
			seen[i] = append(seen[i], f.until(t, fmt.Sprintf("m%d", version))...)
		}
		t.Logf("%s: all have version %d", what, version)
	}
	write(3)
	all("at first")
	e.Kill()
	write(100) // more than a tail holds
	e.Restart()
	all("after a crash of the edge")
	e.Origin.Kill()
	e.Origin.Restart()
	write(3)
	all("after a crash of the origin")
	e.Deaf.Store(true)
	write(3)
	all("without pushes")
	e.Origin.Kill()
	e.Kill()
	e.Origin.Restart()
	e.Restart()
	write(3)
	all("after a crash of both")
	for i, versions := range seen {
		for j, v := range versions {
			if v != int64(j+1) {
				t.Fatalf("follower %d: version %d at place %d: %v", i, v, j, versions)
			}
		}
	}
}

// The edge keeps its sockets while the origin is away, and says of a mutation that its outcome
// is unknown.
func TestSocketsOutliveTheOrigin(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{SweepMS: "300"})
	ada, direct := user(t, e, "ada", false), user(t, e, "ada", true)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	socket, stream := open(t, ada, goclient.WebSocket, "", ""), open(t, ada, goclient.SSE, note, "")
	expect(t, stream, "initial")
	before := do(t, ada, "edit", note, edit("y"))
	expect(t, socket, "note_sync")
	expect(t, stream, "update")
	e.Origin.Stop()
	update := map[string]any{"type": "note_update", "noteId": note, "mutationId": "m1", "changes": map[string]any{"content": "z"}}
	if err := socket.Send(t.Context(), update); err != nil {
		t.Fatal(err)
	}
	if got := expect(t, socket, "error"); !strings.Contains(string(got.Data), `"unavailable"`) || got.MutationID != "m1" || got.NoteID != note {
		t.Errorf("the client is told %s", got.Data)
	}
	// Who comes back needs no origin, if the tail has its place.
	again := open(t, ada, goclient.SSE, "", before.Cursor)
	e.Origin.Restart()
	if err := socket.Send(t.Context(), update); err != nil {
		t.Fatal(err)
	}
	expect(t, socket, "note_update_success")
	expect(t, stream, "update")
	expect(t, again, "note_sync")
	do(t, direct, "edit", note, edit("w"))
	expect(t, socket, "note_sync")
	expect(t, stream, "update")
	expect(t, again, "note_sync")
}

// Pushes are what makes the edge fast: with them, nothing waits for a sweep.
func TestPushesMakeItFast(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{SweepMS: "600000"})
	ada, direct := user(t, e, "ada", false), user(t, e, "ada", true)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	s := open(t, ada, goclient.SSE, note, "")
	expect(t, s, "initial")
	pushes := e.Pushes.Load()
	for range 20 {
		do(t, direct, "edit", note, edit("y"))
		expect(t, s, "update")
	}
	if e.Pushes.Load() == pushes {
		t.Error("no push arrived")
	}
}

// Who comes back to a place in the tail gets at once what came since, though no push said so.
func TestWhoComesBackWaitsForNoSweep(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{SweepMS: "600000"})
	ada, direct := user(t, e, "ada", false), user(t, e, "ada", true)
	first := open(t, ada, goclient.WebSocket, "", "")
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	cursor := expect(t, first, "note_created_sync").Cursor
	e.Deaf.Store(true)
	do(t, direct, "edit", note, edit("y"))
	forEachTransport(t, func(t *testing.T, by goclient.Transport) {
		expect(t, open(t, ada, by, "", cursor), "note_sync")
	})
	expect(t, first, "note_sync")
}

// An object sleeps, its sockets stay, and it wakes for what comes from either side.
func TestObjectsSleepAndSocketsStay(t *testing.T) {
	t.Parallel() // it waits most of the time
	e := edgetest.Start(t, edgetest.Options{SweepMS: "600000"})
	ada, direct := user(t, e, "ada", false), user(t, e, "ada", true)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	streams := []*goclient.Stream{
		open(t, ada, goclient.WebSocket, note, ""), open(t, ada, goclient.SSE, note, ""), open(t, ada, goclient.SSE, note, ""),
	}
	for _, s := range streams {
		expect(t, s, "initial")
	}
	wakes := func() int { return strings.Count(e.Said(), "wakes") }
	wait := time.NewTimer(13 * time.Second) // workerd puts an object to sleep after 10 s
	defer wait.Stop()
	before := wakes()
	<-wait.C
	do(t, direct, "edit", note, edit("y"))
	for _, s := range streams {
		expect(t, s, "update")
	}
	if wakes() == before {
		t.Error("the object did not sleep")
	}
	event := map[string]any{"type": "update_event", "mutationId": "m", "data": map[string]any{"content": "w"}}
	if err := streams[0].Send(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	for _, s := range streams {
		expect(t, s, "update")
	}
}

// A store that was replaced has other logs: whoever follows is told, and goes on.
func TestAReplacedStoreIsAResync(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{SweepMS: "300"})
	ada := user(t, e, "ada", false)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	do(t, ada, "edit", note, edit("y"))
	accounts := []*goclient.Stream{open(t, ada, goclient.WebSocket, "", ""), open(t, ada, goclient.SSE, "", "")}
	live := open(t, ada, goclient.WebSocket, note, "")
	expect(t, live, "initial")
	e.Origin.Stop()
	e.Origin.Replace()
	closed(t, live, goclient.CodeAccessLost) // there is no such note
	for _, s := range accounts {
		if got := expect(t, s, "resync"); !strings.Contains(string(got.Data), `"epoch"`) || !strings.HasSuffix(got.Cursor, "-0") {
			t.Errorf("told %s", got.Data)
		}
	}
	do(t, user(t, e, "ada", true), "create", "", map[string]any{"content": "new"})
	for _, s := range accounts {
		expect(t, s, "note_created_sync")
	}
}

// The edge keeps notes no longer than somebody may come back for them.
func TestALogThatNobodyFollowsIsForgotten(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{SweepMS: "100", KeepMS: "200"})
	ada := user(t, e, "ada", false)
	s := open(t, ada, goclient.WebSocket, "", "")
	do(t, ada, "create", "", map[string]any{"content": "x"})
	cursor := expect(t, s, "note_created_sync").Cursor
	e.Origin.Stop()
	again := open(t, ada, goclient.WebSocket, "", cursor) // from the tail, without the origin
	_ = s.Close()
	_ = again.Close()
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		time.Sleep(wait) // whoever looks, follows
		s, err := tryOpen(t, ada, goclient.WebSocket, "", cursor)
		if err != nil {
			break
		}
		if _ = s.Close(); wait > patience {
			t.Fatal("it is still there")
		}
	}
	// Who comes then is served as ever, by the sweep too.
	e.Origin.Restart()
	e.Deaf.Store(true)
	s = open(t, ada, goclient.WebSocket, "", "")
	do(t, user(t, e, "ada", true), "create", "", map[string]any{"content": "y"})
	expect(t, s, "note_created_sync")
}
