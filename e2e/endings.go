package e2e

import (
	"slices"

	"notewire/client/goclient"
)

var endingRules = slices.Concat(
	onEach(onNotes, "removal ends the streams of a note", removalEndsStreams),
	onEach(onNotes, "leaving ends the streams of a note", leavingEndsStreams),
	onEach(onAccounts, "removal and leaving take the note out of the account's sight", outOfSight),
)

// sharedWithBob is a note of ann's that bob follows, too.
func (t *trial) sharedWithBob(transport goclient.Transport) (ann, bob *user, id string, hers, his *tap) {
	t.Helper()
	ann, bob = t.user("ann"), t.user("bob")
	id = ann.create(members{"content": "x"})
	ann.shareWith(id, "write", bob)
	return ann, bob, id, ann.note(transport, id, ""), bob.note(transport, id, "")
}

func removalEndsStreams(t *trial, transport goclient.Transport) {
	ann, bob, id, hers, his := t.sharedWithBob(transport)
	ann.do("share", id, members{"remove": []string{bob.name}})
	ann.edit(id, members{"content": "not for bob"})
	his.ends(goclient.CodeAccessLost, "error")
	equal(t, "what is left of the members", len(hers.show("update").Data.Collaborators), 0)
	equal(t, "and then", hers.show("update").Data.Content, "not for bob")
	_, err := bob.OpenNote(t.ctx, transport, id, his.cursor)
	t.hasStatus("his stream again", err, 403)
}

func leavingEndsStreams(t *trial, transport goclient.Transport) {
	ann, bob, id, hers, his := t.sharedWithBob(transport)
	bob.do("leave", id, nil)
	his.ends(goclient.CodeAccessLost, "error")
	equal(t, "what is left of the members", len(hers.show("update").Data.Collaborators), 0)
	equal(t, "her note", len(ann.get(id).Collaborators), 0)
}

func outOfSight(t *trial, transport goclient.Transport) {
	ann, bob, cat := t.user("ann"), t.user("bob"), t.user("cat")
	id := ann.create(members{"content": "x"})
	ann.shareWith(id, "write", bob, cat)
	hers, bobs, cats := ann.account(transport, ""), bob.account(transport, ""), cat.account(transport, "")
	ann.do("share", id, members{"remove": []string{bob.name}})
	bobs.loses(id, "access_lost")
	equal(t, "who stays", cats.show("note_sync").UpdatedNote.Collaborators, []string{cat.name})
	cat.do("leave", id, nil) // not before she has read: what was hers to see is not any more
	cats.loses(id, "access_lost")
	equal(t, "who stays", hers.show("note_sync").UpdatedNote.Collaborators, []string{cat.name})
	equal(t, "who stays", len(hers.show("note_sync").UpdatedNote.Collaborators), 0)
	_, err := bob.Note(t.ctx, id)
	t.isRefusal(err, 403, "forbidden")
	equal(t, "his list", bob.list(goclient.ListQuery{}), nil)
	// What came before is not his to see any more: it replays as the loss.
	replay := bob.account(transport, "0")
	for range 2 {
		replay.event("note_deleted_sync")
	}
}
