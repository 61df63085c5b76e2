package poll

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/transport"
)

// server is the real service on a file, in a bubble of virtual time.
type server struct {
	*testing.T
	*transport.Sessions
	ids atomic.Int64
}

func open(t *testing.T, test func(s *server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
		if err != nil {
			t.Fatal(err)
		}
		defer engine.Close()
		store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "e" }})
		if err != nil {
			t.Fatal(err)
		}
		s := &server{T: t}
		newID := func() string { return fmt.Sprintf("id-%d", s.ids.Add(1)) }
		service := notes.NewService(notes.Config{Store: store, Limits: notes.DefaultLimits(), NewID: newID, Publisher: s})
		s.Sessions = transport.NewSessions(&transport.Sessions{
			Service: service, Hub: transport.NewHub(transport.NotesLog{Service: service}), NewID: newID,
			Options: transport.DefaultOptions(), Log: slog.New(slog.DiscardHandler),
		})
		test(s)
		if s.Hub.Streams() != 0 {
			t.Errorf("%d streams are left", s.Hub.Streams())
		}
	})
}

// Publish implements notes.Publisher.
func (s *server) Publish(topic notes.Topic, seq int64) { s.Hub.Publish(topic, seq) }

func (s *server) do(user notes.UserID, note notes.NoteID, op notes.Op) {
	s.Helper()
	if _, err := s.Service.Mutate(s.Context(), user, "", notes.Mutation{Note: note, Op: op}); err != nil {
		s.Fatal(err)
	}
}

func edit(text string) notes.Op {
	return notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some(text)}}}
}

func account(user notes.UserID, cursor string) transport.Saved {
	return transport.Saved{ID: "poll", Login: transport.Login{User: user}, Begun: true, Cursor: cursor}
}

func live(user notes.UserID, cursor string) transport.Saved {
	return transport.Saved{ID: "poll", Login: transport.Login{User: user}, Note: "n", Cursor: cursor}
}

// polled polls, and checks the types and cursors of what comes.
func (s *server) polled(saved transport.Saved, wait time.Duration, cursor string, want ...string) *Answer {
	s.Helper()
	a, err := Poll(s.Context(), s.Sessions, saved, wait)
	if err != nil {
		s.Fatal(err)
	}
	var answer struct {
		Cursor string
		More   bool
		Events []struct{ Type, Cursor string }
	}
	if err := json.Unmarshal(a.Encode(), &answer); err != nil {
		s.Fatalf("%v in %.300s", err, a.Encode())
	}
	var got []string
	for _, e := range answer.Events {
		got = append(got, strings.TrimSpace(e.Type+" "+e.Cursor))
	}
	if answer.Cursor != cursor || strings.Join(got, ", ") != strings.Join(want, ", ") {
		s.Errorf("polled %q to %s, want %q to %s", got, answer.Cursor, want, cursor)
	}
	return a
}

func TestAPollReturnsWhatThereIs(t *testing.T) {
	open(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		s.do("ann", "n", edit("1"))
		s.polled(account("ann", ""), time.Hour, "e-2")
		s.polled(account("ann", "0"), time.Hour, "e-2", "note_created_sync e-1", "note_sync e-2")
		s.polled(account("ann", "e-1"), 0, "e-2", "note_sync e-2")
		s.polled(account("ann", "e-2"), 0, "e-2")
		s.polled(account("ann", "other-1"), time.Hour, "e-2", "resync e-2")
		s.polled(account("ann", "e-9"), time.Hour, "e-2", "resync e-2")
	})
}

// The frames are those of every other transport.
func TestAPollHasTheSameBytes(t *testing.T) {
	open(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		s.do("ann", "n", edit("<&\u2028 ä"))
		a := s.polled(account("ann", "0"), 0, "e-2", "note_created_sync e-1", "note_sync e-2")
		events, err := transport.NotesLog{Service: s.Service}.Read(s.Context(), transport.Stream{Topic: notes.Topic{User: "ann"}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range events {
			if string(a.Frames[i]) != string(e.Frame.Data) || !strings.Contains(string(a.Encode()), string(e.Frame.Data)) {
				t.Errorf("polled\n%s\nthe log has\n%s", a.Frames[i], e.Frame.Data)
			}
		}
	})
}

func TestAPollWaitsForNews(t *testing.T) {
	open(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		begun := time.Now()
		s.polled(account("ann", "e-1"), 25*time.Second, "e-1")
		if time.Since(begun) != 25*time.Second {
			t.Errorf("it waits %v for nothing", time.Since(begun))
		}
		begun = time.Now()
		go func() { time.Sleep(7 * time.Second); s.do("ann", "n", edit("1")) }()
		s.polled(account("ann", "e-1"), 25*time.Second, "e-2", "note_sync e-2")
		if time.Since(begun) != 7*time.Second {
			t.Errorf("news of 7 s come after %v", time.Since(begun))
		}
		begun = time.Now()
		ctx, cancel := context.WithTimeout(s.Context(), time.Second)
		defer cancel()
		if _, err := Poll(ctx, s.Sessions, account("ann", "e-2"), time.Hour); err != nil || time.Since(begun) != time.Second {
			t.Errorf("a client that leaves is waited for %v, error %v", time.Since(begun), err)
		}
		go func() { time.Sleep(time.Second); _ = s.Drain(context.Background()) }()
		s.polled(account("ann", "e-2"), time.Hour, "e-2")
		s.polled(account("ann", "e-2"), time.Hour, "e-2", "reconnect")
	})
}

func TestAnAnswerIsBounded(t *testing.T) {
	open(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		const edits = 200
		for i := range edits {
			s.do("ann", "n", edit(fmt.Sprintf("%d%s", i, strings.Repeat("x", 3<<10))))
		}
		saved, events := account("ann", "0"), 0
		for polls := 1; ; polls++ {
			a, err := Poll(s.Context(), s.Sessions, saved, 0)
			if err != nil {
				t.Fatal(err)
			}
			events += len(a.Frames)
			if size := len(a.Encode()); size > answerBytes+20<<10 {
				t.Errorf("an answer of %d bytes", size)
			}
			if saved.Cursor = a.Cursor; !a.More {
				if events != 1+edits || polls < 2 {
					t.Errorf("%d events in %d polls", events, polls)
				}
				return
			}
		}
	})
}

func TestANoteIsPolled(t *testing.T) {
	open(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		s.do("ann", "n", notes.Share{Members: []notes.Member{{User: "bob", Role: notes.Reader}}})
		s.polled(live("bob", ""), time.Hour, "e-2", "initial e-2")
		go func() { time.Sleep(time.Second); s.do("ann", "n", edit("1")) }()
		s.polled(live("bob", "e-2"), time.Hour, "e-3", "update e-3")
		go func() { time.Sleep(time.Second); s.do("ann", "n", notes.Share{Remove: []notes.UserID{"bob"}}) }()
		if a := s.polled(live("bob", "e-3"), time.Hour, "e-3", "error"); !a.Over {
			t.Error("who is removed is told to poll on")
		}
	})
}
