package e2e

import "notewire/client/goclient"

var publicRules = append(
	[]rule{{"a public note is anybody's to read, not to write, and shows no members", nil, public}},
	onEach(onNotes, "a public note is anybody's to follow, until it is private again", followPublic)...)

func public(t *trial) {
	ann, bob, passer := t.user("ann"), t.user("bob"), t.user("passer")
	id := ann.create(members{"content": "hello"})
	ann.shareWith(id, "write", bob)
	ann.do("share", id, members{"access": "public"})
	n := passer.get(id)
	equal(t, "what a passer-by sees", []any{n.Content, len(n.Collaborators), len(n.Roles)}, []any{"hello", 0, 0})
	equal(t, "what a member sees", bob.get(id).Roles, map[string]string{bob.name: "write"})
	passer.refused(403, "forbidden", "edit", id, members{"changes": members{"content": "x"}})
	history := passer.history(id)
	equal(t, "the history that is his to see", len(history), 1)
	equal(t, "its author", history[0].Author, "")
	ann.do("share", id, members{"access": "private"})
	_, err := passer.Note(t.ctx, id)
	t.isRefusal(err, 403, "forbidden")
}

func followPublic(t *trial, transport goclient.Transport) {
	ann, passer := t.user("ann"), t.user("passer")
	id := ann.create(members{"content": "hello", "tags": []string{"mine"}})
	ann.do("share", id, members{"access": "public"})
	s := passer.note(transport, id, "")
	ann.edit(id, members{"content": "world"})
	e := s.show("update")
	equal(t, "what he sees", []any{e.Data.Content, e.FromUserID, len(e.Data.Collaborators)}, []any{"world", "", 0})
	ann.do("share", id, members{"access": "private"})
	s.ends(goclient.CodeAccessLost, "error")
}
