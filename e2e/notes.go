package e2e

import (
	"slices"
	"strings"

	"notewire/client/goclient"
)

var noteRules = []rule{
	{"a note that was created is read and listed as it was posted", nil, createdNote},
	{"lists have pages, in either order", nil, pages},
	{"edits without a base change what they name, the later one last", nil, editsWithoutBase},
	{"a strict edit of another version is refused with the note as it is", []Ability{StrictEdit}, strictEdit},
	{"a batch is carried out in order, each for itself", []Ability{Batch}, batch},
}

func createdNote(t *trial) {
	ann := t.user("ann")
	id := t.id("note")
	text := "grüß <b>Gott</b> & \"漢字\"\n\u2028𝄞 \\u0041"
	answer := ann.do("create", id, members{"title": "A <title>", "content": text, "blob": members{"a": []any{1.5, nil, "<"}}, "tags": []string{"x", "y"}})
	equal(t, "the answer's id and version", []any{answer.ID, answer.Version}, []any{id, int64(1)})
	n := ann.get(id)
	equal(t, "title", *n.Title, "A <title>")
	equal(t, "content", n.Content, text)
	equal(t, "blob", string(n.Blob), `{"a":[1.5,null,"<"]}`)
	equal(t, "tags", n.Tags, []string{"x", "y"})
	equal(t, "owner, access, deleted", []any{n.UserID, n.Access, n.Deleted}, []any{ann.name, "private", false})
	list, err := ann.Notes(t.ctx, goclient.ListQuery{})
	if err != nil || len(list.Notes) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	equal(t, "the note in the list", list.Notes[0].Content, text)
	equal(t, "the list's cursor", list.Cursor, answer.Cursor)
	ann.refused(409, "note_exists", "create", id, nil)
	if chosen := ann.do("create", "", nil).ID; chosen == "" || chosen == id {
		t.Errorf("the hosting chose the id %q", chosen)
	}
}

func pages(t *trial) {
	ann := t.user("ann")
	var made []string
	for range 5 {
		made = append(made, ann.create(nil))
	}
	ann.do("trash", made[2], nil)
	kept := slices.Concat(made[:2], made[3:])
	newest := slices.Clone(kept)
	slices.Reverse(newest)
	byID := slices.Sorted(slices.Values(made))
	equal(t, "newest first", ann.list(goclient.ListQuery{Limit: 2}), newest)
	equal(t, "all by id", ann.list(goclient.ListQuery{Limit: 2, ByID: true}), byID)
	equal(t, "those in the trash", ann.list(goclient.ListQuery{Deleted: true}), made[2:3])
}

// list returns the ids of all pages.
func (u *user) list(q goclient.ListQuery) (ids []string) {
	u.t.Helper()
	for {
		page, err := u.Notes(u.t.ctx, q)
		if err != nil {
			u.t.Fatal(err)
		}
		if q.Limit > 0 && len(page.Notes) > q.Limit {
			u.t.Fatalf("a page of %d notes, at most %d were asked for", len(page.Notes), q.Limit)
		}
		for _, n := range page.Notes {
			ids = append(ids, n.ID)
		}
		if q.After = page.NextCursor; q.After == "" {
			return ids
		}
	}
}

func editsWithoutBase(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"title": "t", "content": "one"})
	ann.shareWith(id, "write", bob)
	ann.edit(id, members{"content": "two"})
	equal(t, "version", bob.edit(id, members{"title": nil, "blob": members{"x": 1}}).Version, int64(4))
	last := ann.edit(id, members{"content": "three"})
	for _, u := range []*user{ann, bob} {
		n := u.get(id)
		equal(t, "the note", []any{n.Title, n.Content, string(n.Blob), n.Version}, []any{(*string)(nil), "three", `{"x":1}`, last.Version})
	}
}

func strictEdit(t *trial) {
	ann := t.user("ann")
	id := ann.create(members{"content": "one"})
	edit := func(content string, expected int) members {
		return members{"changes": members{"content": content}, "expectedVersion": expected, "mutationId": newMutationID()}
	}
	equal(t, "version", ann.do("edit", id, edit("two", 1)).Version, int64(2))
	late := edit("never", 1)
	refusal := ann.refused(409, "version_mismatch", "edit", id, late)
	equal(t, "which mutation is refused", refusal.MutationID, late["mutationId"].(string))
	if current := string(refusal.Current); !strings.Contains(current, `"two"`) || !strings.Contains(current, `"version":2`) {
		t.Errorf("the refusal shows %s", current)
	}
	equal(t, "the content", ann.get(id).Content, "two")
	equal(t, "the content after another try", ann.do("edit", id, edit("three", 2)).Version, int64(3))
}

func batch(t *trial) {
	ann := t.user("ann")
	kept, lost := t.id("note"), t.id("note")
	first := newMutationID()
	body := members{"mutations": []members{
		{"op": "create", "noteId": kept, "mutationId": first, "content": "one"},
		{"op": "edit", "noteId": lost, "mutationId": newMutationID(), "changes": members{"content": "x"}}, // there is none
		{"op": "trash", "noteId": lost, "mutationId": newMutationID()},
		{"op": "edit", "noteId": kept, "mutationId": newMutationID(), "changes": members{"content": "two"}},
	}}
	type result struct {
		MutationID string
		Version    int64
		Error      struct{ Code string }
	}
	for range 2 { // the second time they are repeated, with the same effect
		status, answer, err := ann.Do(t.ctx, "POST", "/api/mutations", body)
		if err != nil || status != 200 {
			t.Fatalf("%d %s, %v", status, answer, err)
		}
		got := decode[struct{ Results []result }](t, goclient.Event{Data: answer}).Results
		var codes []string
		var versions []int64
		for _, r := range got {
			codes, versions = append(codes, r.Error.Code), append(versions, r.Version)
		}
		equal(t, "what was refused", codes, []string{"", "not_found", "skipped", ""})
		equal(t, "versions", versions, []int64{1, 0, 0, 2})
		equal(t, "the first result's mutation", got[0].MutationID, first)
	}
	equal(t, "the content", ann.get(kept).Content, "two")
	equal(t, "notes", ann.list(goclient.ListQuery{}), []string{kept})
}
