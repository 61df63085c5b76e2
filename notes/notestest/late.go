package notestest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"notewire/notes"
)

var lateRules = []rule{
	{"all of 60 members are told of each change, in order, once", manyMembers},
	{"whom a crash left untold is told by the sweep of any instance", sweptAfterCrash},
	{"a sweep leaves alone what was committed just now", sweepHasPatience},
	{"a mark that was set again cannot be settled for the version before", markedAgain},
	{"an answer that is lost while members are told has no second effect", lateAnswerLost},
	{"who was untold acts only after he is told", untoldAuthor},
	{"who was untold and is no longer a member is not told", untoldAndRemoved},
	{"who was untold and gets another role is told of everything", untoldWithNewRole},
}

// crowd makes ann's note "n" with that many writers, of whom the last are told late, and
// returns them. joined is the version with which each became a member.
func (t *trial) crowd(size int) (users []notes.UserID, joined map[notes.UserID]int64) {
	t.Helper()
	t.note("n", "text")
	joined = map[notes.UserID]int64{ann: 1}
	for len(users) < size {
		var batch []notes.Member
		for range min(notes.MembersAtOnce, size-len(users)) {
			user := notes.UserID(fmt.Sprintf("u-%02d", len(users)))
			users, batch = append(users, user), append(batch, writer(user))
		}
		out := t.do(ann, "n", add(batch...))
		for _, m := range batch {
			joined[m.User] = out.Version
		}
	}
	t.settled()
	return users, joined
}

func (t *trial) settled() {
	t.Helper()
	if err := t.service.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ids := t.late(); len(ids) > 0 {
		t.Fatalf("%v are late", ids)
	}
}

// late lists the notes whose members are yet to be told.
func (t *trial) late() []notes.NoteID {
	t.Helper()
	ids, err := t.store.Late(t.Context(), notes.MillisOf(t.clock.Now())+1)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func (t *trial) sweep(s *notes.Service) {
	t.Helper()
	if _, err := s.SweepLate(t.Context(), t.clock.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
}

// crash makes what follows commits fail, as if the instance died after each.
func (t *trial) crash() {
	t.store.OnCommit(func(c *notes.Commit) (bool, error) { return c.Receipt != nil, lostIf(c.Receipt == nil) })
}

func lostIf(lost bool) error {
	if lost {
		return ErrLost
	}
	return nil
}

// heal lets commits through again, when those that failed have given up.
func (t *trial) heal() {
	t.Helper()
	if err := t.service.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.store.OnCommit(nil)
}

// toldAll checks that user's log tells of each version of the note from first on, in order.
func (t *trial) toldAll(versions []*notes.Version, user notes.UserID, first int64) {
	t.Helper()
	log := t.logByPages(user, 50)
	if want := int64(len(versions)) - first + 1; int64(len(log)) != want {
		t.Fatalf("%s has %d rows, want %d", user, len(log), want)
	}
	for i, row := range log {
		v := versions[first-1+int64(i)]
		if row.LogRow.Version != v.Note.Version || row.Op != v.Op || row.Author != v.Author || row.Mutation != v.Mutation || row.At != v.UpdatedAt {
			t.Fatalf("row %d of %s is %+v, want one of version %d", i+1, user, row.LogRow, v.Note.Version)
		}
	}
	if entry := t.entry(user, "n"); entry.Version != int64(len(versions)) || entry.Seq != int64(len(log)) || entry.Deleted != versions[len(versions)-1].Note.Deleted {
		t.Fatalf("the entry of %s is %+v", user, entry)
	}
}

func manyMembers(t *trial) {
	users, joined := t.crowd(60)
	t.do(ann, "n", edit("1"))
	t.do(users[59], "n", edit("2")) // one who is told late of others' changes
	t.settled()
	versions := t.versions("n")
	for _, user := range append(users, ann) {
		t.toldAll(versions, user, joined[user])
	}
	equal(t, "the text in the last log", t.last(users[58]).Version.Content, "2")
	equal(t, "members", len(t.get(ann, "n").Members), 60)
}

func sweptAfterCrash(t *trial) {
	users, joined := t.crowd(60)
	t.crash()
	t.do(ann, "n", edit("1"))
	t.do(ann, "n", notes.Trash{})
	t.do(ann, "n", notes.Restore{})
	t.heal()
	if len(t.late()) != 1 || len(t.log(users[59])) != 1 {
		t.Fatal("nothing is left to be told")
	}
	t.store.Store = t.harness.Reopen()
	t.hints.take()
	var sweeps sync.WaitGroup
	for range 3 {
		sweeps.Go(func() { t.sweep(t.instance()) })
	}
	sweeps.Wait()
	t.settled()
	versions := t.versions("n")
	for _, user := range users {
		t.toldAll(versions, user, joined[user])
	}
	log := t.log(users[59])
	equal(t, "the trash", tellsRow(log[2]), toldRow{notes.KindDeleted, notes.ReasonTrashed, "trash", 6, []string{"deleted"}})
	equal(t, "the restore", tellsRow(log[3]), toldRow{notes.KindCreated, "", "restore", 7, []string{"deleted"}})
	told := map[notes.UserID]int64{}
	for _, h := range t.hints.take() {
		told[h.topic.User] = max(told[h.topic.User], h.seq)
	}
	equal(t, "the hint of the last place", told[users[59]], int64(4))
}

func sweepHasPatience(t *trial) {
	users, _ := t.crowd(22)
	t.crash()
	committed := t.clock.Now()
	t.do(ann, "n", edit("1"))
	t.heal()
	if n, err := t.service.SweepLate(t.Context(), committed); n != 0 || err != nil {
		t.Fatalf("%d settled, error %v", n, err)
	}
	equal(t, "rows of who is untold", len(t.log(users[21])), 1)
	t.sweep(t.service)
	equal(t, "rows of who was untold", len(t.log(users[21])), 2)
}

func markedAgain(t *trial) {
	t.crowd(22)
	t.crash()
	out := t.do(ann, "n", edit("1"))
	t.heal()
	if err := t.store.Settle(t.Context(), "n", out.Version-1); !errors.Is(err, notes.ErrClash) || len(t.late()) != 1 {
		t.Errorf("settled for the version before: error %v, late are %v", err, t.late())
	}
	for range 2 {
		if err := t.store.Settle(t.Context(), "n", out.Version); err != nil || len(t.late()) != 0 {
			t.Errorf("settled: error %v, late are %v", err, t.late())
		}
	}
}

func lateAnswerLost(t *trial) {
	users, joined := t.crowd(45)
	t.store.OnCommit(func(c *notes.Commit) (bool, error) { return true, lostIf(c.Receipt == nil) })
	t.do(ann, "n", edit("1"))
	t.heal()
	t.sweep(t.service)
	versions := t.versions("n")
	for _, user := range users {
		t.toldAll(versions, user, joined[user])
	}
}

func untoldAuthor(t *trial) {
	users, joined := t.crowd(30)
	t.crash()
	t.do(ann, "n", edit("1"))
	t.do(ann, "n", edit("2"))
	t.heal()
	editor, organiser := users[28], users[29]
	t.do(editor, "n", edit("3"))
	t.do(organiser, "n", organise(star))
	log := t.log(organiser)
	equal(t, "what the organiser's last row is about", []any{log[len(log)-1].Op, log[len(log)-1].LogRow.Version}, []any{"organise", int64(6)})
	for i, row := range log[:len(log)-1] {
		equal(t, "the versions in his log", row.LogRow.Version, joined[organiser]+int64(i))
	}
	t.sweep(t.service)
	t.settled()
	t.toldAll(t.versions("n"), editor, joined[editor])
	t.toldAll(t.versions("n"), users[27], joined[users[27]])
	if !t.entry(organiser, "n").Fields.Starred {
		t.Error("the organiser's star is lost")
	}
}

func untoldAndRemoved(t *trial) {
	users, _ := t.crowd(40)
	gone, back := users[38], users[39]
	t.crash()
	t.do(ann, "n", edit("1"))
	t.do(ann, "n", removing(gone))
	t.do(ann, "n", removing(back))
	t.do(ann, "n", add(reader(back)))
	t.heal()
	t.sweep(t.service)
	t.settled()
	equal(t, "rows of who is gone", len(t.log(gone)), 2)
	equal(t, "his last row", tellsRow(t.last(gone)), toldRow{notes.KindDeleted, notes.ReasonAccessLost, "share", 5, shareChanged})
	log := t.log(back)
	equal(t, "rows of who is back", len(log), 3)
	equal(t, "his last row", tellsRow(log[2]), toldRow{notes.KindCreated, "", "share", 7, shareChanged})
	t.do(ann, "n", edit("2"))
	t.settled()
	equal(t, "rows of who is back, after an edit", len(t.log(back)), 4)
	equal(t, "rows of who is gone, after an edit", len(t.log(gone)), 2)
}

func untoldWithNewRole(t *trial) {
	users, joined := t.crowd(25)
	user := users[24]
	t.crash()
	t.do(ann, "n", edit("1"))
	t.do(ann, "n", add(reader(user)))
	t.heal()
	t.refused(notes.Forbidden, user, "n", edit("x"))
	t.sweep(t.service)
	t.settled()
	t.toldAll(t.versions("n"), user, joined[user])
	equal(t, "the entry's role", t.entry(user, "n").Role, notes.Reader)
}
