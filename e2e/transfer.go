package e2e

import (
	"maps"
	"slices"

	"notewire/client/goclient"
)

var transferRules = slices.Concat(
	[]rule{{"a note's owner gives it to another, and stays as a writer", nil, transfer}},
	onEach(onAccounts, "a transfer tells every member what changed", transferEvents),
)

func transfer(t *trial) {
	ann, bob, cat := t.user("ann"), t.user("bob"), t.user("cat")
	id := ann.create(members{"content": "one", "starred": true})
	ann.refused(400, "invalid", "share", id, members{"owner": bob.name}) // he is no member yet
	ann.shareWith(id, "read", bob)
	bob.refused(403, "forbidden", "share", id, members{"owner": bob.name})
	ann.do("share", id, members{"owner": bob.name})
	n := ann.get(id)
	equal(t, "the note", []any{n.UserID, n.Collaborators, n.Roles[ann.name], n.Starred}, []any{bob.name, []string{ann.name}, "write", true})
	ann.edit(id, members{"content": "two"})
	ann.refused(403, "forbidden", "share", id, members{"owner": ann.name})
	ann.refused(403, "forbidden", "trash", id, nil)
	bob.do("share", id, members{"members": []members{{"userId": cat.name, "role": "read"}}, "owner": cat.name}) // at once
	n = cat.get(id)
	equal(t, "the note", []any{n.UserID, n.Roles}, []any{cat.name, map[string]string{ann.name: "write", bob.name: "write"}})
	ann.do("leave", id, nil)
	cat.do("trash", id, nil)
	cat.do("purge", id, nil)
}

func transferEvents(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "one"})
	ann.shareWith(id, "read", bob)
	streams := []*tap{ann.account(transport, ""), bob.account(transport, "")}
	ann.do("share", id, members{"owner": bob.name})
	bob.do("share", id, members{"access": "public"})
	bob.do("share", id, members{"members": []members{{"userId": ann.name, "role": "read"}}})
	for _, s := range streams {
		for _, want := range [][]string{{"collaborators", "roles", "updatedAt", "userId"}, {"access", "updatedAt"}, {"roles", "updatedAt"}} {
			e := s.show("note_sync")
			equal(t, "what changed", slices.Sorted(maps.Keys(e.Changes)), want)
			equal(t, "whose it is", e.UpdatedNote.UserID, bob.name)
		}
	}
}
