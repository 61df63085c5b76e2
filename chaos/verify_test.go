package chaos

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestARightRecordHasNoFindings(t *testing.T) {
	right(t, tell())
}

// Every way of being wrong is found, under the promise that it breaks.
func TestEveryWrongRecordIsFound(t *testing.T) {
	content := func(text string) func(map[string]any) {
		return func(f map[string]any) {
			for _, name := range []string{"noteData", "updatedNote", "data"} {
				if n, ok := f[name].(map[string]any); ok {
					n["Content"] = text
				}
			}
		}
	}
	tests := []spoiled{
		{"an acknowledged edit is lost from history and logs", func(s *story) { s.Mutations = append(s.Mutations, lost("edit")) }, RuleAcknowledged},
		{"an acknowledged organise is lost", func(s *story) { s.Mutations = append(s.Mutations, lost("organise")) }, RuleAcknowledged},
		{"a trash is acknowledged of a note that is not in it", func(s *story) { s.Mutations = append(s.Mutations, lost("trash")) }, RuleAcknowledged},
		{"an answer names another version", func(s *story) { all(s.by(3), func(a *Attempt) { a.Version = 2 }) }, RuleAcknowledged},
		{"an answer names another place", func(s *story) { all(s.by(3), func(a *Attempt) { a.Cursor = "e-1" }) }, RuleAcknowledged},
		{"an answer names a place behind the log", func(s *story) { all(s.by(3), func(a *Attempt) { a.Cursor = "e-99" }) }, RuleAcknowledged},
		{"the text of a version is not what was sent", func(s *story) { s.Notes[note].Versions[2].Shown.Content = "too" }, RuleHistory},
		{"a version loses its title", func(s *story) { s.Notes[note].Versions[2].Shown.Title = nil }, RuleHistory},
		{"an event has another text than the history", func(s *story) { edit(&s.Accounts["ada"].Log[2].Data, content("too")) }, RuleHistory},
		{"a note's stream has another text than the history", func(s *story) { edit(&s.Notes[note].Replay[2].Data, content("too")) }, RuleHistory},
		{"a revert brings another text back", func(s *story) { s.Notes[note].Versions[5].Shown.Content = "two" }, RuleHistory},
		{"a member is forgotten", func(s *story) { s.Notes[note].Versions[2].Shown.Roles = nil }, RuleHistory},
		{"a history lacks a version", func(s *story) { h := s.Notes[note]; h.Versions = slices.Delete(h.Versions, 3, 4) }, "the history of"},
		{"a version has the mutation of another", func(s *story) { s.Notes[note].Versions[7].MutationID = s.by(1).ID }, RuleTwice},
		{"nobody sent the mutation of a version", func(s *story) { s.Notes[note].Versions[7].MutationID = "stray" }, RuleHistory},
		{"a version by somebody who might not", func(s *story) { s.Notes[note].Versions[7].Author, s.by(8).Author = "eve", "eve" }, "its mutation cannot have made"},
		{"a refused mutation has an effect", func(s *story) { all(s.by(8), func(a *Attempt) { *a = Attempt{Outcome: Refused, Code: "forbidden"} }) }, RuleRefused},
		{"no answer, then refused for its version, and done all the same", func(s *story) {
			s.by(3).Attempts = []Attempt{{Outcome: Unknown}, {Outcome: Refused, Code: "version_mismatch"}}
		}, RuleRefused},
		{"refused for a reason that cannot be", func(s *story) { s.Mutations[5].Attempts[0].Code = "internal" }, RuleAnswer},
		{"acknowledged, then refused", func(s *story) { s.by(8).Attempts[1].Outcome, s.by(8).Attempts[1].Code = Refused, "forbidden" }, RuleAnswer},
		{"another answer the second time", func(s *story) { s.by(8).Attempts[1].Answer = "else" }, RuleAnswer},
		{"another version the second time", func(s *story) { s.by(8).Attempts[1].Version = 1 }, RuleAnswer},
		{"a strict edit comes after another version", func(s *story) { s.by(3).Expected = 1 }, RuleStrict},
		{"a log has a gap", func(s *story) { a := s.Accounts["ada"]; a.Log = slices.Delete(a.Log, 2, 3) }, RuleLog},
		{"a log has an event twice", func(s *story) { a := s.Accounts["ada"]; a.Log = slices.Insert(a.Log, 3, a.Log[2]) }, RuleLog},
		{"a log has one mutation at two places", func(s *story) { again(s, "ada", 2) }, RuleTwice},
		{"a log has versions in another order", func(s *story) { edit(&s.Accounts["ada"].Log[6].Data, func(f map[string]any) { f["version"] = 2 }) }, RuleLog},
		{"an account has no event for a version", func(s *story) { s.Accounts["ben"].Log = s.Accounts["ben"].Log[:4]; s.Followers = nil }, RuleComplete},
		{"who is removed is not told", func(s *story) { a := s.Accounts["ben"]; a.Log = a.Log[:len(a.Log)-1]; s.Followers = nil }, RuleComplete},
		{"an event of a note that was never his", func(s *story) { s.Accounts["eve"].Log = []Event{s.Accounts["ada"].Log[0]} }, RuleAudience},
		{"an event with the note after he was removed", func(s *story) { leak(s) }, RuleAudience},
		{"an event reads as out of sight, but he is a member still", func(s *story) {
			edit(&s.Accounts["ada"].Log[2].Data, func(f map[string]any) {
				f["type"], f["reason"] = "note_deleted_sync", "access_lost"
				delete(f, "updatedNote")
			})
		}, RuleLog},
		{"a list shows a note that was never his", func(s *story) { s.Accounts["eve"].Listed[note] = 8 }, RuleAudience},
		{"a list lacks a note", func(s *story) { delete(s.Accounts["ada"].Listed, note) }, RuleComplete},
		{"a trash has a note that is not in it", func(s *story) { s.Accounts["ada"].Trashed[note] = 8 }, RuleComplete},
		{"a read shows a version that was not his", func(s *story) { s.Sightings[0].Account = "ben" }, RuleAudience},
		{"a follower misses an event", func(s *story) { f := s.Followers[1]; f.Events = slices.Delete(f.Events, 2, 3) }, RuleGap},
		{"a follower gets an event twice", func(s *story) { f := s.Followers[1]; f.Events = slices.Insert(f.Events, 3, f.Events[2]) }, RuleGap},
		{"a follower gets what the log has not", func(s *story) { a := s.Accounts["ada"]; a.Log = a.Log[:7] }, RuleGap},
		{"a follower does not arrive", func(s *story) { f := s.Followers[1]; f.Events = f.Events[:3] }, RuleArrives},
		{"a late follower does not arrive", func(s *story) { s.Followers[2].Events = nil }, RuleArrives},
		{"a follower sees other bytes", func(s *story) { s.Followers[1].Events[2].Data += " " }, RuleBytes},
		{"two followers see other bytes of what is out of sight since", func(s *story) {
			other := *s.Followers[0]
			other.Events = slices.Clone(other.Events)
			other.Events[1].Data += " "
			s.Followers = append(s.Followers, &other)
		}, RuleBytes},
		{"a follower sees another event in its place", func(s *story) { s.Followers[1].Events[2].Data = s.Followers[1].Events[1].Data }, RuleBytes},
		{"an event stream shows a confirmation", func(s *story) { confirm(s.Followers[1]) }, RuleBytes},
		{"a follower of a note misses a version", func(s *story) { f := s.Followers[4]; f.Events = slices.Delete(f.Events, 2, 3) }, RuleGap},
		{"a follower of a note does not arrive", func(s *story) { f := s.Followers[4]; f.Events = f.Events[:3] }, RuleArrives},
		{"a follower of a note sees other bytes", func(s *story) { s.Followers[4].Events[2].Data += " " }, RuleBytes},
		{"a stranger follows a note", func(s *story) { s.Followers[4].Account = "eve" }, RuleAudience},
		{"a former member follows a note", func(s *story) { s.Followers[4].Account = "ben" }, RuleAudience},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) { finds(t, tell(), test.do, test.rule) })
	}
}

// spoiled is a way of being wrong, and the promise that it breaks.
type spoiled struct {
	what string
	do   func(*story)
	rule string // or a part of what is found, to tell apart what breaks one promise
}

// finds tests that a way of spoiling a story is found.
func finds(t *testing.T, s *story, spoil func(*story), rule string) {
	t.Helper()
	spoil(s)
	found := Verify(s.Record)
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == rule || strings.Contains(f.What, rule) }) {
		t.Errorf("not found: %q; what was found: %v", rule, found)
	}
}

// right tests that nothing is found.
func right(t *testing.T, s *story) {
	t.Helper()
	for _, f := range Verify(s.Record) {
		t.Error(f)
	}
}

// What a record may have besides: the sender's confirmation on his socket, and a mutation that
// has no outcome, done or not.
func TestWhatMayBeIsNotFound(t *testing.T) {
	tests := []struct {
		what string
		do   func(*story)
	}{
		{"a confirmation on a socket", func(s *story) { s.Followers[1].Transport = "websocket"; confirm(s.Followers[1]) }},
		{"no answer, and done", func(s *story) { all(s.by(8), func(a *Attempt) { *a = Attempt{} }) }},
		{"no answer, and not done", func(s *story) { m := lost("edit"); m.Attempts[0] = Attempt{}; s.Mutations = append(s.Mutations, m) }},
		{"no answer, then refused because he may not, and done", func(s *story) {
			s.by(8).Attempts = []Attempt{{Outcome: Unknown}, {Outcome: Refused, Code: "forbidden"}}
		}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			s := tell()
			test.do(s)
			for _, f := range Verify(s.Record) {
				t.Error(f)
			}
		})
	}
}

// A large note's late rows may be missing for who was removed since, and for nobody else.
func TestLateRowsMayBeMissingForWhoWasRemoved(t *testing.T) {
	members := map[string]string{}
	s := newStory()
	s.Accounts["ada"] = &Account{Listed: map[string]int64{note: 4}}
	for i := range lateMembers + 5 {
		user := fmt.Sprintf("u%02d", i)
		members[user] = "read"
		s.Accounts[user] = &Account{Listed: map[string]int64{note: 4}}
	}
	s.Accounts["u24"].Listed = nil
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "one"})
	s.commit(&Mutation{Author: "ada", Op: "share", Members: members})
	s.commit(&Mutation{Author: "ada", Op: "edit", Text: "two"})
	s.commit(&Mutation{Author: "ada", Op: "share", Remove: []string{"u24"}})
	s.hide("u24")
	skip := func(user string) {
		a := s.Accounts[user]
		a.Log = slices.Delete(a.Log, 1, 2)
		a.Log[1].Seq = 2
		edit(&a.Log[1].Data, func(f map[string]any) { f["cursor"] = "e-2" })
	}
	skip("u24")
	for _, f := range Verify(s.Record) {
		t.Error(f)
	}
	skip("u23")
	if found := Verify(s.Record); len(found) != 1 || found[0].Rule != RuleComplete || !found[0].Late {
		t.Errorf("a member without his late row: %v", found)
	}
}

// lost is a mutation that was acknowledged and of which nothing is there.
func lost(op string) *Mutation {
	return &Mutation{Author: "ada", ID: "lost", Op: op, Note: note, Text: "lost", Attempts: []Attempt{{Outcome: Acknowledged, Version: 8, Cursor: "e-7"}}}
}

func all(m *Mutation, change func(*Attempt)) {
	for i := range m.Attempts {
		change(&m.Attempts[i])
	}
}

// again adds the event at i once more, at the end of the log.
func again(s *story, user string, i int) {
	a := s.Accounts[user]
	e := Event{Seq: int64(len(a.Log)) + 1, Data: a.Log[i].Data}
	a.Log = append(a.Log, e)
}

// leak shows ben the version that removed him.
func leak(s *story) {
	log := s.Accounts["ben"].Log
	edit(&log[len(log)-1].Data, func(f map[string]any) {
		f["type"], f["updatedNote"] = "note_sync", s.shown(s.states[7], 7, nil)
		delete(f, "reason")
	})
}

// confirm makes an event the confirmation of its mutation.
func confirm(f *Seen) {
	f.Events[2].Data = encode(map[string]any{"type": "note_update_success", "noteId": note, "version": 3, "cursor": "e-3", "mutationId": "m2"})
}
