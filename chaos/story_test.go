package chaos

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// story is a right record in the making: what a server without faults would show of some
// mutations. The tests of Verify spoil it.
type story struct {
	*Record
	states []*state // of the one note
	clock  time.Time
}

const note = "n1"

// tell tells of a note of ada's that she shares with ben and takes away again, and of eve, who
// only tries.
func tell() *story {
	s := newStory()
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "one"})
	s.commit(&Mutation{Author: "ada", Op: "share", Members: map[string]string{"ben": "write"}})
	s.commit(&Mutation{Author: "ben", Op: "edit", Text: "two", Title: "t", Expected: 2})
	s.organise(&Mutation{Author: "ben", Op: "organise", Text: "red"})
	s.refuse(&Mutation{Author: "ben", Op: "edit", Text: "late", Expected: 2}, "version_mismatch")
	s.refuse(&Mutation{Author: "eve", Op: "edit", Text: "mine"}, "forbidden")
	s.commit(&Mutation{Author: "ada", Op: "trash"})
	s.commit(&Mutation{Author: "ada", Op: "restore"})
	s.idle(&Mutation{Author: "ada", Op: "restore"})
	s.commit(&Mutation{Author: "ada", Op: "revert", From: 1})
	s.follow("ben", 0) // who sees all of it, and then no more
	s.commit(&Mutation{Author: "ada", Op: "share", Remove: []string{"ben"}})
	s.commit(&Mutation{Author: "ada", Op: "edit", Text: "three"})
	s.follow("ada", 0)
	s.follow("ada", 3)
	s.follow("eve", 0)
	s.followNote("ada")
	s.hide("ben")
	s.Accounts["ada"].Listed[note] = int64(len(s.states) - 1)
	s.Sightings = []Sighting{{Account: "ada", Note: note, Version: 8, Where: "a read"}, {Account: "ben", Note: note, Version: 3, Where: "a list"}}
	return s
}

func newStory() *story {
	s := &story{
		Record: &Record{Accounts: map[string]*Account{}, Notes: map[string]*History{note: {}}},
		states: []*state{nil}, clock: time.Unix(1000, 0),
	}
	for _, user := range []string{"ada", "ben", "eve"} {
		s.Accounts[user] = &Account{Listed: map[string]int64{}, Trashed: map[string]int64{}}
	}
	return s
}

func (s *story) name(m *Mutation) {
	m.ID, m.Note = fmt.Sprintf("m%d", len(s.Mutations)), note
	s.Mutations = append(s.Mutations, m)
}

func (s *story) attempt(m *Mutation, a Attempt) {
	a.Sent = s.clock
	a.Ended = s.clock.Add(time.Millisecond)
	s.clock = s.clock.Add(time.Second)
	m.Attempts = append(m.Attempts, a)
}

func (s *story) commit(m *Mutation) {
	s.name(m)
	next := apply(s.states, m)
	if m.Lives > 0 {
		next.expires = s.clock.Add(m.Lives).UnixMilli()
	}
	s.add(m, next, Version{})
}

// merge commits an edit of a base, of which the title and the text become others.
func (s *story) merge(m *Mutation, base, result body, conflict ...string) {
	s.name(m)
	before := s.states[len(s.states)-1]
	next := *before
	next.posted, next.body = base.changed(m), result
	n := int64(len(s.states))
	v := Version{Merged: before.body != base}
	if len(conflict) > 0 {
		v.Conflict = &Conflict{Fields: conflict, Kept: fmt.Sprintf("/api/notes/%s/versions/%d/kept", note, n)}
		kept := next
		kept.body = next.posted
		v.Kept = s.shown(&kept, n, nil)
	}
	s.add(m, &next, v)
}

func (s *story) add(m *Mutation, next *state, v Version) {
	before := s.states[len(s.states)-1]
	s.states = append(s.states, next)
	n := int64(len(s.states) - 1)
	h := s.Notes[note]
	v.Version, v.Op, v.Author, v.MutationID, v.RevertedFrom, v.RevertedKept = n, m.Op, m.Author, m.ID, m.From, m.Kept
	v.Shown = s.shown(next, n, nil)
	h.Versions = append(h.Versions, v)
	h.Replay = append(h.Replay, Event{Seq: n, Data: s.noteFrame(m, before, next, n)})
	for _, user := range concerned(before, next) {
		s.row(user, m, before, next, n)
	}
	s.acknowledge(m, n)
}

func (s *story) organise(m *Mutation) {
	s.name(m)
	n := int64(len(s.states) - 1)
	s.row(m.Author, m, s.states[n], s.states[n], n)
	s.acknowledge(m, n)
}

func (s *story) idle(m *Mutation) {
	s.name(m)
	s.acknowledge(m, int64(len(s.states)-1))
}

func (s *story) acknowledge(m *Mutation, version int64) {
	cursor := fmt.Sprintf("e-%d", len(s.Accounts[m.Author].Log))
	for range 2 { // and again
		a := Attempt{Outcome: Acknowledged, Version: version, Cursor: cursor, Answer: m.ID + " is done"}
		if v := s.version(m); v != nil {
			a.Merged, a.Conflict = v.Merged, v.Conflict
		}
		s.attempt(m, a)
	}
}

// version is what a mutation has made, or nil.
func (s *story) version(m *Mutation) *Version {
	if h := s.Notes[note]; h != nil && len(h.Versions) > 0 {
		if last := &h.Versions[len(h.Versions)-1]; last.MutationID == m.ID {
			return last
		}
	}
	return nil
}

func (s *story) refuse(m *Mutation, code string) {
	s.name(m)
	s.attempt(m, Attempt{Outcome: Refused, Code: code})
}

func (s *story) shown(st *state, version int64, tags []string) *Shown {
	n := &Shown{
		ID: note, UserID: st.owner, Version: version, Content: st.content, Deleted: st.deleted, Access: "private",
		Roles: maps.Clone(st.members), Collaborators: sorted(st.members), Tags: tags,
	}
	if st.public {
		n.Access = "public"
	}
	if st.expires != 0 {
		n.ExpiresAt = &st.expires
	}
	if st.title != "" {
		n.Title = &st.title
	}
	return n
}

// row adds an event to an account's log.
func (s *story) row(user string, m *Mutation, before, now *state, version int64) {
	var tags []string
	if m.Op == "organise" {
		tags = []string{m.Text}
	}
	a := s.Accounts[user]
	f := s.frame(m, version, int64(len(a.Log))+1)
	shown := s.shown(now, version, tags)
	switch {
	case now.purged:
		f["type"], f["reason"] = "note_deleted_sync", "purged"
	case now.role(user) == "":
		f["type"], f["reason"] = "note_deleted_sync", "access_lost"
	case before == nil || before.role(user) == "" || before.deleted && !now.deleted:
		f["type"], f["noteData"] = "note_created_sync", shown
	case now.deleted && !before.deleted:
		f["type"], f["reason"] = "note_deleted_sync", "trashed"
	default:
		f["type"], f["updatedNote"] = "note_sync", shown
		s.tellMerge(f, m)
	}
	a.Log = append(a.Log, Event{Seq: int64(len(a.Log)) + 1, Data: encode(f)})
}

func (s *story) frame(m *Mutation, version, seq int64) map[string]any {
	return map[string]any{
		"noteId": note, "fromUserId": m.Author, "mutationId": m.ID, "version": version, "cursor": fmt.Sprintf("e-%d", seq),
	}
}

func (s *story) noteFrame(m *Mutation, before, now *state, version int64) string {
	f := s.frame(m, version, version)
	f["type"], f["data"] = "update", s.shown(now, version, nil)
	s.tellMerge(f, m)
	switch {
	case m.Op == "create", m.Op == "revert":
		f["type"] = m.Op
	case now.purged || now.deleted && !before.deleted:
		f["type"], f["data"] = "delete", map[string]any{"id": note}
	}
	return encode(f)
}

func (s *story) tellMerge(f map[string]any, m *Mutation) {
	if v := s.version(m); v != nil && v.Merged {
		f["merged"], f["conflict"] = true, v.Conflict
	}
}

func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values
	}
	return string(data)
}

// follow adds a follower who has seen what there is.
func (s *story) follow(account string, start int64) {
	s.Followers = append(s.Followers, &Seen{
		Name: "follower of " + account, Account: account, Transport: "sse", Start: start, Events: slices.Clone(s.Accounts[account].Log[start:]),
	})
}

func (s *story) followNote(account string) {
	s.Followers = append(s.Followers, &Seen{Name: "follower of " + note, Account: account, Note: note, Transport: "websocket", Events: slices.Clone(s.Notes[note].Replay)})
}

// hide makes an account's log what it reads as once access is lost, and completes what its
// followers saw.
func (s *story) hide(user string) {
	log := s.Accounts[user].Log
	for _, f := range s.Followers {
		if f.Account == user {
			f.Events = append(f.Events, log[len(f.Events):]...)
		}
	}
	for i := range log {
		edit(&log[i].Data, func(f map[string]any) {
			if f["type"] != "note_deleted_sync" && f["folderId"] == nil {
				f["type"], f["reason"] = "note_deleted_sync", "access_lost"
			}
			delete(f, "noteData")
			delete(f, "updatedNote")
		})
	}
}

// edit changes the members of a frame.
func edit(data *string, change func(map[string]any)) {
	var f map[string]any
	if err := json.Unmarshal([]byte(*data), &f); err != nil {
		panic(err) // our own
	}
	change(f)
	*data = encode(f)
}

// by returns the mutation that made a version.
func (s *story) by(version int64) *Mutation {
	id := s.Notes[note].Versions[version-1].MutationID
	for _, m := range s.Mutations {
		if m.ID == id {
			return m
		}
	}
	return nil
}
