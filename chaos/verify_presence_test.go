package chaos

import (
	"testing"
	"time"
)

// tellOfPresence tells of ada and ben who show each other something, until ben goes, and then is
// no member any more. eve has joined, and hears nothing.
func tellOfPresence() *story {
	s := newStory()
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "a1\n"})
	s.commit(&Mutation{Author: "ada", Op: "share", Members: map[string]string{"ben": "write"}})
	start := s.clock
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	s.Rooms = []*Room{
		{Account: "ada", Note: note, Connection: "c1", Begun: at(0), Said: []Said{{at(1), 1}, {at(3), 2}}, Heard: []Heard{
			{At: at(1), Sender: "c1", User: "ada", N: 1}, {At: at(3), Sender: "c2", User: "ben", N: 5}, {At: at(4), Sender: "c2", User: "ben", N: 7},
			{At: at(40), Sender: "c2", User: "ben", Gone: true},
		}},
		{Account: "ben", Note: note, Connection: "c2", Begun: at(0), Ended: at(10), Said: []Said{{at(2), 5}, {at(3), 6}, {at(4), 7}}, Heard: []Heard{
			{At: at(2), Sender: "c1", N: 1}, {At: at(3), Sender: "c1", User: "ada", N: 2},
		}},
		{Account: "eve", Note: note, Connection: "c3", Begun: at(0)},
	}
	s.Until, s.clock = at(100), at(100)
	s.commit(&Mutation{Author: "ada", Op: "share", Remove: []string{"ben"}})
	s.hide("ben")
	s.Accounts["ada"].Listed[note] = 3
	return s
}

func TestEveryWrongPresenceIsFound(t *testing.T) {
	right(t, tellOfPresence())
	for _, test := range []spoiled{
		{"a value that nobody showed", func(s *story) { s.Rooms[0].Heard[1].N = 4 }, RulePresence},
		{"a value before it was shown", func(s *story) { s.Rooms[0].Heard[1].N, s.Rooms[0].Heard[2].N = 7, 7 }, RulePresence},
		{"a value of somebody else", func(s *story) { s.Rooms[0].Heard[1].User = "eve" }, RulePresence},
		{"a sender that is none", func(s *story) { s.Rooms[0].Heard[3].Sender = "c9" }, RulePresence},
		{"a value of another note", func(s *story) { s.Rooms[1].Note = "n2" }, RulePresence},
		{"an older value after a newer one", func(s *story) { h := s.Rooms[0].Heard; h[2].N = 5; h[1].N = 6; h[1].At = h[2].At }, RulePresence},
		{"a stranger is told", func(s *story) { s.Rooms[2].Heard = s.Rooms[0].Heard[:1] }, RuleAudience},
		{"a former member is told", func(s *story) {
			s.Rooms[1].Ended = time.Time{}
			s.Rooms[1].Heard[1].At = s.clock.Add(time.Minute)
		}, RuleAudience},
		{"who has gone is there for ever", func(s *story) { s.Rooms[0].Heard = s.Rooms[0].Heard[:3] }, RulePresence},
		{"who has gone is shown again", func(s *story) {
			h := s.Rooms[0].Heard[2]
			h.At = s.Until.Add(-time.Second)
			s.Rooms[0].Heard = append(s.Rooms[0].Heard, h)
		}, RulePresence},
	} {
		t.Run(test.what, func(t *testing.T) { finds(t, tellOfPresence(), test.do, test.rule) })
	}
}

// Presence has no promise of delivery, and takes some time to end.
func TestPresenceMayBeLostAndLate(t *testing.T) {
	for what, do := range map[string]func(*story){
		"a value is never told":                  func(s *story) { s.Rooms[0].Heard = s.Rooms[0].Heard[2:] },
		"the run ends before the lease":          func(s *story) { s.Rooms[0].Heard = s.Rooms[0].Heard[:3]; s.Until = s.Rooms[1].Ended.Add(time.Second) },
		"the room ends before the lease":         func(s *story) { s.Rooms[0].Heard = s.Rooms[0].Heard[:3]; s.Rooms[0].Ended = s.Rooms[1].Ended },
		"a value comes a little after its end":   func(s *story) { s.Rooms[0].Heard[2].At = s.Rooms[1].Ended.Add(time.Second) },
		"a former member is told, a moment late": func(s *story) { s.Rooms[1].Heard[1].At = s.clock.Add(time.Second) },
	} {
		t.Run(what, func(t *testing.T) {
			s := tellOfPresence()
			do(s)
			right(t, s)
		})
	}
}
