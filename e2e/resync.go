package e2e

import (
	"fmt"

	"notewire/client/goclient"
)

var resyncRules = append(
	onEach(onAccounts, "an account's stream that cannot go on says resync, and is live", resyncAccount),
	onEach(onNotes, "a note's stream that cannot go on says resync, and shows the note", resyncNote)...)

// lost are cursors that a log does not go on from, by the reason.
func lost(cursor string) map[string]string {
	epoch, seq := parseCursor(cursor)
	return map[string]string{
		"epoch":     fmt.Sprintf("another-%d", seq),
		"ahead":     fmt.Sprintf("%s-%d", epoch, seq+1000),
		"malformed": "nonsense",
	}
}

func resyncAccount(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(nil)
	for reason, cursor := range lost(ann.place()) {
		s := ann.account(transport, cursor)
		equal(t, "the reason of "+cursor, s.show("resync").Reason, reason)
		equal(t, "its cursor", s.cursor, ann.place())
		ann.edit(id, members{"content": reason})
		equal(t, "the first event", s.show("note_sync").UpdatedNote.Content, reason)
	}
}

// place is the account's cursor, as a client learns it that lists its notes.
func (u *user) place() string {
	u.t.Helper()
	page, err := u.Notes(u.t.ctx, goclient.ListQuery{ByID: true})
	if err != nil {
		u.t.Fatal(err)
	}
	return page.Cursor
}

func resyncNote(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(members{"content": "x"})
	for reason, cursor := range lost(ann.note(transport, id, "").cursor) {
		s := ann.note(transport, id, cursor)
		equal(t, "the reason of "+cursor, s.show("resync").Reason, reason)
		version := ann.get(id).Version
		equal(t, "the note", s.show("initial").Data.Version, version)
		ann.edit(id, members{"content": reason})
		equal(t, "the first event", s.show("update").Data.Content, reason)
	}
}
