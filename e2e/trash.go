package e2e

import (
	"slices"

	"notewire/client/goclient"
)

var trashRules = slices.Concat(
	[]rule{{"what is in the trash is not listed, and can be restored", nil, trashed}},
	onEach(onAccounts, "trash and restore tell every member", trashEvents),
	onEach(onNotes, "a note's stream ends when it goes into the trash", trashEndsStreams),
)

func trashed(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "x"})
	ann.shareWith(id, "write", bob)
	bob.refused(403, "forbidden", "trash", id, nil)
	ann.do("trash", id, nil)
	equal(t, "deleted", bob.get(id).Deleted, true)
	equal(t, "his list", bob.list(goclient.ListQuery{}), nil)
	equal(t, "the trash", bob.list(goclient.ListQuery{Deleted: true}), []string{id})
	_, err := t.user("mallory").Note(t.ctx, id)
	t.isRefusal(err, 404, "not_found")
	ann.do("restore", id, nil)
	equal(t, "her list", ann.list(goclient.ListQuery{}), []string{id})
	equal(t, "the content", bob.get(id).Content, "x")
}

func trashEvents(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "x"})
	ann.shareWith(id, "read", bob)
	streams := []*tap{ann.account(transport, ""), bob.account(transport, "")}
	ann.do("trash", id, nil)
	ann.do("restore", id, nil)
	ann.edit(id, members{"deleted": true})
	for _, s := range streams {
		s.loses(id, "trashed")
		back := s.show("note_created_sync")
		equal(t, "what is back", []any{back.NoteData.ID, back.NoteData.Content, back.NoteData.Deleted}, []any{id, "x", false})
		s.loses(id, "trashed")
	}
}

// loses reads that a note went out of the account's sight.
func (s *tap) loses(note, reason string) {
	t := s.user.t
	t.Helper()
	gone := s.show("note_deleted_sync")
	equal(t, "what is gone, and why", []string{gone.NoteID, gone.Reason}, []string{note, reason})
}

func trashEndsStreams(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(members{"content": "x"})
	s := ann.note(transport, id, "")
	ann.do("trash", id, nil)
	s.ends(goclient.CodeDeleted, "delete")
	again := ann.note(transport, id, s.cursor) // it has nothing more to say, now
	ann.do("restore", id, nil)
	equal(t, "after it was restored", again.show("update").Data.Content, "x")
	replay := ann.note(transport, id, "0")
	for _, kind := range []string{"create", "delete", "update"} {
		replay.event(kind)
	}
}
