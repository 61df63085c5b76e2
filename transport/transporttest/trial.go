package transporttest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
	"notewire/transport"
)

// shared is the note of all rules: ann's, who makes it bob's as well. Nothing else is in ann's
// log, so that her n-th event is also the note's n-th.
const (
	shared = notes.NoteID("shared")
	ann    = notes.UserID("ann")
	bob    = notes.UserID("bob")
)

// trial is one rule put to a transport, with what the rules have in common.
type trial struct {
	*testing.T
	*server
	all     []Transport
	over    Transport
	note    notes.NoteID // of the stream, in the note dialect
	readers []*reader
}

// begin makes the note: two events.
func (t *trial) begin() {
	t.do(ann, shared, notes.Create{})
	t.do(ann, shared, notes.Share{Members: []notes.Member{{User: bob, Role: notes.Writer}}})
}

func (t *trial) do(user notes.UserID, note notes.NoteID, op notes.Op) {
	t.Helper()
	if _, err := t.Service.Mutate(t.Context(), user, "", notes.Mutation{Note: note, Op: op}); err != nil {
		t.Errorf("%s %s by %s: %v", op.Name(), note, user, err)
	}
}

// write edits the shared note.
func (t *trial) write(content string) {
	t.Helper()
	var e notes.Edit
	e.Changes.Content = notes.Some(content)
	t.do(ann, shared, e)
}

func (t *trial) writes(n int) {
	t.Helper()
	for i := range n {
		t.write(fmt.Sprint("change ", i))
	}
}

// log is all that ann's stream has to say after so many events, as the log has it.
func (t *trial) log(after int) (all []transport.Event) {
	t.Helper()
	stream := transport.Stream{Topic: notes.Topic{User: ann}}
	if t.note != "" {
		stream.Topic = notes.Topic{Note: t.note}
	}
	for {
		events, err := transport.NotesLog{Service: t.Service}.Read(t.Context(), stream, int64(after+len(all)))
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return all
		}
		all = append(all, events...)
	}
}

// dial opens ann's stream.
func (t *trial) dial(cursor string) *reader {
	t.Helper()
	return t.dialAs(t.over, ann, cursor)
}

func (t *trial) dialAs(over Transport, user notes.UserID, cursor string) *reader {
	t.Helper()
	login := transport.Login{User: user, IssuedAt: time.Now()}
	c, err := t.server.dial(over, Subscription{Login: login, Note: t.note, Cursor: cursor})
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{Client: c, trial: t, over: over, place: cursor}
	t.readers = append(t.readers, r)
	return r
}

// nothingIsLeft checks that nobody is connected.
func (t *trial) nothingIsLeft() {
	t.Helper()
	synctest.Wait()
	if t.Open() != 0 || t.Hub.Streams() != 0 {
		t.Errorf("%d connections and %d streams are left", t.Open(), t.Hub.Streams())
	}
}
