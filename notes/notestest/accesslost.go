package notestest

import (
	"fmt"

	"notewire/notes"
)

var accessLostRules = []rule{
	{"rows of a note that an account lost replay as deleted, in the same places", lostRowsReplay},
	{"rows of a note replay as they were when the account got it back", regainedRowsReplay},
	{"a row tells of its own version, whatever happened to the note since", rowsTellOfTheirVersion},
}

// lostRow is how a row reads when the account may not see its note any more.
func lostRow(r notes.LogRow) notes.LogRow {
	r.Kind, r.Reason, r.Changed, r.Fields = notes.KindDeleted, notes.ReasonAccessLost, nil, notes.Fields{}
	return r
}

// replaysWithout checks that a log is as it was and one row longer, with the rows of a note that
// is out of the account's sight as deleted ones in the same places.
func (t *trial) replaysWithout(id notes.NoteID, before, after []notes.Change) {
	t.Helper()
	equal(t, "rows", len(after), len(before)+1)
	for i, was := range before {
		want := was
		switch {
		case was.Note != id:
		case was.Kind == notes.KindDeleted: // it was one already, and says why
			want = notes.Change{LogRow: was.LogRow}
		default:
			want = notes.Change{LogRow: lostRow(was.LogRow)}
		}
		equal(t, fmt.Sprintf("row %d, %s of %s", i+1, was.Op, was.Note), after[i], want)
	}
}

func lostRowsReplay(t *trial) {
	t.do(bob, "own", notes.Create{})
	t.note("n", "secret", writer(bob))
	t.do(bob, "n", organise(star))
	t.do(bob, "n", edit("more"))
	t.do(bob, "own", edit("x"))
	t.do(ann, "n", notes.Trash{})
	before := t.log(bob)
	t.do(ann, "n", removing(bob))

	after := t.log(bob)
	t.replaysWithout("n", before, after)
	equal(t, "the last row", tellsRow(after[len(before)]), toldRow{notes.KindDeleted, notes.ReasonAccessLost, "share", 5, shareChanged})
	if after[len(before)].Version != nil {
		t.Error("the last row shows the note")
	}
}

func regainedRowsReplay(t *trial) {
	t.note("n", "1", writer(bob))
	t.do(bob, "n", edit("2"))
	before := t.log(bob)
	t.do(ann, "n", removing(bob))
	t.do(ann, "n", add(writer(bob)))
	after := t.log(bob)
	equal(t, "the rows from before", after[:2], before)
	equal(t, "the row of the loss", tellsRow(after[2]), toldRow{notes.KindDeleted, notes.ReasonAccessLost, "share", 4, shareChanged})
	equal(t, "the row of the return", tellsRow(after[3]), toldRow{notes.KindCreated, "", "share", 5, shareChanged})
}

func rowsTellOfTheirVersion(t *trial) {
	t.note("n", "1", reader(bob))
	t.do(ann, "n", edit("2"))
	t.do(ann, "n", edit("3"))
	var texts []string
	for _, c := range t.log(bob) {
		equal(t, "the version", c.Version.Note.Version, c.LogRow.Version)
		texts = append(texts, c.Version.Content)
	}
	equal(t, "the texts", texts, []string{"1", "2", "3"})
	equal(t, "the log read again", t.log(bob), t.log(bob))
}
