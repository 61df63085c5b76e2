package notestest

import (
	"encoding/json"
	"fmt"
	"strings"

	"notewire/notes"
)

var revertRules = []rule{
	{"a revert restores the whole body, and nothing else", revertRestores},
	{"a revert to a version that is not there is refused", revertToNothing},
	{"a revert can be reverted", revertOfRevert},
}

func revertRestores(t *trial) {
	old := notes.Body{
		Title: ptr("old"), Content: "old", Blob: json.RawMessage(`{"old":1}`), EncryptedTitle: ptr("old"),
		EncryptedContent: ptr("old"), IV: ptr("old"), Salt: ptr("old"), Type: "old",
	}
	t.do(ann, "n", notes.Create{BodyPatch: patchOf(old), FieldsPatch: star, TemplateID: "plan"})
	t.do(ann, "n", add(writer(bob)))
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: patchOf(notes.Body{Content: "new", Type: "new"})}})
	t.do(ann, "n", notes.Share{Access: notes.Some(notes.Public), Members: []notes.Member{reader(cat)}})
	t.do(ann, "n", notes.Trash{})
	t.do(ann, "n", organise(notes.FieldsPatch{Starred: notes.Some(false), AddTags: []string{"new"}}))
	before := t.get(ann, "n")

	out := t.do(bob, "n", notes.Revert{Version: 1})
	want := *before.Note
	want.Body, want.Version, want.UpdatedAt = old, 6, notes.MillisOf(t.clock.Now())
	equal(t, "the note", out.View.Note, &want)
	equal(t, "the note got", t.get(ann, "n"), &notes.View{Note: &want, Fields: before.Fields})
	t.hasBody("reverted", "n", old)
}

func revertToNothing(t *trial) {
	t.note("n", "1")
	t.note("other", "1")
	t.do(ann, "other", edit("2"))
	before := t.state("n")
	t.refused(notes.NotFound, ann, "n", notes.Revert{Version: 2})
	t.refused(notes.NotFound, ann, "none", notes.Revert{Version: 1})
	t.refused(notes.Invalid, ann, "n", notes.Revert{Version: 0})
	equal(t, "the state", t.state("n"), before)
}

func revertOfRevert(t *trial) {
	t.note("n", "1")
	t.do(ann, "n", edit("2"))
	t.do(ann, "n", notes.Revert{Version: 1})
	t.do(ann, "n", notes.Revert{Version: 2})
	t.do(ann, "n", notes.Revert{Version: 4}) // the head itself
	var texts []string
	for _, v := range t.versions("n") {
		texts = append(texts, fmt.Sprintf("%s %s %d", v.Content, v.Op, v.Reverted))
	}
	equal(t, "the history", texts, []string{"1 create 0", "2 edit 0", "1 revert 1", "2 revert 2", "2 revert 4"})
}

var historyRules = []rule{
	{"a history is read newest first, in pages without skip or repeat", historyPages},
	{"a page of a history or a log holds about as many bytes as it may, and at least one row", historyBytes},
	{"bytes of a page count as they are read, however well they are stored", packedBytes},
	{"the log of a note is read from any version on", noteLog},
	{"the log of an account is read from any place on", accountLog},
}

func historyPages(t *trial) {
	t.note("n", "1")
	for i := 2; i <= 7; i++ {
		t.do(ann, "n", edit(fmt.Sprint(i)))
	}
	for limit := 1; limit <= 8; limit++ {
		var got []string
		for before := int64(0); ; {
			page, err := t.service.History(t.Context(), ann, "n", notes.HistoryQuery{Before: before, Limit: limit})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Versions {
				got = append(got, v.Content)
			}
			if len(page.Versions) > limit || !page.Member {
				t.Errorf("a page of %d has %d versions, member %v", limit, len(page.Versions), page.Member)
			}
			if before = page.Next; before == 0 {
				break
			}
		}
		equal(t, fmt.Sprintf("the history in pages of %d", limit), strings.Join(got, " "), "7 6 5 4 3 2 1")
	}
	for before, want := range map[int64]int{1: 0, 2: 1, 7: 6, 8: 7, 100: 7} {
		page, err := t.service.History(t.Context(), ann, "n", notes.HistoryQuery{Before: before})
		if err != nil || len(page.Versions) != want || page.Next != 0 {
			t.Errorf("the page before %d is %+v, error %v", before, page, err)
		}
	}
}

func historyBytes(t *trial) {
	t.limit(func(l *notes.Limits) { l.PageBytes, l.ReadBytes = 1000, 1000 })
	t.note("n", strings.Repeat("x", 3000))
	for range 5 {
		t.do(ann, "n", edit(strings.Repeat("y", 450)))
	}
	page, err := t.service.History(t.Context(), ann, "n", notes.HistoryQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(page.Versions); n < 1 || n > 3 {
		t.Errorf("a page of 1,000 bytes has %d versions of 450", n)
	}
	log, err := t.service.NoteLog(t.Context(), "n", 0, 10)
	if err != nil || len(log) != 1 {
		t.Errorf("a read of 1,000 bytes has %d versions, of which the first has 3,000; error %v", len(log), err)
	}
	changes, err := t.service.AccountLog(t.Context(), ann, 0, 10)
	if err != nil || len(changes) != 1 {
		t.Errorf("a read of 1,000 bytes has %d changes, of which the first has 3,000; error %v", len(changes), err)
	}
	changes, err = t.service.AccountLog(t.Context(), ann, 1, 10)
	if err != nil || len(changes) != 2 {
		t.Errorf("a read of 1,000 bytes has %d changes of 454; error %v", len(changes), err)
	}
}

func packedBytes(t *trial) {
	t.limit(func(l *notes.Limits) { l.PageBytes, l.ReadBytes = 50_000, 50_000 })
	t.note("n", "")
	for range 10 {
		t.do(ann, "n", edit(strings.Repeat("x", 20_000)))
	}
	page, err := t.service.History(t.Context(), ann, "n", notes.HistoryQuery{})
	if err != nil || len(page.Versions) != 3 {
		t.Errorf("a page of 50,000 bytes has %+v, error %v", page, err)
	}
	log, err := t.service.NoteLog(t.Context(), "n", 1, 10)
	if err != nil || len(log) != 3 {
		t.Errorf("a read of 50,000 bytes has %d versions of 20,000; error %v", len(log), err)
	}
}

func noteLog(t *trial) {
	t.note("n", "1")
	t.note("n0", "another")
	for i := 2; i <= 5; i++ {
		t.do(ann, "n", edit(fmt.Sprint(i)))
	}
	for after := range int64(7) {
		log, err := t.service.NoteLog(t.Context(), "n", after, 2)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, v := range log {
			got = append(got, v.Note.Version)
		}
		equal(t, fmt.Sprintf("the log after %d", after), got, numbers(after+1, min(after+2, 5)))
	}
	equal(t, "the head of no note", len(t.versions("none")), 0)
}

func numbers(from, to int64) (all []int64) {
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

func accountLog(t *trial) {
	t.note("n", "1")
	for i := 2; i <= 5; i++ {
		t.do(ann, "n", edit(fmt.Sprint(i)))
	}
	t.do("ann0", "another", notes.Create{})
	for after := range int64(7) {
		changes, err := t.service.AccountLog(t.Context(), ann, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, c := range changes {
			got = append(got, c.Seq)
		}
		equal(t, fmt.Sprintf("the log after %d", after), got, numbers(after+1, min(after+2, 5)))
	}
}
