package edge_test

import (
	"strings"
	"testing"

	"notewire/client/goclient"
	"notewire/edge/edgetest"
)

// history makes a note of ada's with some versions, and returns its id.
func history(t *testing.T, ada *goclient.Client, readers ...string) string {
	t.Helper()
	note := do(t, ada, "create", "", map[string]any{"title": "t", "content": "one"}).ID
	for _, reader := range readers {
		do(t, ada, "share", note, map[string]any{"members": []any{map[string]any{"userId": reader, "role": "write"}}})
	}
	do(t, ada, "edit", note, edit("<b>two</b> \u2028 日本"))
	do(t, ada, "organise", note, map[string]any{"fields": map[string]any{"starred": true}})
	do(t, ada, "revert", note, map[string]any{"version": 1})
	do(t, ada, "trash", note, nil)
	do(t, ada, "restore", note, nil)
	return note
}

func TestEventsHaveTheOriginsBytes(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	forEachTransport(t, func(t *testing.T, by goclient.Transport) {
		for _, ofNote := range []bool{false, true} {
			name := alone("ada")
			ada, direct := user(t, e, name, false), user(t, e, name, true)
			note := history(t, ada)
			of, events := "", 6
			if ofNote {
				of, events = note, 5
			}
			edge, origin := open(t, ada, by, of, "0"), open(t, direct, by, of, "0")
			// Replayed, live, and replayed again from the tail.
			same(t, edge, origin, events)
			do(t, ada, "edit", note, edit("live, by "+of))
			last := same(t, edge, origin, 1)
			do(t, direct, "edit", note, edit("live, at the origin"))
			same(t, edge, origin, 1)
			edge, origin = open(t, ada, by, of, last.Cursor), open(t, direct, by, of, last.Cursor)
			same(t, edge, origin, 1)
		}
	})
}

// same reads events from both streams, which must be equal, and returns the last.
func same(t *testing.T, edge, origin *goclient.Stream, n int) goclient.Event {
	t.Helper()
	var last goclient.Event
	for range n {
		a, b := next(t, edge), next(t, origin)
		if string(a.Data) != string(b.Data) || a.ID != b.ID {
			t.Fatalf("edge   %s %s\norigin %s %s", a.ID, a.Data, b.ID, b.Data)
		}
		last = a
	}
	return last
}

// A passer-by sees a public note without its members, also at the edge.
func TestAPasserBySeesWhatTheOriginShowsHim(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	ada := user(t, e, "ada", false)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	do(t, ada, "share", note, map[string]any{"access": "public"})
	forEachTransport(t, func(t *testing.T, by goclient.Transport) {
		eve, direct := user(t, e, "eve", false), user(t, e, "eve", true)
		edge, origin := open(t, eve, by, note, ""), open(t, direct, by, note, "")
		first := expect(t, edge, "initial")
		if strings.Contains(string(first.Data), "fromUserId") || !strings.Contains(string(first.Data), `"collaborators":[]`) {
			t.Errorf("a passer-by sees %s", first.Data)
		}
		expect(t, origin, "initial")
		do(t, ada, "edit", note, edit("y"))
		same(t, edge, origin, 1)
	})
	gone := open(t, user(t, e, "eve", false), goclient.WebSocket, note, "")
	expect(t, gone, "initial")
	do(t, ada, "share", note, map[string]any{"access": "private"})
	closed(t, gone, 4501)
}

func TestTheSenderGetsItsConfirmationInItsPlace(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	ada := user(t, e, "ada", false)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	sender, other := open(t, ada, goclient.WebSocket, "", ""), open(t, ada, goclient.SSE, "", "")
	update := map[string]any{"type": "note_update", "noteId": note, "mutationId": "m1", "changes": map[string]any{"content": "y"}}
	for _, want := range []string{"note_update_success", "note_update_success"} { // the second is the repeat, confirmed at once
		if err := sender.Send(t.Context(), update); err != nil {
			t.Fatal(err)
		}
		if got := expect(t, sender, want); got.MutationID != "m1" || got.Version != 2 {
			t.Errorf("confirmed as %s", got.Data)
		}
	}
	if got := expect(t, other, "note_sync"); got.MutationID != "m1" {
		t.Errorf("the other got %s", got.Data)
	}
	do(t, ada, "edit", note, edit("z"))
	expect(t, sender, "note_sync")
	expect(t, other, "note_sync")

	live := open(t, ada, goclient.WebSocket, note, "")
	expect(t, live, "initial")
	event := map[string]any{"type": "update_event", "mutationId": "m2", "data": map[string]any{"content": "w"}}
	for _, want := range []string{"update", "note_update_success"} {
		if err := live.Send(t.Context(), event); err != nil {
			t.Fatal(err)
		}
		if got := expect(t, live, want); got.MutationID != "m2" {
			t.Errorf("the note's connection got %s", got.Data)
		}
	}
}

// Losing access ends what one had.
func TestNobodyGetsWhatIsNotHis(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	ada, ben, eve := user(t, e, "ada", false), user(t, e, "ben", false), user(t, e, "eve", false)
	bens, eves := open(t, ben, goclient.SSE, "", ""), open(t, eve, goclient.WebSocket, "", "")
	note := history(t, ada, "ben")
	expect(t, bens, "note_created_sync", "note_sync", "note_sync", "note_deleted_sync", "note_created_sync")
	benNote := open(t, ben, goclient.WebSocket, note, "")
	expect(t, benNote, "initial")
	for _, by := range []goclient.Transport{goclient.WebSocket, goclient.SSE} {
		if _, err := tryOpen(t, eve, by, note, ""); err == nil || !strings.Contains(err.Error(), "forbidden") {
			t.Errorf("eve opens ada's note: %v", err)
		}
	}
	do(t, ada, "share", note, map[string]any{"remove": []string{"ben"}})
	if got := expect(t, bens, "note_deleted_sync"); !strings.Contains(string(got.Data), "access_lost") {
		t.Errorf("ben is told %s", got.Data)
	}
	closed(t, benNote, 4501)
	do(t, ada, "edit", note, edit("secret"))
	own := do(t, eve, "create", "", map[string]any{"content": "mine"}).ID
	if got := expect(t, eves, "note_created_sync"); got.NoteID != own {
		t.Errorf("eve got %s", got.Data)
	}
	again := open(t, ben, goclient.SSE, "", "0") // what he had seen reads as lost
	for range 6 {
		if got := expect(t, again, "note_deleted_sync"); strings.Contains(string(got.Data), "two") {
			t.Errorf("ben reads %s", got.Data)
		}
	}
}

func TestADeletedNoteEndsItsConnections(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	ada := user(t, e, "ada", false)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	forEachTransport(t, func(t *testing.T, by goclient.Transport) {
		s := open(t, ada, by, note, "")
		expect(t, s, "initial")
		do(t, ada, "trash", note, nil)
		if events := closed(t, s, 1000); len(events) != 1 || events[0].Type != "delete" {
			t.Errorf("got %v", events)
		}
		do(t, ada, "restore", note, nil)
	})
}

func TestAPlaceThatIsGoneIsAResync(t *testing.T) {
	e := edgetest.Start(t, edgetest.Options{})
	ada := user(t, e, "ada", false)
	note := do(t, ada, "create", "", map[string]any{"content": "x"}).ID
	head := open(t, ada, goclient.SSE, "", "").Hello().Cursor
	epoch, _, _ := strings.Cut(head, "-")
	forEachTransport(t, func(t *testing.T, by goclient.Transport) {
		for cursor, reason := range map[string]string{"nonsense": "malformed", "other-1": "epoch", epoch + "-99": "ahead", strings.Repeat("x", 500): "malformed"} {
			account, live := open(t, ada, by, "", cursor), open(t, ada, by, note, cursor)
			for _, s := range []*goclient.Stream{account, live} {
				if got := expect(t, s, "resync"); !strings.Contains(string(got.Data), `"`+reason+`"`) {
					t.Errorf("%s: %s", cursor, got.Data)
				}
			}
			expect(t, live, "initial")
		}
	})
}
