package e2e

import (
	"fmt"
	"slices"
	"strings"

	"notewire/client/goclient"
)

var mergingRules = slices.Concat(
	[]rule{
		{"of two edits of one sentence the note keeps the first, and the other is kept beside it", nil, conflicting},
		{"of two titles the later one stays, and the conflict is named", nil, titles},
		{"edits chained by their mutations are all there, among those of another", nil, chained},
		{"ciphertext that both changed is refused, with what it takes to merge it", nil, ciphertexts},
		{"an edit of what is not known any more, or not yet, is refused with the note as it is", nil, unknownBases},
		{"a merged edit that is sent again has the same answer, and makes no other version", nil, mergedAgain},
		{"an edit by frame is merged, and its confirmation says so", []Ability{AccountSocket, NoteSocket}, mergedFrames},
	},
	onEach(onAccounts, "edits of different paragraphs are both in the note, and every member is told", merging),
	onEach(onNotes, "a note's stream says what was merged", mergedOnNotes),
)

const story = "The cat sat on the mat.\n\nThe dog lay by the door.\n\nThe bird was gone.\n"

// together makes a note with a text that two may write, and returns it with its version.
func (t *trial) together(body members) (ann, bob *user, note string, version int64) {
	t.Helper()
	ann, bob = t.user("ann"), t.user("bob")
	note = ann.create(body)
	return ann, bob, note, ann.shareWith(note, "write", bob).Version
}

// on is the body of an edit of a version.
func on(version int64, changes members) members {
	return members{"changes": changes, "baseVersion": version, "mutationId": newMutationID()}
}

// with is the story with one word in the place of another.
func with(word, another string) members {
	return members{"content": strings.Replace(story, word, another, 1)}
}

func merging(t *trial, transport goclient.Transport) {
	ann, bob, note, base := t.together(members{"content": story})
	hers, his := ann.account(transport, ""), bob.account(transport, "")
	first := ann.do("edit", note, on(base, with("cat", "fat cat")))
	equal(t, "whether the first is merged", []any{first.Merged, first.Conflict}, []any{false, (*goclient.Conflict)(nil)})
	second := bob.do("edit", note, on(base, with("bird", "old bird")))
	equal(t, "whether the second is", []any{second.Merged, second.Conflict}, []any{true, (*goclient.Conflict)(nil)})
	want := strings.Replace(strings.Replace(story, "cat", "fat cat", 1), "bird", "old bird", 1)
	equal(t, "the note", ann.get(note).Content, want)
	for _, s := range []*tap{hers, his} {
		e := s.show("note_sync")
		equal(t, "the first event", []any{e.UpdatedNote.Content == want, e.Merged}, []any{false, false})
		e = s.show("note_sync")
		equal(t, "the second", []any{e.UpdatedNote.Content, e.Merged, e.Conflict}, []any{want, true, (*goclient.Conflict)(nil)})
		equal(t, "what changed in the note", len(e.Changes), len([]string{"content", "updatedAt"}))
	}
	row := ann.history(note)[second.Version-1]
	equal(t, "its version", []any{row.Author, row.BaseVersion, row.Merged, row.Conflict}, []any{bob.name, base, true, (*goclient.Conflict)(nil)})
}

func conflicting(t *trial) {
	ann, bob, note, base := t.together(members{"content": story})
	ann.do("edit", note, on(base, with("sat", "slept")))
	answer := bob.do("edit", note, on(base, with("sat", "stood")))
	kept := fmt.Sprintf("/api/notes/%s/versions/%d/kept", note, answer.Version)
	equal(t, "the conflict", answer.Conflict, &goclient.Conflict{Fields: []string{"content"}, Kept: kept})
	equal(t, "the note", bob.get(note).Content, with("sat", "slept")["content"].(string))
	equal(t, "the conflict in the history", ann.history(note)[answer.Version-1].Conflict, answer.Conflict)
	for _, reader := range []*user{ann, bob} {
		other, err := reader.Kept(t.ctx, note, answer.Version)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "what is kept", []any{other.Version, other.Note.ID, other.Note.Content}, []any{answer.Version, note, with("sat", "stood")["content"]})
	}
	mallory := t.user("mallory")
	_, err := mallory.Kept(t.ctx, note, answer.Version)
	t.isRefusal(err, 403, "forbidden")
	_, err = ann.Kept(t.ctx, note, base)
	t.isRefusal(err, 404, "not_found")
	ann.refused(404, "not_found", "revert", note, members{"version": base, "kept": true})
	back := ann.do("revert", note, members{"version": answer.Version, "kept": true})
	equal(t, "the note with the other side", bob.get(note).Content, with("sat", "stood")["content"].(string))
	row := ann.history(note)[back.Version-1]
	equal(t, "the version that brought it back", []any{row.Op, row.RevertedFrom, row.RevertedKept}, []any{"revert", answer.Version, true})
	ann.do("share", note, members{"access": "public"})
	_, err = mallory.Kept(t.ctx, note, answer.Version)
	t.isRefusal(err, 404, "not_found") // she may read the note, but it was private then
}

func titles(t *trial) {
	ann, bob, note, base := t.together(members{"title": "Pets", "content": story, "blob": members{"size": 1, "shape": "round"}})
	ann.do("edit", note, on(base, members{"title": "Animals", "blob": members{"size": 2, "shape": "round"}}))
	answer := bob.do("edit", note, on(base, members{"title": "Beasts", "blob": members{"size": 1, "shape": "square"}}))
	equal(t, "the conflict", answer.Conflict, &goclient.Conflict{Fields: []string{"title"}, Kept: answer.Conflict.Kept})
	n := ann.get(note)
	equal(t, "the title", *n.Title, "Beasts")
	equal(t, "the blob", []bool{strings.Contains(string(n.Blob), `"size":2`), strings.Contains(string(n.Blob), `"square"`)}, []bool{true, true})
}

// chained are what a device does that was away: each edit is of what its own last one made.
func chained(t *trial) {
	ann, bob, note, base := t.together(members{"content": story})
	text, his, last := story, "", ""
	for i := range 8 {
		if i == 1 || i == 3 || i == 6 { // meanwhile
			his = fmt.Sprintf("Bob's %d.\n%s", i, his)
			n := bob.get(note)
			bob.do("edit", note, on(n.Version, members{"content": fmt.Sprintf("Bob's %d.\n", i) + n.Content}))
			continue
		}
		text += fmt.Sprintf("\nAnn's %d.\n", i)
		edit := members{"changes": members{"content": text}, "mutationId": newMutationID(), "baseMutationId": last}
		if last == "" {
			edit["baseVersion"] = base
			delete(edit, "baseMutationId")
		}
		answer := ann.do("edit", note, edit)
		equal(t, "whether it conflicts, and is merged", []any{answer.Conflict, answer.Merged}, []any{(*goclient.Conflict)(nil), i > 1})
		last = edit["mutationId"].(string)
	}
	equal(t, "the note", ann.get(note).Content, his+text)
	equal(t, "versions", len(ann.history(note)), 2+8)
}

func ciphertexts(t *trial) {
	sealed := func(text string) members { return members{"encryptedContent": text, "iv": "AAECAwQFBgcICQoL"} }
	ann, bob, note, base := t.together(sealed("one"))
	now := ann.do("edit", note, on(base, sealed("two"))).Version
	refusal := bob.refused(409, "conflict", "edit", note, on(base, sealed("three")))
	for what, side := range map[string][]byte{"two": refusal.Current, "one": refusal.Base} {
		n := decode[goclient.Note](t, goclient.Event{Data: side})
		equal(t, "a side", *n.EncryptedContent, what)
	}
	merged := bob.do("edit", note, on(now, sealed("two and three")))
	equal(t, "what he merged himself", []any{merged.Merged, *ann.get(note).EncryptedContent}, []any{false, "two and three"})
	bob.do("edit", note, on(base, members{"title": "Only a title"})) // nothing that only he could merge
}

func unknownBases(t *trial) {
	ann, bob, note, base := t.together(members{"content": story})
	mine := ann.edit(note, members{"content": "mine"})
	for _, by := range []string{"never-sent", mine.MutationID} { // one's own, not somebody else's
		refusal := bob.refused(409, "base_gone", "edit", note, members{"changes": members{"content": "x"}, "baseMutationId": by})
		equal(t, "the note as it is", decode[goclient.Note](t, goclient.Event{Data: refusal.Current}).Content, "mine")
	}
	bob.refused(400, "invalid", "edit", note, on(base+7, members{"content": "x"}))
	equal(t, "the note", bob.get(note).Content, "mine")
}

func mergedAgain(t *trial) {
	ann, bob, note, base := t.together(members{"content": story})
	ann.do("edit", note, on(base, with("sat", "slept")))
	edit := on(base, with("sat", "stood"))
	first := bob.do("edit", note, edit)
	ann.edit(note, members{"content": "meanwhile"})
	equal(t, "the answer", string(bob.do("edit", note, edit).Body), string(first.Body))
	equal(t, "versions", len(ann.history(note)), int(first.Version)+1)
}

func mergedFrames(t *trial) {
	ann, bob, note, base := t.together(members{"content": story})
	ann.do("edit", note, on(base, with("sat", "slept")))
	s := bob.account(goclient.WebSocket, "")
	s.say(members{"type": "note_update", "noteId": note, "baseVersion": base, "changes": with("sat", "stood"), "mutationId": "his"})
	e := s.show("note_update_success")
	equal(t, "the confirmation", []any{e.Merged, e.Conflict.Fields}, []any{true, []string{"content"}})
	dialect := bob.note(goclient.WebSocket, note, "")
	dialect.say(members{"type": "update_event", "baseMutationId": "his", "data": members{"content": strings.Replace(story, "sat", "stood up", 1), "title": "T"}})
	equal(t, "the event", dialect.show("update").Merged, true)
	equal(t, "the title", *ann.get(note).Title, "T")
}

func mergedOnNotes(t *trial, transport goclient.Transport) {
	ann, bob, note, base := t.together(members{"content": story, "title": "Pets"})
	ann.do("share", note, members{"access": "public"})
	streams := []*tap{ann.note(transport, note, ""), t.user("passer-by").note(transport, note, "")}
	ann.do("edit", note, on(base, with("sat", "slept")))
	answer := bob.do("edit", note, on(base, with("sat", "stood")))
	for i, s := range streams {
		equal(t, "the first", s.show("update").Merged, false)
		e := s.show("update")
		equal(t, "the second", []any{e.Merged, e.Conflict.Fields}, []any{true, []string{"content"}})
		equal(t, "where it is kept", e.Conflict.Kept, []string{answer.Conflict.Kept, ""}[i])
	}
}
