package notestest

import (
	"fmt"
	"sync/atomic"

	"notewire/notes"
)

var purgeRules = []rule{
	{"only what is in the trash is purged, and only by its owner", purgeNeedsTrash},
	{"a purge takes a note from all its members for good", purgeTakesAll},
	{"the id of what was purged is never used again", purgedID},
	{"rows of what was purged replay as deleted, in the same places", purgedRowsReplay},
	{"mutations of what was purged are still known, and show nothing of it", purgedReceipts},
}

var purgeAtOnceRules = []rule{
	{"of a purge and edits at once, the purge is the last", purgeAtOnce},
}

// purged makes ann's note, with bob as writer and cat as reader, and purges it.
func (t *trial) purged(id notes.NoteID) *notes.Outcome {
	t.Helper()
	t.note(id, "secret", writer(bob), reader(cat))
	t.do(bob, id, notes.Edit{Changes: notes.Changes{BodyPatch: text("more secret"), FieldsPatch: star}})
	t.do(ann, id, notes.Trash{})
	return t.do(ann, id, notes.Purge{})
}

func purgeNeedsTrash(t *trial) {
	t.note("n", "", writer(bob))
	before := t.state("n")
	t.refused(notes.Invalid, ann, "n", notes.Purge{})
	t.refused(notes.Forbidden, bob, "n", notes.Purge{})
	equal(t, "the state", t.state("n"), before)
	t.do(ann, "n", notes.Trash{})
	before = t.state("n")
	t.refused(notes.Forbidden, bob, "n", notes.Purge{})
	t.refused(notes.NotFound, eve, "n", notes.Purge{})
	t.refused(notes.NotFound, ann, "none", notes.Purge{})
	equal(t, "the state", t.state("n"), before)
}

func purgeTakesAll(t *trial) {
	ctx := t.Context()
	t.note("public", "x")
	t.do(ann, "public", publish())
	t.do(ann, "public", notes.Trash{})
	t.do(ann, "public", notes.Purge{})
	_, err := t.service.Get(ctx, nobody, "public")
	t.isRefusal(notes.NotFound, err)

	out := t.purged("n")
	equal(t, "the answer", out, &notes.Outcome{
		Op: "purge", Mutation: out.Mutation, Note: "n", Version: 5, At: notes.MillisOf(t.clock.Now()), Logged: true,
		Cursor: notes.Cursor{Epoch: t.service.Epoch(), Seq: 9},
	})
	for _, user := range []notes.UserID{ann, bob, cat} {
		row := t.last(user)
		equal(t, "the last row of "+string(user), tellsRow(row), toldRow{notes.KindDeleted, notes.ReasonPurged, "purge", 5, []string{"purged"}})
		if row.Version != nil {
			t.Errorf("the row shows %s the note", user)
		}
		entries, err := t.store.EntriesOf(ctx, user, "n")
		if err != nil || entries[0] != nil {
			t.Errorf("the entry of %s is %v, error %v", user, entries[0], err)
		}
		for _, q := range []notes.ListQuery{{}, {Trashed: true}, {ByID: true}} {
			equal(t, "a list of "+string(user), t.listed(user, q), nil)
		}
		t.gone(notes.Purged, user)
		for _, op := range []notes.Op{
			edit("x"), organise(star), notes.Revert{Version: 1}, notes.Trash{}, notes.Restore{}, notes.Purge{}, add(reader("dan")), notes.Leave{}, on(3, "x"),
		} {
			t.refused(notes.Purged, user, "n", op)
		}
	}
	t.gone(notes.NotFound, eve)
	t.gone(notes.NotFound, nobody)
	t.refused(notes.NotFound, eve, "n", edit("x"))
	head, err := t.service.NoteVersion(ctx, "n")
	if err != nil || head != 5 {
		t.Errorf("the note's log ends at %d, error %v", head, err)
	}
	log, err := t.service.NoteLog(ctx, "n", 4, 9)
	if err != nil || len(log) != 1 || !log[0].Purged || !log[0].Deletes() || log[0].Content != "" || log[0].Title != nil {
		t.Errorf("the end of the note's log is %+v, error %v", log, err)
	}
}

// gone checks that nothing of the note is read.
func (t *trial) gone(code notes.Code, viewer notes.UserID) {
	t.Helper()
	ctx := t.Context()
	_, err := t.service.Get(ctx, viewer, "n")
	t.isRefusal(code, err)
	_, err = t.service.NoteHead(ctx, viewer, "n")
	t.isRefusal(code, err)
	_, err = t.service.History(ctx, viewer, "n", notes.HistoryQuery{})
	t.isRefusal(code, err)
	_, err = t.service.Kept(ctx, viewer, "n", 3)
	t.isRefusal(code, err)
	for n := int64(1); n <= 5; n++ {
		_, _, err = t.service.Version(ctx, viewer, "n", n)
		t.isRefusal(code, err)
	}
}

func purgedID(t *trial) {
	t.purged("n")
	for range 2 {
		t.refused(notes.NoteExists, ann, "n", notes.Create{})
		t.refused(notes.NoteExists, bob, "n", notes.Create{})
		t.refused(notes.NoteExists, eve, "n", notes.Create{IfAbsent: true})
		t.refused(notes.Purged, ann, "n", notes.Create{IfAbsent: true})
		t.store.Store = t.harness.Reopen()
		t.service = t.instance()
	}
}

func purgedRowsReplay(t *trial) {
	t.do(bob, "own", notes.Create{})
	t.note("n", "secret", writer(bob))
	t.do(bob, "n", edit("more"))
	t.doFolder(bob, "f", newFolder(name("f")))
	t.do(bob, "n", organise(star))
	t.do(ann, "n", notes.Trash{})
	before := t.log(bob)
	t.do(ann, "n", notes.Purge{})
	t.replaysWithout("n", before, t.log(bob))
}

func purgedReceipts(t *trial) {
	t.note("n", "secret", writer(bob))
	edited := t.as("b-1", bob, "n", edit("x"))
	nothing := t.as("b-2", bob, "n", notes.Edit{Changes: notes.Changes{Deleted: notes.Some(false)}})
	t.do(ann, "n", notes.Trash{})
	t.store.OnCommit(times(1, true, ErrLost))
	gone := t.as("a-1", ann, "n", notes.Purge{})
	t.store.OnCommit(nil)
	equal(t, "whether a purge whose answer was lost is repeated", gone.Repeated, false)
	t.sameAnswer(gone, t.as("a-1", ann, "n", notes.Purge{}))
	for first, op := range map[*notes.Outcome]notes.Op{edited: edit("x"), nothing: notes.Edit{Changes: notes.Changes{Deleted: notes.Some(false)}}} {
		again := t.as(first.Mutation, bob, "n", op)
		equal(t, "the answer", []any{again.Repeated, again.Version, again.Cursor, again.At}, []any{true, first.Version, first.Cursor, first.At})
		if again.View != nil {
			t.Errorf("the answer shows what was purged: %+v", again.View.Note)
		}
	}
	equal(t, "rows", len(t.log(ann)), 5)
}

func purgeAtOnce(t *trial) {
	t.note("n", "", writer(bob))
	t.do(ann, "n", notes.Trash{})
	var edits atomic.Int64
	t.together(writers, func(i int, s *notes.Service) {
		if i == 0 {
			t.must(s, ann, "n", notes.Purge{})
			return
		}
		for k := range 4 {
			switch _, err := t.send(s, []notes.UserID{ann, bob}[i%2], "n", on(2, fmt.Sprintf("%d by %d\n", k, i))); {
			case err == nil:
				edits.Add(1)
			case notes.CodeOf(err) != notes.Purged:
				t.Error(err)
			}
		}
	})
	versions := t.versions("n")
	equal(t, "versions", len(versions), 4+int(edits.Load()))
	for i, v := range versions {
		equal(t, fmt.Sprintf("whether version %d is the purge", i+1), v.Purged, i == len(versions)-1)
	}
	equal(t, "the last row of the writer", tellsRow(t.last(bob)).Reason, notes.ReasonPurged)
	t.settled()
}
