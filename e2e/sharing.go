package e2e

import (
	"slices"

	"notewire/client/goclient"
)

var sharingRules = slices.Concat(
	[]rule{
		{"a reader reads, a writer writes, the owner shares", nil, roles},
		{"whoever is not a member gets nothing of a note", nil, isolation},
	},
	onEach(onAccounts, "whoever becomes a member gets the note, and everything after", joining),
	onEach(onAccounts, "whoever is not a member has no event of a note", silence),
)

func roles(t *trial) {
	ann, bob, cat := t.user("ann"), t.user("bob"), t.user("cat")
	id := ann.create(members{"content": "one"})
	ann.shareWith(id, "write", bob)
	ann.shareWith(id, "read", cat)
	bob.edit(id, members{"content": "two"})
	equal(t, "what the reader reads", cat.get(id).Content, "two")
	cat.refused(403, "forbidden", "edit", id, members{"changes": members{"content": "three"}})
	cat.refused(403, "forbidden", "revert", id, members{"version": 1})
	bob.refused(403, "forbidden", "share", id, members{"access": "public"})
	ann.refused(403, "forbidden", "leave", id, nil)
	n := cat.get(id)
	equal(t, "owner", n.UserID, ann.name)
	equal(t, "roles", n.Roles, map[string]string{bob.name: "write", cat.name: "read"})
	equal(t, "the reader's list", cat.list(goclient.ListQuery{}), []string{id})
	ann.shareWith(id, "write", cat)
	cat.edit(id, members{"content": "three"})
	ann.do("share", id, members{"remove": []string{bob.name}})
	bob.refused(403, "forbidden", "edit", id, members{"changes": members{"content": "four"}})
	equal(t, "the content", ann.get(id).Content, "three")
}

func isolation(t *trial) {
	ann, mallory := t.user("ann"), t.user("mallory")
	id := ann.create(members{"content": "secret"})
	for _, c := range []struct {
		note   string
		status int
		code   string
	}{{id, 403, "forbidden"}, {t.id("absent"), 404, "not_found"}} {
		_, err := mallory.Note(t.ctx, c.note)
		t.isRefusal(err, c.status, c.code)
		_, err = mallory.Versions(t.ctx, c.note, 0)
		t.isRefusal(err, c.status, c.code)
		_, err = mallory.Version(t.ctx, c.note, 1)
		t.isRefusal(err, c.status, c.code)
		for op, body := range map[string]members{
			"edit": {"changes": members{"content": "x"}}, "organise": {"fields": members{"starred": true}}, "revert": {"version": 1},
			"trash": nil, "restore": nil, "purge": nil, "share": {"access": "public"}, "leave": nil,
		} {
			mallory.refused(c.status, c.code, op, c.note, body)
		}
		for _, transport := range t.transports(onNotes) {
			_, err := mallory.OpenNote(t.ctx, transport, c.note, "0")
			t.hasStatus("a stream by "+string(transport), err, c.status)
		}
	}
	equal(t, "her list", mallory.list(goclient.ListQuery{}), nil)
	equal(t, "the note's versions", len(ann.history(id)), 1)
}

func joining(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	hers, his := ann.account(transport, ""), bob.account(transport, "")
	id := ann.create(members{"content": "one"})
	ann.edit(id, members{"content": "two"})
	ann.shareWith(id, "read", bob)
	ann.edit(id, members{"content": "three"})
	got := his.show("note_created_sync")
	equal(t, "what he gets", []any{got.NoteData.ID, got.NoteData.Content, got.NoteData.Version, got.FromUserID}, []any{id, "two", int64(3), ann.name})
	equal(t, "and then", his.show("note_sync").UpdatedNote.Content, "three")
	for _, kind := range []string{"note_created_sync", "note_sync"} {
		hers.event(kind)
	}
	shared := hers.show("note_sync")
	equal(t, "what she gets", shared.UpdatedNote.Roles, map[string]string{bob.name: "read"})
}

// silence needs no waiting: what comes next in a log is all that there is.
func silence(t *trial, transport goclient.Transport) {
	ann, mallory := t.user("ann"), t.user("mallory")
	hers := mallory.account(transport, "")
	id := ann.create(members{"content": "secret"})
	ann.edit(id, members{"content": "more"})
	ann.shareWith(id, "read", t.user("bob"))
	own := mallory.create(nil)
	equal(t, "her first event", hers.show("note_created_sync").NoteID, own)
	ann.do("share", id, members{"access": "public"}) // whoever may read is not thereby a member
	ann.edit(id, members{"content": "for all"})
	mallory.edit(own, members{"content": "x"})
	equal(t, "her second", hers.show("note_sync").NoteID, own)
	equal(t, "her list", slices.Contains(mallory.list(goclient.ListQuery{}), id), false)
}
