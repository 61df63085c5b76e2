package notestest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"notewire/notes"
)

var pageRules = []rule{
	{"a history is read oldest first, too, in pages without skip or repeat", pagesForward},
	{"a passer-by's pages lead on in either direction", passersByPagesForward},
	{"groups are the same on pages of any size, in either direction", pagesOfGroups},
	{"a page of groups is read without texts, however large they are", groupsOfLarge},
	{"a diff shows what changed between any two versions", diffs},
	{"a diff to the kept side shows what a conflict did not take", diffToKept},
	{"a diff shows only what its reader may see", diffsForPassersBy},
}

// paged reads all pages of a history.
func (t *trial) paged(viewer notes.UserID, q notes.HistoryQuery) (numbers []int64) {
	t.Helper()
	for {
		page, err := t.service.History(t.Context(), viewer, "n", q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Versions) > q.Limit {
			t.Errorf("a page of %d has %d versions", q.Limit, len(page.Versions))
		}
		for _, v := range page.Versions {
			numbers = append(numbers, v.Note.Version)
		}
		if page.Next == 0 {
			return numbers
		}
		if q.Before = page.Next; q.Asc {
			q.Before, q.After = 0, page.Next
		}
	}
}

func pagesForward(t *trial) {
	t.note("n", "1")
	for i := 2; i <= 7; i++ {
		t.do(ann, "n", edit(fmt.Sprint(i)))
	}
	for limit := 1; limit <= 8; limit++ {
		equal(t, fmt.Sprintf("in pages of %d", limit), t.paged(ann, notes.HistoryQuery{Asc: true, Limit: limit}), numbers(1, 7))
	}
	for after, want := range map[int64]int{0: 7, 1: 6, 6: 1, 7: 0, 100: 0} {
		page, err := t.service.History(t.Context(), ann, "n", notes.HistoryQuery{Asc: true, After: after})
		if err != nil || len(page.Versions) != want || page.Next != 0 {
			t.Errorf("the page after %d is %+v, error %v", after, page, err)
		}
	}
}

func passersByPagesForward(t *trial) {
	onceSecret(t)
	for limit := 1; limit <= 9; limit++ {
		equal(t, "oldest first", t.paged(eve, notes.HistoryQuery{Asc: true, Limit: limit}), []int64{3, 4, 9})
		equal(t, "newest first", t.paged(eve, notes.HistoryQuery{Limit: limit}), []int64{9, 4, 3})
	}
}

// sittings makes a history of 1 create, 2 share, 3..6 ann, 7..9 bob, 10 ann after a pause, 11
// revert, 12 ann.
func (t *trial) sittings() {
	t.note("n", "1", writer(bob))
	for range 4 {
		t.do(ann, "n", edit("by ann"))
	}
	for i := range 3 {
		t.do(bob, "n", notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Title: notes.Some(ptr(fmt.Sprint(i)))}}})
	}
	t.clock.Advance(5 * time.Minute)
	t.do(ann, "n", edit("later"))
	t.do(ann, "n", notes.Revert{Version: 3})
	t.do(ann, "n", edit("last"))
}

func pagesOfGroups(t *trial) {
	t.sittings()
	const want = "1-1 create ann |2-2 share ann |3-6 edit ann |7-9 edit bob 2|10-10 edit ann 2|11-11 revert ann |12-12 edit ann |"
	for limit := 1; limit <= 8; limit++ {
		for _, asc := range []bool{true, false} {
			got := ""
			for q := (notes.HistoryQuery{Asc: asc, Limit: limit}); ; {
				page, err := t.service.HistoryGroups(t.Context(), bob, "n", q, notes.Millis(5*60*1000))
				if err != nil || len(page.Groups) > limit || !page.Member {
					t.Fatalf("a page of %d: %+v, error %v", limit, page, err)
				}
				for _, g := range page.Groups {
					one := fmt.Sprintf("%d-%d %s %s %s|", g.From, g.To, strings.Join(g.Ops, " "), g.Author, deref(g.Title))
					if asc {
						got += one
					} else {
						got = one + got
					}
				}
				if q.Before, q.After = page.Next, 0; asc {
					q.Before, q.After = 0, page.Next
				}
				if page.Next == 0 {
					break
				}
			}
			equal(t, fmt.Sprintf("in pages of %d, oldest first %v", limit, asc), got, want)
		}
	}
	page, err := t.service.HistoryGroups(t.Context(), ann, "n", notes.HistoryQuery{Limit: 1}, 1)
	if err != nil || page.Groups[0].Reverted != 0 || page.Next != 12 {
		t.Errorf("the newest group is %+v, next %d, error %v", page.Groups, page.Next, err)
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func groupsOfLarge(t *trial) {
	t.note("n", "")
	large := incompressible(t, 4)
	for i := range 6 {
		t.do(ann, "n", edit(large[i:]))
	}
	page, err := t.service.HistoryGroups(t.Context(), ann, "n", notes.HistoryQuery{}, 60_000)
	if err != nil || len(page.Groups) != 2 || page.Groups[0].From != 2 || page.Groups[0].To != 7 || page.Next != 0 {
		t.Errorf("the groups are %+v, error %v", page, err)
	}
}

func (t *trial) diff(viewer notes.UserID, from, to int64, lines int) *notes.Diff {
	t.Helper()
	d, err := t.service.Diff(t.Context(), viewer, "n", from, to, false, lines)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func diffs(t *trial) {
	t.do(ann, "n", notes.Create{BodyPatch: patchOf(notes.Body{Content: "one\ntwo\nthree\n", Blob: json.RawMessage(`{"a":[1,2],"b":"x"}`), Type: "note"})})
	t.do(ann, "n", notes.Edit{Changes: notes.Changes{BodyPatch: patchOf(notes.Body{
		Title: ptr("t"), Content: "one\n2\nthree\n", Blob: json.RawMessage(`{"a":[1,3],"c":null}`), Type: "note",
	})}})
	t.do(ann, "n", notes.Share{Access: notes.Some(notes.Public), Members: []notes.Member{reader(bob)}})
	d := t.diff(bob, 1, 3, 0)
	equal(t, "fields", d.Fields, []notes.FieldDiff{{Name: "title", Before: (*string)(nil), After: ptr("t")}, {Name: "access", Before: notes.Private, After: notes.Public}})
	equal(t, "content", d.Content, []notes.Hunk{
		{Op: notes.OpSkip, Lines: 1}, {Op: notes.OpDelete, Text: "two"}, {Op: notes.OpInsert, Text: "2"}, {Op: notes.OpEqual, Text: "\n"}, {Op: notes.OpSkip, Lines: 1},
	})
	equal(t, "blob", d.Blob, []notes.ValueDiff{
		{Path: "/a/1", Before: json.RawMessage("2"), After: json.RawMessage("3")}, {Path: "/b", Before: json.RawMessage(`"x"`)},
		{Path: "/c", After: json.RawMessage("null")},
	})
	equal(t, "members", d.Members, &notes.MembersDiff{Added: []notes.Member{reader(bob)}})
	back := t.diff(ann, 3, 1, -1)
	equal(t, "back", []any{back.Fields[0].Before, back.Members.Removed}, []any{ptr("t"), []notes.Member{reader(bob)}})
	_, err := t.service.Diff(t.Context(), ann, "n", 1, 9, false, -1)
	t.isRefusal(notes.NotFound, err)
	_, err = t.service.Diff(t.Context(), ann, "n", 1, 2, true, -1)
	t.isRefusal(notes.Invalid, err)
	_, err = t.service.Diff(t.Context(), ann, "n", 2, 2, true, -1)
	t.isRefusal(notes.NotFound, err)
}

func diffToKept(t *trial) {
	t.note("n", "the cat sat\n", reader(bob))
	t.do(ann, "n", edit("the dog sat\n"))
	mine := edit("the cow sat\n")
	mine.BaseVersion = 2
	out := t.do(ann, "n", mine)
	equal(t, "whether something is kept", out.Kept, true)
	d, err := t.service.Diff(t.Context(), bob, "n", out.Version, out.Version, true, -1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the diff", d.Content, []notes.Hunk{
		{Op: notes.OpEqual, Text: "the "}, {Op: notes.OpDelete, Text: "dog"}, {Op: notes.OpInsert, Text: "cow"}, {Op: notes.OpEqual, Text: " sat\n"},
	})
	t.do(ann, "n", publish())
	_, err = t.service.Diff(t.Context(), eve, "n", out.Version, out.Version, true, -1)
	t.isRefusal(notes.NotFound, err)
}

func diffsForPassersBy(t *trial) {
	onceSecret(t)
	d := t.diff(eve, 3, 9, -1)
	if d.Members != nil || len(d.Content) == 0 {
		t.Errorf("a passer-by sees %+v", d)
	}
	equal(t, "what a member sees of members", t.diff(bob, 3, 9, -1).Members, &notes.MembersDiff{})
	for _, pair := range [][2]int64{{1, 9}, {9, 6}, {5, 5}} {
		_, err := t.service.Diff(t.Context(), eve, "n", pair[0], pair[1], false, -1)
		t.isRefusal(notes.NotFound, err)
	}
}
