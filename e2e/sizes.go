package e2e

import (
	"slices"
	"strings"

	"notewire/client/goclient"
)

var sizeRules = slices.Concat(
	[]rule{{"a note of 1 MiB comes back as it was, and a larger one is refused", nil, largest}},
	onEach(onAccounts, "an account's event of 200 KB arrives, whole or said to be truncated", largeAccountEvent),
	onEach(onNotes, "a note's event of 200 KB arrives, whole or said to be truncated", largeNoteEvent),
)

// text is of that many bytes: some are quotes, some are not of ASCII.
func text(bytes int) string {
	const sample = "The quick brown \"fox\" said <grüß dich> 漢字 𝄞.\n"
	s := strings.Repeat(sample, bytes/len(sample))
	return s + strings.Repeat("x", bytes-len(s))
}

func largest(t *trial) {
	ann := t.user("ann")
	content := text(1 << 20)
	id := ann.create(members{"content": content})
	if got := ann.get(id).Content; got != content {
		t.Fatalf("%d bytes became %d", len(content), len(got))
	}
	ann.edit(id, members{"title": "t"})
	v, err := ann.Version(t.ctx, id, 2)
	if err != nil || v.Note.Content != content {
		t.Fatalf("a version of it: %v", err)
	}
	ann.refused(413, "too_large", "edit", id, members{"changes": members{"content": content + "x"}})
	ann.refused(413, "too_large", "create", t.id("note"), members{"content": content + "x"})
	equal(t, "versions", len(ann.history(id)), 2)
}

func largeAccountEvent(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	s := ann.account(transport, "")
	content := text(200 << 10)
	id := ann.create(members{"title": "large", "content": content})
	created := s.show("note_created_sync")
	t.wholeOr(transport, created, created.NoteData, content)
	ann.edit(id, members{"title": "larger"})
	edited := s.show("note_sync")
	t.wholeOr(transport, edited, edited.UpdatedNote, content)
	equal(t, "its title", *edited.UpdatedNote.Title, "larger")
	ann.edit(id, members{"content": "small"})
	small := s.show("note_sync")
	equal(t, "the next event", []any{small.UpdatedNote.Content, small.Truncated}, []any{"small", false})
}

func largeNoteEvent(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(members{"title": "large"})
	s := ann.note(transport, id, "")
	content := text(200 << 10)
	ann.edit(id, members{"content": content})
	edited := s.show("update")
	t.wholeOr(transport, edited, edited.Data, content)
	equal(t, "the note as it is", ann.get(id).Content == content, true)
}

// wholeOr checks that a large event has the content, or where the hosting cannot carry it that
// it says so.
func (t *trial) wholeOr(transport goclient.Transport, e shown, n *goclient.Note, content string) {
	t.Helper()
	truncated := transport == goclient.WebSocket && !t.hosting.Abilities[WholeLargeEvents]
	equal(t, "whether it is truncated", e.Truncated, truncated)
	if truncated {
		content = ""
	}
	if n.Content != content {
		t.Fatalf("the content has %d bytes, want %d", len(n.Content), len(content))
	}
}
