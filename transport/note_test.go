package transport

import (
	"bytes"
	"fmt"
	"testing"

	"notewire/notes"
)

func share(access notes.Access, members ...notes.Member) notes.Share {
	return notes.Share{Access: notes.Some(access), Members: members}
}

// board makes bob's board, which ann may edit, rea read, and everybody if access says so.
func (s *server) board(access notes.Access) {
	s.Helper()
	title := "Board"
	s.do("bob", "board", notes.Create{BodyPatch: notes.BodyPatch{Title: notes.Some(&title)}})
	s.do("bob", "board", share(access, notes.Member{User: "ann", Role: notes.Writer}, notes.Member{User: "rea", Role: notes.Reader}))
}

func TestTheNoteDialectBeginsWithTheNoteAsItIs(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		c := s.live("ann", "board", "")
		m := c.gets(`{"type":"initial","version":2,"cursor":"epoch-2","data":{
			"id":"board","userId":"bob","version":2,"title":"Board","content":"","blob":null,"access":"private","deleted":false,
			"collaborators":["ann","rea"],"expiresAt":null,"starred":null,"tags":null,"folderId":null}}`)
		if m["sessionId"] == nil || m["sessionId"] == "" {
			t.Errorf("no session id: %v", m)
		}
		c.silent()
	})
}

func TestFromCursorZeroTheNoteDialectReplaysEveryChange(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		witness := s.live("ann", "board", "0")
		for i := range 70 {
			s.write("ann", "board", fmt.Sprint(i))
		}
		s.do("bob", "board", notes.Revert{Version: 1})
		live := witness.take()
		for cursor, from := range map[string]int{"0": 0, "epoch-0": 0, "epoch-71": 71} {
			replayed := s.live("rea", "board", cursor).take()
			if len(replayed) != 73-from {
				t.Fatalf("from %s came %d events", cursor, len(replayed))
			}
			for i, f := range replayed {
				if !bytes.Equal(f.Data, live[from+i].Data) {
					t.Errorf("replayed\n%s\nlive\n%s", f.Data, live[from+i].Data)
				}
			}
		}
		witness.matches(live[0], `{"type":"create","version":1,"cursor":"epoch-1","fromUserId":"bob","data":{"title":"Board"}}`)
		witness.matches(live[1], `{"type":"update","version":2,"data":{"collaborators":["ann","rea"]}}`)
		witness.matches(live[2], `{"type":"update","version":3,"fromUserId":"ann","data":{"content":"0"}}`)
		witness.matches(live[72], `{"type":"revert","version":73,"data":{"content":"","version":73}}`)
	})
}

func TestEveryConnectionOfANoteGetsEveryEventTheSenderToo(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		sender, other := s.live("ann", "board", ""), s.live("rea", "board", "")
		sender.gets(`{"type":"initial"}`)
		other.gets(`{"type":"initial"}`)
		sender.send(`{"type":"update_event","mutationId":"m1","data":{"title":"New","blob":{"elements":[1]}}}`)
		own, theirs := sender.next(), other.next()
		sender.matches(own, `{"type":"update","version":3,"mutationId":"m1","fromUserId":"ann","data":{"title":"New","blob":{"elements":[1]}}}`)
		if !bytes.Equal(own.Data, theirs.Data) {
			t.Errorf("the sender got\n%s\nand another\n%s", own.Data, theirs.Data)
		}
		sender.silent()
	})
}

func TestAStreamOfANoteHasTheFramesOfASocket(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		socket := s.live("ann", "board", "0")
		stream := s.serve(func(c *client) error { return s.StreamNote(c.ctx, c, loginOf("ann"), "board", "0") })
		s.write("bob", "board", "x")
		for _, f := range socket.take() {
			if other := stream.next(); !bytes.Equal(other.Data, f.Data) || other.Cursor != f.Cursor {
				t.Errorf("the socket got\n%s\nand the stream\n%s", f.Data, other.Data)
			}
		}
		stream.silent()
	})
}

func TestAnUpdateEventWithoutABaseAlwaysWins(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		a, b := s.live("ann", "board", ""), s.live("bob", "board", "")
		a.gets(`{"type":"initial"}`)
		b.gets(`{"type":"initial"}`)
		for _, c := range []*client{a, b} {
			for i := range 10 {
				c.send(fmt.Sprintf(`{"type":"update_event","data":{"blob":%d}}`, i))
			}
		}
		if n := len(a.take()); n != 20 {
			t.Errorf("%d of 20 updates came", n)
		}
		b.take()
		a.exchanges([]exchange{
			{
				`{"type":"update_event","expectedVersion":5,"data":{"blob":0}}`,
				`{"type":"error","code":"version_mismatch","current":{"version":22}}`,
			},
			{`{"type":"update_event","expectedVersion":22,"data":{"blob":1}}`, `{"type":"update","version":23}`},
		})
	})
}

func TestATitleOfNullKeepsTheTitle(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		c := s.live("ann", "board", "")
		c.gets(`{"type":"initial","data":{"title":"Board"}}`)
		c.exchanges([]exchange{
			{`{"type":"update_event","data":{"title":null,"blob":1}}`, `{"type":"update","data":{"title":"Board","blob":1}}`},
			{`{"type":"update_event","data":{"blob":2}}`, `{"type":"update","data":{"title":"Board","blob":2}}`},
			{`{"type":"update_event","data":{"title":"","blob":2}}`, `{"type":"update","data":{"title":""}}`},
			{`{"type":"update_event","data":{"title":"x","blob":null}}`, `{"type":"update","data":{"title":"x","blob":null}}`},
		})
	})
}

func TestUpdatesThatAreNotAllowedAreRefusedToTheirSenderOnly(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Public)
		writer := s.live("ann", "board", "")
		writer.gets(`{"type":"initial"}`)
		for viewer, code := range map[notes.UserID]string{"rea": "forbidden", "eve": "forbidden", "": "unauthenticated"} {
			c := s.live(viewer, "board", "")
			c.gets(`{"type":"initial"}`)
			c.send(`{"type":"update_event","mutationId":"m","data":{"blob":1}}`)
			c.gets(`{"type":"error","code":"` + code + `","noteId":"board","mutationId":"m"}`)
			c.silent()
		}
		writer.silent()
	})
}

func TestUnknownMessagesOfTheNoteDialectAreAnsweredByAnError(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		c := s.live("ann", "board", "")
		c.gets(`{"type":"initial"}`)
		c.exchanges([]exchange{
			{`{"type":"chat"}`, `{"type":"error","message":"Unknown message type","code":"unknown_type","noteId":"board"}`},
			{`{}`, `{"type":"error","message":"Unknown message type"}`},
			{`nonsense`, `{"type":"error","message":"Invalid message format","code":"invalid_json"}`},
			{`{"type":"update_event"}`, `{"type":"error","message":"Missing data","code":"missing_member"}`},
			{`{"type":"update_event","data":{}}`, `{"type":"error","message":"No valid fields to update"}`},
			{`{"type":"update_event","data":{"blob":1},"mutationId":7}`, `{"type":"error","code":"wrong_type"}`},
			{`{"type":"ping"}`, `{"type":"pong"}`},
		})
		c.discarded(ErrFrameTooLarge)
		c.gets(`{"type":"error","message":"Message too large. Maximum size is 1MB.","noteId":"board"}`)
	})
}

func TestARepeatedUpdateEventIsAcknowledgedAndHasNoSecondEffect(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		c := s.live("ann", "board", "")
		c.gets(`{"type":"initial"}`)
		const update = `{"type":"update_event","mutationId":"m1","data":{"blob":1}}`
		c.exchanges([]exchange{
			{update, `{"type":"update","version":3,"mutationId":"m1"}`},
			{update, `{"type":"note_update_success","noteId":"board","version":3,"mutationId":"m1"}`},
		})
		c.silent()
	})
}

func TestANoteStreamResyncsFromACursorThatIsNoGood(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		for cursor, reason := range map[string]string{"garbage": "malformed", "other-1": "epoch", "epoch-9": "ahead"} {
			c := s.live("ann", "board", cursor)
			c.gets(`{"type":"resync","cursor":"epoch-2","reason":"` + reason + `"}`)
			c.gets(`{"type":"initial","cursor":"epoch-2"}`)
			c.silent()
		}
	})
}
