package e2e

import "notewire/client/goclient"

var frameRules = []rule{
	{"a mutation by frame is confirmed to its sender in its place, and an event to all others", []Ability{AccountSocket}, mutationFrames},
	{"a mutation by frame that has no place in the log is confirmed at once", []Ability{AccountSocket}, framesWithoutPlace},
	{"a mutation by frame that is refused is told by its id", []Ability{AccountSocket}, refusedFrames},
}

func mutationFrames(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := t.id("note")
	sender, other := ann.account(goclient.WebSocket, ""), ann.account(goclient.WebSocket, "")
	confirmed := func(kind, op, mutation string) shown {
		t.Helper()
		e := sender.event(kind)
		equal(t, "which mutation is confirmed", e.MutationID, mutation)
		equal(t, "its operation", decode[shown](t, e).Op, op)
		return decode[shown](t, e)
	}
	sender.say(members{"type": "note_created", "noteData": members{"id": id, "content": "one"}, "mutationId": "created"})
	equal(t, "the note", confirmed("mutation_ack", "create", "created").UpdatedNote.Content, "one")
	ann.shareWith(id, "write", bob)
	bob.edit(id, members{"content": "bob's"})
	sender.event("note_sync") // so that what is his comes before what is hers
	sender.event("note_sync")
	sender.say(members{"type": "note_update", "noteId": id, "changes": members{"content": "two"}, "mutationId": "updated"})
	equal(t, "the note", confirmed("note_update_success", "", "updated").UpdatedNote.Content, "two")
	bob.edit(id, members{"content": "bob's again"})
	sender.event("note_sync")
	sender.say(members{"type": "note_deleted", "noteId": id, "mutationId": "deleted"})
	confirmed("mutation_ack", "trash", "deleted")

	for _, kind := range []string{"note_created_sync", "note_sync", "note_sync", "note_sync", "note_sync", "note_deleted_sync"} {
		other.event(kind)
	}
	equal(t, "where both stand", sender.cursor, other.cursor)
	history := bob.history(id)
	equal(t, "the mutation of the last version", history[len(history)-1].MutationID, "deleted")
}

func framesWithoutPlace(t *trial) {
	ann := t.user("ann")
	id := ann.create(members{"content": "mine"})
	s := ann.account(goclient.WebSocket, "")
	update := members{"type": "note_update", "noteId": id, "changes": members{"content": "x"}, "mutationId": "once"}
	s.say(update)
	first := s.event("note_update_success")
	ann.edit(id, members{"content": "y"})
	s.event("note_sync")
	s.say(update)
	again := s.event("note_update_success")
	equal(t, "the confirmation of a repeated one", []any{again.MutationID, again.Cursor, again.Version}, []any{"once", first.Cursor, first.Version})
	s.say(members{"type": "note_created", "noteData": members{"id": id, "content": "again"}, "mutationId": "known"})
	equal(t, "the confirmation of a create of what is there", s.event("mutation_ack").MutationID, "known")
	ann.edit(id, members{"title": "t"})
	equal(t, "the next event", s.show("note_sync").UpdatedNote.Content, "y")
}

func refusedFrames(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "x"})
	ann.shareWith(id, "read", bob)
	s := bob.account(goclient.WebSocket, "")
	s.say(members{"type": "note_update", "noteId": id, "changes": members{"content": "y"}, "mutationId": "mine"})
	e := s.event("error")
	equal(t, "which, and why", []string{e.MutationID, e.NoteID, decode[shown](t, e).Code}, []string{"mine", id, "forbidden"})
	s.say(members{"type": "note_deleted", "noteId": t.id("absent"), "mutationId": "mine"})
	equal(t, "why", s.show("error").Code, "not_found")
	ann.edit(id, members{"content": "z"})
	equal(t, "the next event", s.show("note_sync").UpdatedNote.Content, "z")
}
