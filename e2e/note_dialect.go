package e2e

import (
	"slices"

	"notewire/client/goclient"
)

var noteDialectRules = slices.Concat(
	onEach(onNotes, "a note's stream begins with the note as it is, or with its first version", noteBegins),
	onEach(onNotes, "a note's stream has every kind of change", noteChanges),
	[]rule{{"an update by frame is an event to every connection of the note, the sender's too", []Ability{NoteSocket}, updateEvent}},
)

func noteBegins(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(members{"content": "one"})
	ann.edit(id, members{"content": "two"})
	now := ann.open(&tap{user: ann, transport: transport, noteID: id})
	initial := now.show("initial")
	equal(t, "the note", []any{initial.Data.ID, initial.Data.Content, initial.Data.Version}, []any{id, "two", int64(2)})
	replay := ann.note(transport, id, "0")
	equal(t, "its first version", replay.show("create").Data.Content, "one")
	equal(t, "its second", replay.show("update").Data.Content, "two")
	equal(t, "where both stand", now.cursor, replay.cursor)
}

func noteChanges(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "one", "starred": true})
	s := ann.note(transport, id, "")
	edited := ann.edit(id, members{"content": "two"})
	e := s.event("update")
	equal(t, "its mutation, version and note", []any{e.MutationID, e.Version, e.NoteID}, []any{edited.MutationID, int64(2), id})
	equal(t, "its author", decode[shown](t, e).FromUserID, ann.name)
	equal(t, "whether it shows a member's own fields", decode[shown](t, e).Data.Starred, false)
	ann.do("organise", id, members{"fields": members{"archived": true}}) // no version
	ann.shareWith(id, "write", bob)
	equal(t, "the members", s.show("update").Data.Collaborators, []string{bob.name})
	bob.do("revert", id, members{"version": 1})
	equal(t, "the content", s.show("revert").Data.Content, "one")
	ann.do("trash", id, nil)
	equal(t, "what is deleted", s.show("delete").Data.ID, id)
}

func updateEvent(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"title": "kept", "content": "one"})
	ann.shareWith(id, "write", bob)
	hers, his := ann.note(goclient.WebSocket, id, ""), bob.note(goclient.WebSocket, id, "")
	his.say(members{"type": "update_event", "data": members{"content": "two", "title": nil}, "mutationId": "his"})
	for _, s := range []*tap{hers, his} {
		e := s.event("update")
		equal(t, "the mutation", e.MutationID, "his")
		note := decode[shown](t, e).Data
		equal(t, "the note", []string{note.Content, *note.Title}, []string{"two", "kept"})
	}
	his.say(members{"type": "update_event", "mutationId": "empty"})
	e := his.event("error")
	equal(t, "what is refused", []string{e.MutationID, decode[shown](t, e).Code}, []string{"empty", "missing_member"})
	his.say(members{"type": "ping"})
	his.event("pong")
}
