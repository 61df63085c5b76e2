package transport

import (
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport/presence"
	"notewire/transport/wire"
)

// followsByPost opens a stream of an account, and returns its connection id.
func (s *server) streams(user notes.UserID) (*client, string) {
	s.Helper()
	c := s.serve(func(c *client) error { return s.StreamAccount(c.ctx, c, loginOf(user), "") })
	id, _ := c.gets(`{"type":"auth_success"}`)["connectionId"].(string)
	return c, id
}

func (s *server) mustPost(user notes.UserID, id, data string) {
	s.Helper()
	if err := s.post(user, id, "board", data); err != nil {
		s.Error(err)
	}
}

func TestAStreamFollowsANotesPresenceOnceItShowsSomethingByPost(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		witness, _ := s.sits("bob", "board")
		witness.send(`{"type":"ephemeral","data":"here"}`)
		witness.gets(`{"type":"ephemeral"}`)
		stream, id := s.streams("ann")
		s.mustPost("ann", id, `{"x":1}`)
		stream.gets(`{"type":"presence_state","noteId":"board"}`)
		stream.gets(`{"type":"presence","noteId":"board","senderId":"` + id + `","userId":"ann","data":{"x":1}}`)
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `","userId":"ann","data":{"x":1}}`)
		witness.send(`{"type":"ephemeral","data":"there"}`)
		stream.gets(`{"type":"presence","data":"there"}`)
		witness.gets(`{"type":"ephemeral","data":"there"}`)
		s.mustPost("ann", id, "null")
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `"}`)
		witness.send(`{"type":"ephemeral","data":"alone"}`)
		witness.gets(`{"type":"ephemeral"}`)
		stream.silent()
	})
}

func TestWhatWasShownByPostIsGoneAfterItsLeaseAndWithItsStream(t *testing.T) {
	bubble(t, func(s *server) {
		s.fleet(1)
		s.board(notes.Private)
		witness, _ := s.sits("bob", "board")
		stream, id := s.streams("ann")
		s.mustPost("ann", id, "1")
		witness.gets(`{"type":"ephemeral","data":1}`)
		later(20 * time.Second)
		s.mustPost("ann", id, "2")
		witness.gets(`{"type":"ephemeral","data":2}`)
		later(presence.Lease - time.Millisecond)
		witness.silent()
		later(1100 * time.Millisecond)
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `"}`)
		witness.send(`{"type":"ephemeral","data":"still followed"}`)
		witness.gets(`{"type":"ephemeral"}`)
		stream.take()
		s.mustPost("ann", id, "3")
		witness.gets(`{"type":"ephemeral","data":3}`)
		stream.hangUp()
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `"}`)
		witness.silent()
	})
}

func TestNobodyActsAsAnothersConnection(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		witness, live := s.sits("bob", "board")
		stream, id := s.streams("ann")
		s.do("ann", "own", notes.Create{})
		stream.gets(`{"type":"note_created_sync"}`)
		for _, c := range []struct {
			user notes.UserID
			id   string
			note notes.NoteID
			want notes.Code
		}{
			{"rea", id, "board", notes.NotFound},
			{"ann", "nobodys", "board", notes.NotFound},
			{"bob", id, "own", notes.Forbidden},
			{"ann", live, "board", notes.NotFound},
			{"bob", live, "absent", notes.NotFound},
			{"", id, "board", notes.Unauthenticated},
		} {
			if err := s.post(c.user, c.id, c.note, "1"); err == nil || notes.CodeOf(err) != c.want {
				t.Errorf("%s as %s in %s: %v, want %s", c.user, c.id, c.note, err, c.want)
			}
		}
		s.do("bob", "other", notes.Create{})
		if err := s.post("bob", live, "other", "1"); notes.CodeOf(err) != notes.Invalid {
			t.Errorf("a note's stream in another note: %v", err)
		}
		stream.silent()
		witness.silent()
	})
}

func TestACustomMessageByPostNeedsNoConnection(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		witness, _ := s.sits("bob", "board")
		_, id := s.streams("ann")
		for _, sender := range []string{id, ""} {
			p := presence.Post{Note: "board", From: wire.Sender{User: "ann", ID: sender}, Name: "wave", Data: []byte("1")}
			if err := s.Post(s.Context(), p); err != nil {
				t.Fatal(err)
			}
			want := `"` + sender + `"`
			if sender == "" {
				want = "null"
			}
			witness.gets(`{"type":"custom","name":"wave","data":1,"fromUserId":"ann","senderId":` + want + `}`)
		}
	})
}
