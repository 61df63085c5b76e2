package transport

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport/presence"
	"notewire/transport/wire"
)

func TestWhatAConnectionShowsComesToAllOfTheNoteTheSenderToo(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		sender, id := s.sits("ann", "board")
		socket, _ := s.sits("rea", "board")
		stream := s.serve(func(c *client) error { return s.StreamNote(c.ctx, c, loginOf("bob"), "board", "") })
		stream.gets(`{"type":"initial"}`)
		sender.send(`{"type":"ephemeral","data": {"x": 1.0, "who": "\u003cann>"} }`)
		want := `{"type":"ephemeral","senderId":"` + id + `","userId":"ann","data":{"x":1.0,"who":"<ann>"}}`
		for _, c := range []*client{sender, socket, stream} {
			if f := c.next(); string(f.Data) != want || f.Cursor != "" {
				t.Errorf("got %s at %q", f.Data, f.Cursor)
			}
		}
		sender.send(`{"type":"ephemeral","data":null}`)
		for _, c := range []*client{sender, socket, stream} {
			c.gets(`{"type":"ephemeral","senderId":"` + id + `","userId":"ann"}`)
			c.silent()
		}
	})
}

func TestWhoeverComesIsToldRightAfterTheNoteWhatTheOthersShow(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		first, id := s.sits("ann", "board")
		first.silent() // nobody is there
		first.send(`{"type":"ephemeral","data":0}`)
		first.gets(`{"type":"ephemeral"}`)
		falsy, _ := s.sits("rea", "board")
		falsy.silent()
		first.send(`{"type":"ephemeral","data":{"x":1}}`)
		first.gets(`{"type":"ephemeral"}`)
		second, _ := s.sits("bob", "board")
		second.gets(`{"type":"ephemeral_state","data":{"` + id + `":{"x":1}}}`)
		second.silent()
		again := s.live("bob", "board", "epoch-2") // a client that comes back
		again.gets(`{"type":"ephemeral_state","data":{"` + id + `":{"x":1}}}`)
		account, _ := s.joins("rea", "board")
		account.gets(`{"type":"presence_state","noteId":"board","data":{"` + id + `":{"userId":"ann","data":{"x":1}}}}`)
		account.silent()
	})
}

// The ancestor told of it once when the socket was closed, and once more for the error.
func TestL11TheEndOfAConnectionIsToldOnce(t *testing.T) {
	ends := map[string]func(*client){
		"hangs up":                          (*client).hangUp,
		"does not answer":                   func(c *client) { c.mute.Store(true); later(DefaultOptions().Heartbeat) },
		"does not read":                     func(c *client) { c.unread.Store(true); c.send(`{"type":"ping"}`); later(writeTimeout) },
		"shows nothing, and then hangs up":  func(c *client) { c.send(`{"type":"ephemeral"}`); c.hangUp() },
		"shows nothing twice, and hangs up": func(c *client) { c.send(`{"type":"ephemeral"}`); c.send(`{"type":"ephemeral"}`); c.hangUp() },
	}
	for how, end := range ends {
		bubble(t, func(s *server) {
			s.board(notes.Private)
			c, id := s.sits("ann", "board")
			witness, _ := s.sits("bob", "board")
			account, _ := s.joins("bob", "board")
			c.send(`{"type":"ephemeral","data":1}`)
			witness.gets(`{"type":"ephemeral","data":1}`)
			account.gets(`{"type":"presence","data":1}`)
			end(c)
			later(1)
			for w, kind := range map[*client]string{witness: "ephemeral", account: "presence"} {
				frames := w.take()
				if len(frames) != 1 || !strings.Contains(string(frames[0].Data), `"type":"`+kind+`"`) || !strings.Contains(string(frames[0].Data), `"senderId":"`+id+`","userId":"ann","data":null`) {
					t.Errorf("%s: %s", how, frames)
				}
			}
		})
	}
}

func TestAnAccountFollowsThePresenceOfTheNotesThatItJoined(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		live, _ := s.sits("bob", "board")
		c, id := s.joins("ann", "board")
		other := s.signIn("ann", "")
		c.send(`{"type":"presence","noteId":"board","data":{"x":1}}`)
		c.gets(`{"type":"presence","noteId":"board","senderId":"` + id + `","userId":"ann","data":{"x":1}}`)
		live.gets(`{"type":"ephemeral","senderId":"` + id + `","userId":"ann","data":{"x":1}}`)
		other.exchanges([]exchange{
			{`{"type":"presence","noteId":"board","data":1}`, `{"type":"error","code":"invalid","noteId":"board","message":"Join the note first"}`},
			{`{"type":"presence","noteId":"absent","data":1}`, `{"type":"error","code":"not_found","noteId":"absent"}`},
		})
		c.exchanges([]exchange{{`{"type":"leave_note","noteId":"board"}`, `{"type":"note_left","noteId":"board"}`}})
		live.gets(`{"type":"ephemeral","senderId":"` + id + `"}`)
		live.send(`{"type":"ephemeral","data":2}`)
		live.gets(`{"type":"ephemeral"}`)
		c.silent()
	})
}

// The ancestor's client never joined again after it had come back.
func TestT10AConnectionThatComesBackJoinsAgain(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		witness, _ := s.sits("bob", "board")
		for range 2 {
			c, _ := s.joins("ann", "board")
			c.send(`{"type":"presence","noteId":"board","data":1}`)
			c.gets(`{"type":"presence"}`)
			c.exchanges([]exchange{{`{"type":"join_note","noteId":"board"}`, `{"type":"note_joined","noteId":"board"}`}})
			witness.gets(`{"type":"ephemeral","data":1}`)
			c.hangUp()
			witness.gets(`{"type":"ephemeral"}`)
			witness.silent()
		}
	})
}

func TestCustomMessagesComeToAllInTheirOrder(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		live, liveID := s.sits("bob", "board")
		account, id := s.joins("ann", "board")
		for i := range 10 {
			account.send(fmt.Sprintf(`{"type":"custom","noteId":"board","name":"n.%d","data":[%d]}`, i, i))
		}
		for i := range 10 {
			account.gets(fmt.Sprintf(`{"type":"custom","noteId":"board","name":"n.%d","senderId":"%s","fromUserId":"ann"}`, i, id))
			live.gets(fmt.Sprintf(`{"type":"custom","noteId":null,"name":"n.%d","senderId":"%s","fromUserId":"ann"}`, i, id))
		}
		live.send(`{"type":"custom","name":"back","data":null}`)
		account.gets(`{"type":"custom","noteId":"board","name":"back","senderId":"` + liveID + `","fromUserId":"bob"}`)
		live.gets(`{"type":"custom","name":"back"}`)
		late, _ := s.sits("rea", "board")
		late.silent()
	})
}

func TestWhatIsTooMuchIsRefused(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		c, _ := s.joins("ann", "board")
		at := `"` + strings.Repeat("x", wire.PresenceBytes-2) + `"`
		above := `"` + strings.Repeat("x", wire.PresenceBytes-1) + `"`
		c.exchanges([]exchange{
			{`{"type":"presence","noteId":"board","data":` + at + `}`, `{"type":"presence"}`},
			{`{"type":"presence","noteId":"board","data":` + above + `}`, `{"type":"error","code":"too_large","noteId":"board"}`},
			{`{"type":"custom","noteId":"board","name":"n","data":` + above + `}`, `{"type":"error","code":"too_large"}`},
			{`{"type":"custom","noteId":"board","name":"a b","data":1}`, `{"type":"error","code":"invalid"}`},
		})
		for i := range mostJoined {
			id := notes.NoteID(fmt.Sprintf("n%d", i))
			s.do("ann", id, notes.Create{})
			c.take()
			want := `{"type":"note_joined"}`
			if i == mostJoined-1 { // and the board
				want = `{"type":"error","code":"limit_exceeded","noteId":"` + string(id) + `"}`
			}
			c.exchanges([]exchange{{`{"type":"join_note","noteId":"` + string(id) + `"}`, want}})
		}
	})
}

// A slow client delays nobody, and what waits for it does not grow.
func TestASlowClientIsToldOfTheLatestValues(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		sender, _ := s.sits("ann", "board")
		slow, _ := s.sits("rea", "board")
		quick, _ := s.sits("bob", "board")
		slow.slow.Store(int64(time.Second))
		const values = 200
		for i := range values {
			sender.send(fmt.Sprintf(`{"type":"ephemeral","data":%d}`, i+1))
			quick.gets(fmt.Sprintf(`{"type":"ephemeral","data":%d}`, i+1))
			later(50 * time.Millisecond)
		}
		later(2 * time.Second)
		frames := slow.take()
		if n := len(frames); n < 5 || n > 14 {
			t.Errorf("%d frames in 12 s, of a second each", n)
		}
		slow.matches(frames[len(frames)-1], fmt.Sprintf(`{"type":"ephemeral","data":%d}`, values))
		slow.silent()
		slow.slow.Store(0) // or it would take a second to be told who leaves
	})
}

func TestPresenceCountsAsMessages(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		c, _ := s.sits("ann", "board")
		for range s.Options.Messages {
			c.send(`{"type":"ephemeral","data":1}`)
		}
		c.take()
		c.send(`{"type":"ephemeral","data":2}`)
		c.gets(`{"type":"error","code":"rate_limited"}`)
	})
}

func TestWhereConnectionsRunInTurnsNobodyIsPresent(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		c := newClient(s.T)
		saved := Saved{ID: "c", Login: loginOf("ann"), Begun: true}
		for _, message := range []string{
			`{"type":"presence","noteId":"board","data":1}`, `{"type":"custom","noteId":"board","name":"n"}`,
		} {
			if !s.Turn(s.Context(), c, &saved, checkToken, []byte(message)) {
				t.Fatal("it ends")
			}
			c.gets(`{"type":"error","code":"invalid","noteId":"board","message":"` + errNoPresence.Message + `"}`)
		}
		live := Saved{ID: "d", Login: loginOf("ann"), Note: "board"}
		if !s.Turn(s.Context(), c, &live, nil, []byte(`{"type":"ephemeral","data":1}`)) {
			t.Fatal("it ends")
		}
		c.gets(`{"type":"initial"}`)
		c.gets(`{"type":"error","code":"invalid"}`)
	})
}

var _ presence.Connections = (*Sessions)(nil)
