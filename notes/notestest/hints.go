package notestest

import (
	"cmp"
	"slices"

	"notewire/notes"
)

var hintRules = []rule{
	{"after a commit each account and the note are hinted, with how far their logs reach", hinted},
	{"a lost answer is hinted too", lostAnswerHinted},
	{"what wrote no row is not hinted", nothingToHint},
	{"a hint comes after the commit", hintedAfter},
}

func accountAt(id notes.UserID, seq int64) hint { return hint{notes.Topic{User: id}, seq} }
func noteAt(id notes.NoteID, n int64) hint      { return hint{notes.Topic{Note: id}, n} }

// hintedAre checks what was published since the last look, in any order.
func (t *trial) hintedAre(what string, want ...hint) {
	t.Helper()
	order := func(a, b hint) int {
		return cmp.Or(cmp.Compare(a.topic.User, b.topic.User), cmp.Compare(a.topic.Note, b.topic.Note), cmp.Compare(a.seq, b.seq))
	}
	got := t.hints.take()
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	equal(t, "the hints after "+what, slices.Compact(got), want)
}

func hinted(t *trial) {
	t.note("n", "")
	t.hintedAre("create", accountAt(ann, 1), noteAt("n", 1))
	t.do(ann, "n", add(writer(bob)))
	t.hintedAre("share", accountAt(ann, 2), accountAt(bob, 1), noteAt("n", 2))
	t.do(bob, "n", edit("x"))
	t.hintedAre("edit", accountAt(ann, 3), accountAt(bob, 2), noteAt("n", 3))
	t.do(bob, "n", organise(star))
	t.hintedAre("organise", accountAt(bob, 3))
	t.do(ann, "n", notes.Trash{})
	t.hintedAre("trash", accountAt(ann, 4), accountAt(bob, 4), noteAt("n", 4))
	t.do(bob, "n", notes.Leave{})
	t.hintedAre("leave", accountAt(ann, 5), accountAt(bob, 5), noteAt("n", 5))
	t.do(ann, "n", notes.Restore{})
	t.hintedAre("restore", accountAt(ann, 6), noteAt("n", 6))
}

func lostAnswerHinted(t *trial) {
	t.note("n", "", writer(bob))
	t.hints.take()
	t.store.OnCommit(times(1, true, ErrLost))
	t.do(ann, "n", edit("x"))
	t.hintedAre("a lost answer", accountAt(ann, 3), accountAt(bob, 2), noteAt("n", 3))
}

func nothingToHint(t *trial) {
	t.note("n", "")
	t.as("m", ann, "n", edit("x"))
	t.hints.take()
	t.as("m", ann, "n", edit("x"))
	t.hintedAre("a repeated edit")
	t.do(ann, "n", notes.Restore{})
	t.hintedAre("a restore of what is not in the trash")
	t.refused(notes.Forbidden, bob, "n", edit("x"))
	t.hintedAre("a refusal")
}

func hintedAfter(t *trial) {
	t.note("n", "")
	t.hints.take()
	t.store.OnCommit(func(*notes.Commit) (bool, error) {
		if early := t.hints.take(); early != nil {
			t.Errorf("hinted before the commit: %v", early)
		}
		return true, nil
	})
	t.do(ann, "n", edit("x"))
	t.hintedAre("the commit", accountAt(ann, 2), noteAt("n", 2))
}
