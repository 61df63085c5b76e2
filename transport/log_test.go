package transport

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"notewire/notes"
)

func TestTheSenderIsConfirmedAndEveryOtherConnectionOfTheUserIsTold(t *testing.T) {
	bubble(t, func(s *server) {
		a, b, stream, bob := s.signIn("ann", ""), s.signIn("ann", ""), s.stream("ann", ""), s.signIn("bob", "")
		now := time.Now().UnixMilli()
		for _, step := range []struct{ send, own, others string }{
			{
				`{"type":"note_created","mutationId":"m1","noteData":{"id":"n","title":"T","starred":true}}`,
				`{"type":"mutation_ack","op":"create","noteId":"n","mutationId":"m1","version":1,"cursor":"epoch-1"}`,
				`{"type":"note_created_sync","noteData":{"id":"n","title":"T","starred":true,"userId":"ann"},"mutationId":"m1","cursor":"epoch-1"}`,
			},
			{
				`{"type":"note_update","noteId":"n","mutationId":"m2","changes":{"title":"U"}}`,
				`{"type":"note_update_success","noteId":"n","mutationId":"m2","version":2,"cursor":"epoch-2","updatedNote":{"title":"U"}}`,
				fmt.Sprintf(`{"type":"note_sync","noteId":"n","changes":{"title":"U","updatedAt":%d,"content":null},
					"updatedNote":{"title":"U","starred":true},"mutationId":"m2","cursor":"epoch-2"}`, now),
			},
			{
				`{"type":"note_update","noteId":"n","mutationId":"m3","changes":{"tags":["x"]}}`,
				`{"type":"note_update_success","noteId":"n","version":2,"cursor":"epoch-3","updatedNote":{"tags":["x"]}}`,
				`{"type":"note_sync","noteId":"n","version":2,"cursor":"epoch-3","changes":{"tags":["x"]}}`,
			},
			{
				`{"type":"note_deleted","noteId":"n","mutationId":"m4"}`,
				`{"type":"mutation_ack","op":"trash","noteId":"n","version":3,"cursor":"epoch-4"}`,
				`{"type":"note_deleted_sync","noteId":"n","reason":"trashed","version":3,"cursor":"epoch-4"}`,
			},
		} {
			a.send(step.send)
			a.gets(step.own)
			told := b.next()
			b.matches(told, step.others)
			b.matches(told, fmt.Sprintf(`{"fromUserId":"ann","timestamp":%d}`, now))
			if other := stream.next(); !bytes.Equal(other.Data, told.Data) || other.Cursor != told.Cursor {
				t.Errorf("the socket got\n%s\nand the stream\n%s", told.Data, other.Data)
			}
		}
		bob.silent()
	})
}

// Confirmations stand at their place of the log, between what others did.
func TestConfirmationsComeInTheOrderOfTheLog(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		s.do("ann", "n", notes.Share{Members: []notes.Member{{User: "bob", Role: notes.Writer}}})
		a, b := s.signIn("ann", ""), s.signIn("bob", "")
		for i := range 20 {
			a.send(fmt.Sprintf(`{"type":"note_update","noteId":"n","changes":{"content":"a%d"}}`, i))
			b.send(fmt.Sprintf(`{"type":"note_update","noteId":"n","changes":{"content":"b%d"}}`, i))
		}
		confirmed := 0
		for _, c := range []*client{a, b} {
			for i, f := range c.take() {
				m := c.object(f.Data)
				if m["version"] != float64(i+3) {
					t.Fatalf("in place %d came %s", i, f.Data)
				}
				if m["type"] == "note_update_success" {
					confirmed++
				}
			}
		}
		if confirmed != 40 {
			t.Errorf("%d of 40 edits were confirmed", confirmed)
		}
	})
}

func TestAMutationByHTTPIsToldToEveryConnection(t *testing.T) {
	bubble(t, func(s *server) {
		a, b := s.signIn("ann", ""), s.signIn("ann", "")
		s.do("ann", "n", notes.Create{})
		for _, c := range []*client{a, b} {
			c.gets(`{"type":"note_created_sync","noteId":"n"}`)
			c.silent()
		}
	})
}

func TestARepeatedMutationIsConfirmedAtOnceWithItsFirstPlace(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		a, b := s.signIn("ann", ""), s.signIn("ann", "")
		const update = `{"type":"note_update","noteId":"n","mutationId":"m1","changes":{"content":"once"}}`
		const answer = `{"type":"note_update_success","mutationId":"m1","version":2,"cursor":"epoch-2","updatedNote":{"content":"once"}}`
		a.exchanges([]exchange{{update, answer}})
		s.write("ann", "n", "twice")
		a.gets(`{"type":"note_sync","version":3}`)
		a.exchanges([]exchange{
			{update, answer},
			{
				`{"type":"note_update","noteId":"n","mutationId":"m1","changes":{"content":"other"}}`,
				`{"type":"error","code":"mutation_reused","mutationId":"m1"}`,
			},
		})
		b.gets(`{"type":"note_sync","version":2}`)
		b.gets(`{"type":"note_sync","version":3}`)
		b.silent()
		s.signIn("ann", "").exchanges([]exchange{{update, answer}}) // on another connection as well
	})
}

// P4: what is replayed is what was live, also to the connection that had its confirmation.
func TestReplayedEventsHaveTheBytesOfLiveOnes(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("bob", "bobs", notes.Create{})
		sender, live := s.signIn("ann", ""), s.signIn("ann", "")
		sender.send(`{"type":"note_created","noteData":{"id":"n","title":"é <b> 漢"}}`)
		sender.gets(`{"type":"mutation_ack"}`)
		for i := range 100 { // more than the tail holds, and than one read returns
			s.write("ann", "n", fmt.Sprint("line ", i))
		}
		s.do("ann", "n", notes.Organise{Fields: notes.FieldsPatch{AddTags: []string{"x"}}})
		s.do("bob", "bobs", notes.Share{Members: []notes.Member{{User: "ann", Role: notes.Reader}}})
		want := live.take() // and bob's note has been seen
		s.do("ann", "bobs", notes.Leave{})
		s.do("ann", "n", notes.Trash{})
		s.do("ann", "n", notes.Restore{})
		s.do("ann", "n", notes.Revert{Version: 2})
		want = append(want, live.take()...)
		if len(want) != 107 {
			t.Fatalf("%d events", len(want))
		}
		for _, replay := range []*client{s.signIn("ann", "0"), s.stream("ann", "epoch-0"), s.stream("ann", "epoch-90")} {
			got := replay.take()
			missed := want[len(want)-len(got):]
			for i, expected := range missed {
				if !bytes.Equal(got[i].Data, expected.Data) && i != len(missed)-5 {
					t.Errorf("replayed\n%s\nlive\n%s", got[i].Data, expected.Data)
				}
			}
			// What ann saw of bob's note before she left it is not hers any more.
			replay.matches(got[len(got)-5], `{"type":"note_deleted_sync","noteId":"bobs","reason":"access_lost","cursor":"epoch-103"}`)
		}
	})
}

func TestAConnectionResumesFromItsCursor(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		c := s.signIn("ann", "")
		for range 5 {
			s.write("ann", "n", "x")
		}
		seen := c.take()
		c.hangUp()
		s.write("ann", "n", "y")
		c = s.signIn("ann", seen[2].Cursor)
		for seq := 5; seq <= 7; seq++ {
			c.gets(fmt.Sprintf(`{"type":"note_sync","cursor":"epoch-%d"}`, seq))
		}
		s.write("ann", "n", "live")
		c.gets(`{"type":"note_sync","cursor":"epoch-8"}`)
		c.silent()
	})
}

func TestACursorThatTheLogCannotGoOnFromGetsResync(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		for cursor, reason := range map[string]string{
			"garbage": "malformed", "epoch-": "malformed", "epoch-01": "malformed", "-": "malformed",
			strings.Repeat("9", 40): "malformed", "epoch--1": "epoch", "other-1": "epoch", "epoch-2": "ahead",
		} {
			for _, c := range []*client{s.signIn("ann", cursor), s.stream("ann", cursor)} {
				c.gets(`{"type":"resync","reason":"` + reason + `","cursor":"epoch-1"}`)
				c.silent()
				c.hangUp()
			}
		}
	})
}

func TestExpiredRowsGetResyncAndTheConnectionGoesOnFromThere(t *testing.T) {
	bubble(t, func(s *server) {
		s.do("ann", "n", notes.Create{})
		s.write("ann", "n", "2")
		later(31 * 24 * time.Hour)
		s.write("ann", "n", "3")
		for cursor, resync := range map[string]bool{"0": true, "epoch-1": true, "epoch-2": false, "epoch-3": false} {
			c := s.signIn("ann", cursor)
			if resync {
				c.gets(`{"type":"resync","reason":"expired","cursor":"epoch-3"}`)
			} else if cursor == "epoch-2" {
				c.gets(`{"type":"note_sync","cursor":"epoch-3"}`)
			}
			c.silent()
			c.hangUp()
		}
		c := s.signIn("ann", "0")
		c.gets(`{"type":"resync"}`)
		s.write("ann", "n", "4")
		c.gets(`{"type":"note_sync","cursor":"epoch-4"}`)
	})
}
