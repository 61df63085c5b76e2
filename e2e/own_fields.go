package e2e

import "notewire/client/goclient"

var ownFieldsRules = append(
	[]rule{{"a member's own fields make no version, and nobody else has them", nil, ownFields}},
	onEach(onAccounts, "a member's own fields reach his devices alone", ownFieldsEvents)...,
)

func ownFields(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "x", "tags": []string{"a"}})
	ann.shareWith(id, "read", bob)
	bob.do("organise", id, members{"fields": members{"starred": true, "addTags": []string{"b"}, "folderId": "f"}})
	bob.do("organise", id, members{"fields": members{"addTags": []string{"c"}, "removeTags": []string{"b"}, "archived": true}})
	n := bob.get(id)
	equal(t, "his fields", []any{n.Starred, n.Archived, n.Tags, *n.FolderID, n.Version}, []any{true, true, []string{"c"}, "f", int64(2)})
	n = ann.get(id)
	equal(t, "hers", []any{n.Starred, n.Archived, n.Tags, n.FolderID}, []any{false, false, []string{"a"}, (*string)(nil)})
	equal(t, "versions", len(ann.history(id)), 2)
	equal(t, "an edit of both", ann.edit(id, members{"content": "y", "starred": true}).Version, int64(3))
	equal(t, "hers after it", ann.get(id).Starred, true)
}

func ownFieldsEvents(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "x"})
	ann.shareWith(id, "read", bob)
	hers, his := ann.account(transport, ""), bob.account(transport, "")
	bob.do("organise", id, members{"fields": members{"starred": true}})
	e := his.show("note_sync")
	equal(t, "what changed", string(e.Changes["starred"]), "true")
	equal(t, "the note", []any{e.UpdatedNote.Starred, e.UpdatedNote.Version}, []any{true, int64(2)})
	ann.edit(id, members{"content": "y"})
	equal(t, "her next event", hers.show("note_sync").UpdatedNote.Content, "y")
	e = his.show("note_sync")
	equal(t, "his next event", []any{e.UpdatedNote.Content, e.UpdatedNote.Starred}, []any{"y", true})
}
