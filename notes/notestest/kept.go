package notestest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"notewire/notes"
)

var keptRules = []rule{
	{"what a conflict does not show is kept beside its version, for members", keptForMembers},
	{"the kept side can be restored, and is a version like others then", keptRestored},
	{"of title, type and blob the later wins, and what both have changed is named", laterWins},
	{"a body and what was posted come back, however large each is", largeAndPosted},
	{"a repeated edit is answered with its conflict, also after later changes", conflictRepeated},
}

// conflict makes version 4 of ann's note one of bob's with a conflict about its text.
func (t *trial) conflict() *notes.Outcome {
	t.Helper()
	t.note("n", poem, writer(bob), reader(cat))
	t.do(ann, "n", edit(line("red", "white")))
	return t.as("b-1", bob, "n", on(2, line("red", "black")))
}

func keptForMembers(t *trial) {
	out := t.conflict()
	equal(t, "what the answer says", []any{out.Merged, out.Conflicts, out.Kept, out.View.Content}, []any{true, []string{"content"}, true, line("red", "white")})
	v := t.version("n", 4)
	equal(t, "what the version says", []any{v.Conflicts, v.Content, len(v.Changed)}, []any{[]string{"content"}, line("red", "white"), 0})
	for _, user := range []notes.UserID{ann, bob, cat} {
		note, err := t.service.Kept(t.Context(), user, "n", 4)
		if err != nil || note.Content != line("red", "black") || note.Version != 4 || note.Owner != ann {
			t.Errorf("%s is shown %+v, error %v", user, note, err)
		}
	}
	_, err := t.service.Kept(t.Context(), ann, "n", 3)
	t.isRefusal(notes.NotFound, err)
	_, err = t.service.Kept(t.Context(), ann, "n", 9)
	t.isRefusal(notes.NotFound, err)
	_, err = t.service.Kept(t.Context(), eve, "n", 4)
	t.isRefusal(notes.Forbidden, err)
	t.do(ann, "n", publish())
	t.do(bob, "n", on(2, line("red", "green")))
	for _, viewer := range []notes.UserID{eve, nobody} {
		_, err = t.service.Kept(t.Context(), viewer, "n", 6)
		t.isRefusal(notes.NotFound, err)
	}
	equal(t, "the row", tellsRow(t.last(cat)), toldRow{notes.KindSync, "", "edit", 6, nil})
	history, err := t.service.History(t.Context(), cat, "n", notes.HistoryQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the version in the history", history.Versions[0], t.version("n", 6))
	equal(t, "the version in the log", t.last(cat).Version, t.version("n", 6))
}

func keptRestored(t *trial) {
	t.conflict()
	before := t.state("n")
	t.refused(notes.NotFound, bob, "n", notes.Revert{Version: 3, Kept: true})
	t.refused(notes.Forbidden, cat, "n", notes.Revert{Version: 4, Kept: true})
	equal(t, "the state", t.state("n"), before)
	t.do(bob, "n", notes.Revert{Version: 4, Kept: true})
	v := t.version("n", 5)
	equal(t, "the version", []any{v.Content, v.Reverted, v.RevertedKept, v.Changed, v.Kept()}, []any{line("red", "black"), int64(4), true, []string{"content"}, (*notes.Body)(nil)})
	t.do(bob, "n", notes.Revert{Version: 4})
	v = t.version("n", 6)
	equal(t, "the version itself, restored", []any{v.Content, v.Reverted, v.RevertedKept}, []any{line("red", "white"), int64(4), false})
}

func laterWins(t *trial) {
	full := func(title, kind, blob string) notes.Edit {
		return notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{
			Title: notes.Some(&title), Type: notes.Some(kind), Blob: notes.Some(json.RawMessage(blob)),
		}}}
	}
	t.note("n", "text", writer(bob))
	t.do(ann, "n", full("base", "base", `{"a":0,"b":0}`))
	t.do(ann, "n", full("hers", "hers", `{"a":1,"b":0,"hers":1}`))
	op := full("his", "his", `{"a":2,"b":2}`)
	op.BaseVersion = 3
	out := t.do(bob, "n", op)
	equal(t, "the conflicts", out.Conflicts, []string{"title", "blob", "type"})
	t.hasBody("merged", "n", notes.Body{Title: ptr("his"), Content: "text", Type: "his", Blob: json.RawMessage(`{"a":2,"b":2,"hers":1}`)})
	equal(t, "what was posted", t.version("n", 5).Posted.Blob, json.RawMessage(`{"a":2,"b":2}`))
}

// noise is one long word, of which about three quarters are left when it is packed.
func noise(seed uint64, size int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	random := rand.New(rand.NewPCG(seed, 1))
	text := make([]byte, size)
	for i := range text {
		text[i] = letters[random.IntN(len(letters))]
	}
	return string(text)
}

// largeAndPosted: an item of a table may be 400 KB, and a body and what was posted must each
// find their place, together or in parts.
func largeAndPosted(t *trial) {
	const kib = 1 << 10
	for i, sizes := range [][2]int{
		{8, 8}, {4 * kib, 8}, {4000, 460 * kib}, {240 * kib, 240 * kib}, {460 * kib, 100 * kib}, {1024 * kib, 1024 * kib},
	} {
		id := notes.NoteID(fmt.Sprintf("n-%d", i))
		hers, his := noise(uint64(i), sizes[0]), noise(uint64(i)+100, sizes[1])
		t.note(id, "x")
		t.do(ann, id, edit(hers))
		out := t.do(ann, id, on(1, his))
		equal(t, fmt.Sprintf("the conflicts of %d and %d bytes", sizes[0], sizes[1]), out.Conflicts, []string{"content"})
		what := fmt.Sprintf("%d bytes beside %d posted", sizes[0], sizes[1])
		t.hasBody(what, id, notes.Body{Content: hers, Type: "note"})
		note, err := t.service.Kept(t.Context(), ann, id, 3)
		if err != nil {
			t.Fatal(what, err)
		}
		equal(t, what+": the kept side", note.Content, his)
		t.do(ann, id, notes.Revert{Version: 3, Kept: true})
		t.hasBody(what+", restored", id, notes.Body{Content: his, Type: "note"})
	}
}

func conflictRepeated(t *trial) {
	first := t.conflict()
	t.do(ann, "n", edit("later"))
	t.do(ann, "n", notes.Trash{})
	again := t.as("b-1", bob, "n", on(2, line("red", "black")))
	t.sameAnswer(first, again)
	equal(t, "versions", len(t.versions("n")), 6)
}
