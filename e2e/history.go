package e2e

import "notewire/client/goclient"

var historyRules = []rule{
	{"every change is in the history, and each version can be read", nil, history},
	{"a revert is a new version with an old one's content, and leaves members alone", nil, revert},
}

func history(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "1"})
	ann.shareWith(id, "write", bob)
	edited := bob.edit(id, members{"content": "3"})
	ann.do("trash", id, nil)
	ann.do("restore", id, nil)
	var ops, authors []string
	rows := ann.history(id)
	for i, v := range rows {
		equal(t, "number of a version", v.Version, int64(i+1))
		ops, authors = append(ops, v.Op), append(authors, v.Author)
	}
	equal(t, "operations", ops, []string{"create", "share", "edit", "trash", "restore"})
	equal(t, "authors", authors, []string{ann.name, ann.name, bob.name, ann.name, ann.name})
	equal(t, "the mutation of a version", rows[2].MutationID, edited.MutationID)
	for n, content := range map[int64]string{1: "1", 2: "1", 3: "3", 5: "3"} {
		v, err := bob.Version(t.ctx, id, n)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "the content then", v.Note.Content, content)
	}
	_, err := ann.Version(t.ctx, id, 6)
	t.isRefusal(err, 404, "not_found")
}

// history returns all versions, the oldest first.
func (u *user) history(note string) (all []goclient.Version) {
	u.t.Helper()
	for before := int64(0); ; {
		page, err := u.Versions(u.t.ctx, note, before)
		if err != nil {
			u.t.Fatal(err)
		}
		for _, v := range page.Versions {
			all = append([]goclient.Version{v}, all...)
		}
		if before = page.Next; before == 0 {
			return all
		}
	}
}

func revert(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"title": "first", "content": "one", "tags": []string{"mine"}})
	ann.edit(id, members{"title": "second", "content": "two"})
	ann.shareWith(id, "write", bob)
	equal(t, "version", bob.do("revert", id, members{"version": 1}).Version, int64(4))
	n := ann.get(id)
	equal(t, "the note", []any{*n.Title, n.Content, n.Tags, n.Roles[bob.name]}, []any{"first", "one", []string{"mine"}, "write"})
	rows := ann.history(id)
	equal(t, "what was gone back to", rows[3].RevertedFrom, int64(1))
	ann.do("revert", id, members{"version": 2}) // what a revert undid is there too
	equal(t, "the content", bob.get(id).Content, "two")
	ann.refused(404, "not_found", "revert", id, members{"version": 99})
}
