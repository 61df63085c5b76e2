package chaos

import (
	"testing"
	"time"
)

// tellOfAnEnd tells of a note that ada gives to ben, who purges it.
func tellOfAnEnd() *story {
	s := newStory()
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "a1\n"})
	s.commit(&Mutation{Author: "ada", Op: "share", Members: map[string]string{"ben": "read"}})
	s.idle(&Mutation{Author: "ada", Op: "share", Members: map[string]string{"ben": "read"}})
	s.commit(&Mutation{Author: "ada", Op: "share", Owner: "ben"})
	s.refuse(&Mutation{Author: "ben", Op: "share", Owner: "eve"}, "invalid")
	s.refuse(&Mutation{Author: "ben", Op: "purge"}, "invalid")
	s.merge(&Mutation{Author: "ada", Op: "edit", Base: 1, Text: "a1\na2\n"}, body{content: "a1\n"}, body{content: "a1\na2\n"})
	s.commit(&Mutation{Author: "ben", Op: "trash"})
	s.merge(&Mutation{Author: "ada", Op: "edit", Base: 1, Text: "a1\na3\n"}, body{content: "a1\n"}, body{content: "a1\na2\na3\n"})
	s.follow("ada", 0)
	s.followNote("ben")
	s.commit(&Mutation{Author: "ben", Op: "purge"})
	s.by(4).Attempts[1].Sent, s.by(4).Attempts[1].Answer = s.clock, "{}" // sent again: there is no note to show
	s.refuse(&Mutation{Author: "ada", Op: "edit", Text: "q1"}, "purged")
	s.refuse(&Mutation{Author: "eve", Op: "create", Text: "q2"}, "note_exists")
	s.Followers[0].Events = append(s.Followers[0].Events, s.Accounts["ada"].Log[6])
	s.hide("ada")
	s.hide("ben")
	delete(s.Notes, note)
	s.Gone = map[string]map[string]string{note: {"ada": "purged", "ben": "purged", "eve": "not_found"}, "never": {"ada": "not_found"}}
	return s
}

func TestARightEndIsNotFound(t *testing.T) { right(t, tellOfAnEnd()) }

func TestEveryWrongEndIsFound(t *testing.T) {
	late := func(author, op string) func(*story) {
		return func(s *story) {
			m := &Mutation{Author: author, ID: "late", Op: op, Note: note, Text: "late\n", Attempts: []Attempt{{Outcome: Acknowledged, Version: 8, Cursor: "e-8"}}}
			s.Mutations = append(s.Mutations, m)
			for _, user := range []string{"ada", "ben"} {
				s.row(user, m, s.states[6], s.states[6], 8)
				s.hide(user)
			}
		}
	}
	for _, test := range []spoiled{
		{"it is shown still", func(s *story) { s.Gone[note]["ada"] = "shown" }, RuleGone},
		{"a member is told that there was none", func(s *story) { s.Gone[note]["ada"] = "not_found" }, RuleGone},
		{"a stranger is told that there was one", func(s *story) { s.Gone[note]["eve"] = "purged" }, RuleGone},
		{"one that never was is gone", func(s *story) { s.Gone["never"]["ada"] = "purged" }, RuleGone},
		{"a list shows it", func(s *story) { s.Accounts["ada"].Trashed[note] = 7 }, RuleComplete},
		{"its id is used again", late("eve", "create"), "its mutation cannot have made"},
		{"it is edited", late("ada", "edit"), "its mutation cannot have made"},
		{"it is restored", late("ben", "restore"), "its mutation cannot have made"},
		{"a log shows what it said", func(s *story) {
			edit(&s.Accounts["ada"].Log[4].Data, func(f map[string]any) {
				f["type"], f["reason"], f["updatedNote"] = "note_sync", "", s.shown(s.states[4], 4, nil)
			})
		}, RuleBytes},
		{"a member is not told", func(s *story) { a := s.Accounts["ben"]; a.Log = a.Log[:len(a.Log)-1] }, RuleComplete},
		{"a member is told something else", func(s *story) {
			edit(&s.Accounts["ben"].Log[5].Data, func(f map[string]any) { f["reason"] = "trashed" })
		}, RuleLog},
		{"who does not own it purges it", func(s *story) {
			s.last("purge").Author = "ada"
			for _, user := range []string{"ada", "ben"} {
				log := s.Accounts[user].Log
				edit(&log[len(log)-1].Data, func(f map[string]any) { f["fromUserId"] = "ada" })
			}
		}, "its mutation cannot have made"},
		{"it was not in the trash", func(s *story) { s.last("trash").Op = "restore" }, "its mutation cannot have made"},
		{"the transfer is of another", func(s *story) { s.last("share").Owner = "eve" }, RuleHistory},
		{"a follower saw another text of it than was sent", func(s *story) {
			edit(&s.Followers[0].Events[0].Data, func(f map[string]any) { f["noteData"].(map[string]any)["Content"] = "q1" })
		}, RuleHistory},
	} {
		t.Run(test.what, func(t *testing.T) { finds(t, tellOfAnEnd(), test.do, test.rule) })
	}
	finds(t, tell(), func(s *story) { s.Gone = map[string]map[string]string{note: {"eve": "not_found"}} }, "in nobody's lists, and was not purged")
	finds(t, tell(), func(s *story) { s.Mutations[5].Attempts[0].Code = "purged" }, RuleAnswer)
	finds(t, tell(), func(s *story) { s.refuse(&Mutation{Author: "ada", Op: "create"}, "note_exists"); s.Notes = nil }, RuleAnswer)
}

// last is the last mutation of a kind that was acknowledged.
func (s *story) last(op string) (last *Mutation) {
	for _, m := range s.Mutations {
		if m.Op == op && m.ack() != nil {
			last = m
		}
	}
	return last
}

// tellOfTime tells of a note that lives five seconds; each mutation takes one.
func tellOfTime() *story {
	s := newStory()
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "a1\n", Lives: 5 * time.Second})
	s.commit(&Mutation{Author: "ada", Op: "edit", Text: "a2\n"})
	s.clock = s.clock.Add(10 * time.Second)
	s.refuse(&Mutation{Author: "ada", Op: "edit", Text: "a3\n"}, "note_expired")
	s.refuse(&Mutation{Author: "ada", Op: "revert", From: 1}, "note_expired")
	s.organise(&Mutation{Author: "ada", Op: "organise", Text: "red"})
	s.commit(&Mutation{Author: "ada", Op: "trash"})
	s.Accounts["ada"].Trashed[note] = 3
	return s
}

func TestEveryWrongTimeIsFound(t *testing.T) {
	right(t, tellOfTime())
	for _, test := range []spoiled{
		{"it is edited after its time", func(s *story) { all(s.by(2), func(a *Attempt) { a.Sent = a.Sent.Add(time.Minute) }) }, RuleExpired},
		{"it is refused before its time", func(s *story) { all(s.Mutations[2], func(a *Attempt) { a.Ended = a.Ended.Add(-time.Minute) }) }, RuleExpired},
		{"it is refused and has no end", func(s *story) { s.Notes[note].Versions[0].Shown.ExpiresAt = nil }, RuleExpired},
		{"it lives longer", func(s *story) { s.by(1).Lives = time.Second }, RuleExpired},
		{"it lives less long", func(s *story) { s.by(1).Lives = time.Minute }, RuleExpired},
		{"its end moves", func(s *story) { end := int64(1); s.Notes[note].Versions[1].Shown.ExpiresAt = &end }, RuleHistory},
	} {
		t.Run(test.what, func(t *testing.T) { finds(t, tellOfTime(), test.do, test.rule) })
	}
}
