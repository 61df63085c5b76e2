package notestest

import (
	"fmt"
	"time"

	"notewire/notes"
)

const day = 24 * time.Hour

var retentionRules = []rule{
	{"rows of a log vanish after their time, and later ones keep their places", rowsVanish},
	{"rows that vanished do not hide later ones, however many they were", vanishedRowsHideNothing},
	{"a log without rows left still knows its head", headOutlivesRows},
	{"a repeated mutation is answered equally when its row has vanished", repeatOutlivesRow},
	{"a mutation id may be used again after its time", receiptsVanish},
	{"notes, versions and lists never vanish", notesStay},
	{"rows that are read at once follow each other without a gap", noGapInside},
}

// read returns the numbers of one page of user's log.
func (t *trial) read(user notes.UserID, after int64, limit int) (seqs []int64) {
	t.Helper()
	changes, err := t.service.AccountLog(t.Context(), user, after, limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		seqs = append(seqs, c.Seq)
	}
	return seqs
}

func (t *trial) logDays() time.Duration { return time.Duration(t.limits.LogDays) * day }

func rowsVanish(t *trial) {
	t.note("n", "1", reader(bob))
	t.clock.Advance(t.logDays() / 2)
	t.do(ann, "n", edit("2"))
	t.clock.Advance(t.logDays()/2 - time.Minute)
	equal(t, "rows within their time", t.read(ann, 0, 10), []int64{1, 2, 3})
	t.clock.Advance(2 * time.Minute)
	equal(t, "the owner's rows", t.read(ann, 0, 10), []int64{3})
	equal(t, "the member's rows", t.read(bob, 0, 10), []int64{2})
	equal(t, "the owner's rows after 2", t.read(ann, 2, 10), []int64{3})
	t.do(bob, "n", organise(star))
	equal(t, "the member's rows after another one", t.read(bob, 0, 10), []int64{2, 3})
}

func vanishedRowsHideNothing(t *trial) {
	t.note("n", "")
	for i := range 10 {
		t.do(ann, "n", edit(fmt.Sprint(i)))
	}
	t.clock.Advance(t.logDays() + time.Minute)
	t.do(ann, "n", edit("last"))
	for _, limit := range []int{1, 2, 11, 100} {
		equal(t, fmt.Sprintf("the first rows in a page of %d", limit), t.read(ann, 0, limit), []int64{12})
	}
}

func headOutlivesRows(t *trial) {
	t.note("n", "")
	t.do(ann, "n", edit("x"))
	t.clock.Advance(t.logDays() + time.Minute)
	equal(t, "the rows", t.read(ann, 0, 10), nil)
	head, err := t.service.AccountHead(t.Context(), ann)
	if err != nil || head != 2 {
		t.Errorf("the head is %d, error %v", head, err)
	}
	equal(t, "the next place", t.do(ann, "n", edit("y")).Cursor.Seq, int64(3))
}

func repeatOutlivesRow(t *trial) {
	t.note("n", "")
	first := t.as("m", ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("x"), FieldsPatch: star}})
	t.do(ann, "n", edit("y"))
	t.clock.Advance(time.Duration(t.limits.ReceiptDays)*day - time.Minute)
	t.do(ann, "other", notes.Create{}) // the next row that is left is not about n
	t.sameAnswer(first, t.as("m", ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: text("x"), FieldsPatch: star}}))
}

func receiptsVanish(t *trial) {
	t.note("n", "")
	t.as("m", ann, "n", edit("x"))
	t.clock.Advance(time.Duration(t.limits.ReceiptDays)*day + time.Minute)
	out := t.as("m", ann, "n", edit("y"))
	equal(t, "version and whether it is repeated", []any{out.Version, out.Repeated}, []any{int64(3), false})
	t.sameAnswer(out, t.as("m", ann, "n", edit("y")))
}

func notesStay(t *trial) {
	t.note("n", "1", reader(bob))
	t.do(ann, "n", edit("2"))
	note, versions := t.get(bob, "n"), t.versions("n")
	t.clock.Advance(10 * 365 * day)
	equal(t, "the note", t.get(bob, "n"), note)
	equal(t, "the versions", t.versions("n"), versions)
	equal(t, "the list", t.listed(bob, notes.ListQuery{}), []notes.NoteID{"n"})
	t.as("m", bob, "n", organise(star))
}

// noGapInside: after a clock was set back, a row outlives some that came after it.
func noGapInside(t *trial) {
	t.note("ahead", "")
	t.clock.Advance(-time.Hour)
	t.do(ann, "behind", notes.Create{})
	t.do(ann, "behind", edit("x"))
	t.clock.Advance(t.logDays() + time.Minute) // the first row has an hour left
	t.clock.Advance(30 * time.Minute)
	t.do(ann, "behind", edit("y"))
	equal(t, "the first rows", t.read(ann, 0, 10), []int64{1})
	equal(t, "the next rows", t.read(ann, 1, 10), []int64{4})
}
