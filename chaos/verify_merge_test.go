package chaos

import (
	"strings"
	"testing"
)

// tellOfMerges tells of a note that ada and ben edit, each what he had before him.
func tellOfMerges() *story {
	s := newStory()
	of := func(content string) body { return body{content: content} }
	first := of("a1 a2\nb1 b2\nc1 c2\n")
	s.commit(&Mutation{Author: "ada", Op: "create", Text: first.content})
	s.commit(&Mutation{Author: "ada", Op: "share", Members: map[string]string{"ben": "write"}})
	s.merge(&Mutation{Author: "ada", Op: "edit", Base: 1, Text: "a1 a2 x1\nb1 b2\nc1 c2\n"}, first, of("a1 a2 x1\nb1 b2\nc1 c2\n")) // 3: meets nothing
	s.merge(&Mutation{Author: "ben", Op: "edit", Base: 1, Text: "a1 a2\nb1 b2\nn1 n2\nc1\n"}, first, of("a1 a2 x1\nb1 b2\nn1 n2\nc1\n"))
	queued := &Mutation{Author: "ben", Op: "edit", BaseID: s.by(4).ID, Text: "a1 a2\nb1 z1\nn1 n2\nc1\n"}
	s.name(queued)
	s.Mutations = s.Mutations[:len(s.Mutations)-1]
	s.attempt(queued, Attempt{Outcome: Refused, Code: "base_gone"}) // it had overtaken
	queued.Attempts[0].Sent = queued.Attempts[0].Sent.AddDate(0, 0, -1)
	s.merge(queued, of(s.by(4).Text), of("a1 a2 x1\nb1 z1\nn1 n2\nc1\n"))
	s.merge(&Mutation{Author: "ada", Op: "edit", Base: 4, Title: "t", Text: "a1 a2 x1\nb1 y1\nn1 n2\nc1\n"}, // 6: both replaced b2
		of("a1 a2 x1\nb1 b2\nn1 n2\nc1\n"), body{title: "t", content: "a1 a2 x1\nb1 z1\nn1 n2\nc1\n"}, "content")
	s.commit(&Mutation{Author: "ada", Op: "revert", From: 6, Kept: true})
	head := s.states[7].body
	s.merge(&Mutation{Author: "ben", Op: "edit", Base: 7, Text: "a1 a2 x1\nc1\n"}, head, body{title: "t", content: "a1 a2 x1\nc1\n"})
	alone := body{title: "t", content: "a1 a2 x1\nc1 w1\n"}
	s.merge(&Mutation{Author: "ben", Op: "edit", BaseID: s.by(8).ID, Text: alone.content}, s.states[8].body, alone) // 9: nobody else was there
	s.idle(&Mutation{Author: "ada", Op: "edit", Base: 8, Text: alone.content})                                      // as it is already
	s.refuse(&Mutation{Author: "ada", Op: "edit", BaseID: "m99", Text: "q1"}, "base_gone")
	s.refuse(&Mutation{Author: "ada", Op: "edit", Expected: 1, Text: "q2"}, "version_mismatch")
	s.Mutations[len(s.Mutations)-2].BaseID = s.Mutations[len(s.Mutations)-1].ID // which was never done
	s.follow("ada", 0)
	s.followNote("ben")
	for _, user := range []string{"ada", "ben"} {
		s.Accounts[user].Listed[note] = int64(len(s.states) - 1)
	}
	return s
}

func TestARightMergeIsNotFound(t *testing.T) { right(t, tellOfMerges()) }

// A word that was typed where the other side replaced all of a line stands at the edge of that.
func TestWhatWasTypedAtTheEdgeOfAReplacedLineIsNotFound(t *testing.T) {
	s := newStory()
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "a1 a2\n"})
	s.commit(&Mutation{Author: "ada", Op: "edit", Text: "b1 b2\n"})
	s.merge(&Mutation{Author: "ada", Op: "edit", Base: 1, Text: "n1 a1 a2\n"}, body{content: "a1 a2\n"}, body{content: "n1 b1 b2\n"})
	s.Accounts["ada"].Listed[note] = 3
	right(t, s)
}

func TestEveryWrongMergeIsFound(t *testing.T) {
	// tells has a version, its events and the note's stream show another text.
	tells := func(version int64, content string) func(*story) {
		return func(s *story) { s.Notes[note].Versions[version-1].Shown.Content = content }
	}
	at := func(s *story, version int64) *Version { return &s.Notes[note].Versions[version-1] }
	const four = "a1 a2 x1\nb1 b2\nn1 n2\nc1\n"
	for _, test := range []spoiled{
		{"a committed word is lost", tells(4, strings.Replace(four, " x1", "", 1)), "loses what was committed"},
		{"a posted word is lost without a conflict", tells(4, strings.Replace(four, "n1 ", "", 1)), "loses what was posted"},
		{"a posted line is broken", tells(4, strings.Replace(four, "n1 n2", "n1\nn2", 1)), "breaks a line that was posted"},
		{"a line that nobody touched is lost", tells(4, strings.Replace(four, "b1 b2\n", "", 1)), "loses what neither side had touched"},
		{"a line that nobody touched is broken", tells(4, strings.Replace(four, "b1 b2", "b1\nb2", 1)), "breaks a line that neither side had touched"},
		{"what was posted as taken out stays, without a conflict", tells(4, four+"c2\n"), "keeps what the posted text took out"},
		{"what the head had no more comes back", tells(6, "a1 a2 x1\nb1 z1\nb2\nn1 n2\nc1\n"), "brings back what the head had no more"},
		{"a word from nowhere", tells(4, four+"q1\n"), "has what neither side has"},
		{"a line twice", tells(4, four+"n1 n2\n"), "doubles"},
		{"the posted title is not taken", func(s *story) { at(s, 6).Shown.Title = nil }, "another title than either side"},
		{"an edit that met nothing is not what was posted", tells(3, four), RuleHistory},
		{"an edit that met nothing says that it was merged", func(s *story) { at(s, 3).Merged = true }, "met nothing says that it was merged"},
		{"a client alone has a conflict with itself", func(s *story) { at(s, 9).Conflict = &Conflict{Fields: []string{"content"}} }, "met nothing says that it was merged"},
		{"a merge does not say so", func(s *story) { at(s, 4).Merged = false }, "was merged, and does not say so"},
		{"a conflict in what one side did not change", func(s *story) { at(s, 6).Conflict.Fields = []string{"content", "title"} }, "the titles of both sides"},
		{"a conflict in nothing", func(s *story) { at(s, 6).Conflict.Fields = nil }, "a conflict in nothing"},
		{"a conflict is not named", func(s *story) { at(s, 6).Conflict = nil }, "loses what was posted"},
		{"what a conflict kept is something else", func(s *story) { at(s, 6).Kept.Content = four }, "kept something else than was posted"},
		{"what a conflict kept is not there", func(s *story) { at(s, 6).Kept = nil }, "what a conflict kept is not there"},
		{"a conflict does not say where it is kept", func(s *story) { at(s, 6).Conflict.Kept = "" }, "a conflict keeps what is shown"},
		{"a revert to the kept side brings the other", func(s *story) { tells(7, s.states[6].content)(s) }, RuleHistory},
		{"a revert to the kept side says that it was none", func(s *story) { at(s, 7).RevertedKept = false }, "its mutation cannot have made"},
		{"a plain edit says that it was merged", func(s *story) { at(s, 7).Merged = true }, "was not merged says that it was"},
		{"a committed line is broken", func(s *story) {
			tells(4, strings.Replace(four, "a1 a2 x1\n", "a1 a2 x1\nl1\nl2\n", 1))(s)
			s.by(3).Text = "a1 a2 x1\nl1 l2\nb1 b2\nc1 c2\n"
		}, "breaks a line that was committed"},
		{"an edit of the title changes the text", func(s *story) {
			s.by(6).Text = "a1 a2 x1\nb1 b2\nn1 n2\nc1\n" // as it was
			tells(6, "a1 a2 x1\nb1 q1\n")(s)
		}, "of the title alone"},
		{"an edit that met only a title is not what was posted", func(s *story) {
			s.by(3).Text, s.by(3).Title = "a1 a2\nb1 b2\nc1 c2\n", "u"
		}, "met no other of the text"},
		{"a conflict in a text that the other did not change", func(s *story) {
			s.by(3).Text, s.by(3).Title = "a1 a2\nb1 b2\nc1 c2\n", "u"
			at(s, 4).Conflict = &Conflict{Fields: []string{"content"}}
		}, "in a text that one side did not change"},
		{"an edit of what was not there", func(s *story) { s.by(5).BaseID = "stray" }, "an edit of what was not there"},
		{"an edit of what is yet to come", func(s *story) { s.by(4).Base = 9 }, "an edit of what was not there"},
		{"an answer says nothing of the merge", func(s *story) { s.by(4).Attempts[1].Merged = false }, "an answer says something else"},
		{"an answer says nothing of the conflict", func(s *story) { s.by(6).Attempts[0].Conflict = nil }, "an answer says something else"},
		{"an event says nothing of the merge", func(s *story) { edit(&s.Accounts["ada"].Log[3].Data, func(f map[string]any) { delete(f, "merged") }) }, "an event says something else"},
		{"the note's stream says nothing of the conflict", func(s *story) {
			edit(&s.Notes[note].Replay[5].Data, func(f map[string]any) { delete(f, "conflict") })
		}, "an event says something else"},
		{"a confirmation says nothing of the merge", func(s *story) {
			s.Followers[0].Transport = "websocket"
			edit(&s.Followers[0].Events[3].Data, func(f map[string]any) { f["type"] = "note_update_success"; delete(f, "merged") })
		}, "an event says something else"},
		{"a base is refused as gone that had been acknowledged", func(s *story) { s.by(5).Attempts[0].Sent = s.clock }, RuleAnswer},
		{"an edit is acknowledged without a version that is not there", func(s *story) { s.Mutations[len(s.Mutations)-3].Text = four }, RuleAcknowledged},
	} {
		t.Run(test.what, func(t *testing.T) { finds(t, tellOfMerges(), test.do, test.rule) })
	}
}
