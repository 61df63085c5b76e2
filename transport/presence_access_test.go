package transport

import (
	"bytes"
	"testing"

	"notewire/notes"
)

func TestPassersByNeitherShowNorSeeAnything(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Public)
		member, _ := s.sits("ann", "board")
		member.send(`{"type":"ephemeral","data":1}`)
		member.gets(`{"type":"ephemeral"}`)
		anonymous, id := s.sits("", "board")
		stranger, _ := s.sits("eve", "board")
		account, _ := s.joins("eve", "board")
		for _, c := range []*client{anonymous, stranger} {
			c.exchanges([]exchange{
				{`{"type":"ephemeral","data":1}`, `{"type":"error","code":"forbidden","noteId":"board"}`},
				{`{"type":"custom","name":"wave"}`, `{"type":"error","code":"forbidden","noteId":"board"}`},
			})
		}
		account.exchanges([]exchange{
			{`{"type":"presence","noteId":"board","data":1}`, `{"type":"error","code":"forbidden","noteId":"board"}`},
			{`{"type":"custom","noteId":"board","name":"wave"}`, `{"type":"error","code":"forbidden","noteId":"board"}`},
		})
		if err := s.post("eve", id, "board", "1"); notes.CodeOf(err) != notes.Forbidden {
			t.Errorf("a post by a stranger: %v", err)
		}
		member.send(`{"type":"custom","name":"wave"}`)
		member.gets(`{"type":"custom"}`)
		for _, c := range []*client{member, anonymous, stranger, account} {
			c.silent()
		}
	})
}

func TestAMemberWhoIsRemovedIsPresentNoMore(t *testing.T) {
	for how, remove := range map[string]func(s *server){
		"removed":  func(s *server) { s.do("bob", "board", notes.Share{Remove: []notes.UserID{"ann"}}) },
		"left":     func(s *server) { s.do("ann", "board", notes.Leave{}) },
		"in trash": func(s *server) { s.do("bob", "board", notes.Trash{}) },
	} {
		bubble(t, func(s *server) {
			s.board(notes.Private)
			c, id := s.joins("ann", "board")
			witness, _ := s.joins("bob", "board")
			c.send(`{"type":"presence","noteId":"board","data":1}`)
			c.gets(`{"type":"presence"}`)
			witness.gets(`{"type":"presence","data":1}`)
			remove(s)
			c.gets(`{"type":"note_deleted_sync","noteId":"board"}`)
			gone := false
			for _, f := range witness.take() {
				gone = gone || bytes.Contains(f.Data, []byte(`"senderId":"`+id+`","userId":"ann","data":null`))
			}
			if !gone && how != "in trash" {
				t.Errorf("%s: it is not said that she is gone", how)
			}
			witness.send(`{"type":"custom","noteId":"board","name":"secret"}`)
			c.silent()
			c.send(`{"type":"presence","noteId":"board","data":2}`)
			c.gets(`{"type":"error"}`)
		})
	}
}

// What an old event says of access may be out of date.
func TestAnOldEventOfALostNoteEndsNoPresence(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		s.do("bob", "board", notes.Share{Remove: []notes.UserID{"ann"}})
		s.do("bob", "board", share(notes.Private, notes.Member{User: "ann", Role: notes.Writer}))
		c := s.signIn("ann", "0")
		c.send(`{"type":"join_note","noteId":"board"}`)
		c.send(`{"type":"presence","noteId":"board","data":1}`)
		frames := c.take()
		if last := frames[len(frames)-1]; !bytes.Contains(last.Data, []byte(`"type":"presence"`)) {
			t.Errorf("%s", frames)
		}
		c.send(`{"type":"presence","noteId":"board","data":2}`)
		c.gets(`{"type":"presence","data":2}`)
	})
}

func TestMembersArePresentAgainWhenTheNoteIsRestored(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		s.do("bob", "board", notes.Trash{})
		c, _ := s.sits("ann", "board")
		c.exchanges([]exchange{{`{"type":"ephemeral","data":1}`, `{"type":"error","code":"invalid","message":"The note is in the trash"}`}})
		s.do("bob", "board", notes.Restore{})
		c.gets(`{"type":"update"}`)
		c.exchanges([]exchange{{`{"type":"ephemeral","data":1}`, `{"type":"ephemeral","data":1}`}})
	})
}
