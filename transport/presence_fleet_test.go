package transport

import (
	"bytes"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport/presence"
)

func TestWhoIsPresentOnAnotherServerIsSeen(t *testing.T) {
	bubble(t, func(s *server) {
		other := s.fleet(2)[1]
		s.board(notes.Private)
		here, id := s.joins("ann", "board")
		here.send(`{"type":"presence","noteId":"board","data":{"x":"<1>"}}`)
		here.gets(`{"type":"presence"}`)
		there, _ := other.sits("bob", "board") // the first there: its server asks who is present
		frames := there.take()                 // the answer may have been there before there was told what others show
		if len(frames) != 1 || !bytes.Contains(frames[0].Data, []byte(id)) || !bytes.Contains(frames[0].Data, []byte(`{"x":"<1>"}`)) {
			t.Errorf("%s", frames)
		}
		second, _ := other.sits("rea", "board")
		second.gets(`{"type":"ephemeral_state","data":{"` + id + `":{"x":"<1>"}}}`)
		there.send(`{"type":"custom","name":"wave","data":1}`)
		here.gets(`{"type":"custom","noteId":"board","name":"wave","data":1,"fromUserId":"bob"}`)
		for _, c := range []*client{there, second} {
			c.gets(`{"type":"custom","name":"wave"}`)
		}
		later(5 * time.Minute) // it is said again, and nobody is told
		second.silent()
		here.hangUp()
		second.gets(`{"type":"ephemeral","senderId":"` + id + `"}`)
		second.silent()
	})
}

func TestWhoWasOnAServerThatDiedIsGoneWithinTheLease(t *testing.T) {
	bubble(t, func(s *server) {
		servers := s.fleet(3)
		s.board(notes.Private)
		witness, _ := s.sits("bob", "board")
		var ids []string
		for _, dead := range servers[1:] {
			c, id := dead.sits("ann", "board")
			c.send(`{"type":"ephemeral","data":1}`)
			witness.gets(`{"type":"ephemeral","senderId":"` + id + `","data":1}`)
			ids = append(ids, id)
		}
		later(time.Minute)
		witness.silent()
		s.network.silence(servers[2])
		later(presence.Lease)
		witness.gets(`{"type":"ephemeral","senderId":"` + ids[1] + `"}`)
		witness.silent()
		later(time.Minute)
		witness.silent()
	})
}

func TestWhatTheBusLostIsMadeGoodWithinTheLease(t *testing.T) {
	bubble(t, func(s *server) {
		other := s.fleet(2)[1]
		s.board(notes.Private)
		witness, _ := s.sits("bob", "board")
		c, id := other.sits("ann", "board")
		s.network.silence(other)
		c.send(`{"type":"ephemeral","data":1}`)
		witness.silent()
		s.network.unsilence(other)
		later(10 * time.Second)
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `","data":1}`)
		s.network.silence(other)
		c.hangUp()
		witness.silent()
		later(presence.Lease)
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `"}`)
	})
}

func TestAPostReachesItsStreamOnAnotherServer(t *testing.T) {
	bubble(t, func(s *server) {
		other := s.fleet(2)[1]
		s.board(notes.Private)
		witness, _ := s.sits("bob", "board")
		stream, id := other.streams("ann")
		s.mustPost("ann", id, `{"x":1}`)
		stream.gets(`{"type":"presence","noteId":"board","senderId":"` + id + `","data":{"x":1}}`)
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `","userId":"ann","data":{"x":1}}`)
		s.mustPost("rea", id, `"forged"`) // another's: nothing comes of it
		s.mustPost("ann", "nobodys", "1")
		witness.silent()
		s.do("bob", "board", notes.Share{Remove: []notes.UserID{"ann"}})
		other.Publish(notes.Topic{User: "ann"}, 2)
		witness.gets(`{"type":"update"}`)
		witness.gets(`{"type":"ephemeral","senderId":"` + id + `"}`)
		witness.silent()
	})
}
