package notestest

import (
	"time"

	"notewire/notes"
)

var expiryRules = []rule{
	{"a note whose time is over is read-only, and says so with the note", readOnlyAfterwards},
	{"a note whose time is over can still be organised, shared, left, trashed, restored and purged", notLockedAfterwards},
	{"when a note expires is in every version of it", expiryComesBack},
}

func expiring(hours float64) notes.Create {
	return notes.Create{BodyPatch: text("1"), ExpiresInHours: hours}
}

func readOnlyAfterwards(t *trial) {
	t.do(ann, "n", expiring(1))
	t.do(ann, "n", add(writer(bob), reader(cat)))
	t.clock.Advance(time.Hour - 5*time.Millisecond) // each operation is a millisecond later
	before := t.as("b-1", bob, "n", edit("2"))
	t.clock.Advance(time.Minute)
	state := t.state("n")
	for _, op := range []notes.Op{edit("3"), on(1, "3"), on(3, "3"), after("b-1", "3"), notes.Revert{Version: 1}} {
		refusal := t.refused(notes.NoteExpired, bob, "n", op)
		if refusal.Current == nil || refusal.Current.Content != "2" || refusal.RetryAfter != 0 {
			t.Errorf("%s: the refusal is %+v", op.Name(), refusal)
		}
	}
	t.refused(notes.NoteExpired, ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("3"), FieldsPatch: star, Deleted: notes.Some(true)}})
	t.refused(notes.Forbidden, cat, "n", edit("3"))
	equal(t, "the state", t.state("n"), state)
	t.sameAnswer(before, t.as("b-1", bob, "n", edit("2")))
	equal(t, "the text", t.get(cat, "n").Content, "2")
}

func notLockedAfterwards(t *trial) {
	t.do(ann, "n", expiring(0.001))
	t.do(ann, "n", add(writer(bob)))
	t.clock.Advance(time.Hour)
	t.refused(notes.NoteExpired, ann, "n", edit("x"))
	t.do(bob, "n", organise(star))
	t.do(bob, "n", editOf(notes.FieldsPatch{AddTags: []string{"x"}}))
	t.do(ann, "n", add(reader(cat)))
	t.do(ann, "n", publish())
	t.do(cat, "n", notes.Leave{})
	t.do(ann, "n", notes.Trash{})
	t.do(ann, "n", notes.Restore{})
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{Deleted: notes.Some(true)}})
	t.do(ann, "n", notes.Purge{})
}

func expiryComesBack(t *trial) {
	t.do(ann, "never", expiring(0))
	equal(t, "when what never expires does", t.get(ann, "never").ExpiresAt, (*notes.Millis)(nil))
	out := t.do(ann, "n", expiring(24.5))
	want := ptr(notes.MillisOf(t.clock.Now()) + 88_200_000)
	equal(t, "in the answer", out.View.ExpiresAt, want)
	t.do(ann, "n", edit("2"))
	t.do(ann, "n", notes.Share{Members: []notes.Member{reader(bob)}})
	t.do(ann, "n", notes.Revert{Version: 1})
	for _, v := range t.versions("n") {
		equal(t, "in version "+v.Op, v.ExpiresAt, want)
	}
	equal(t, "for a member", t.get(bob, "n").ExpiresAt, want)
	equal(t, "in the member's log", t.last(bob).Version.ExpiresAt, want)
	for _, hours := range []float64{-1, 87_600.1} {
		t.refused(notes.Invalid, ann, "other", expiring(hours))
	}
}
