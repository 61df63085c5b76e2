package notestest

import (
	"fmt"
	"slices"

	"notewire/notes"
)

var listRules = []rule{
	{"a list is newest first, and every change of the note brings it to the front for all members", newestFirst},
	{"organising keeps a note's place in the list", organiseKeepsPlace},
	{"pages neither skip nor repeat a note, whatever their size", pages},
	{"the list by id has both live and trashed notes in the order of ids", listByID},
	{"a page holds about as many bytes as it may, and at least one note", pageBytes},
	{"a page is at most as long as it may be", pageLimit},
	{"a list shows each note as its head is, with the account's own fields", listShows},
}

// listed returns the ids of a whole list, read in pages.
func (t *trial) listed(user notes.UserID, q notes.ListQuery) (ids []notes.NoteID) {
	t.Helper()
	for {
		page, next, err := t.service.List(t.Context(), user, q)
		if err != nil {
			t.Fatalf("list of %s: %v", user, err)
		}
		for _, v := range page {
			ids = append(ids, v.ID)
		}
		if next == nil {
			return ids
		}
		if len(page) == 0 || len(ids) > 1000 {
			t.Fatalf("the list does not end: %v", ids)
		}
		q.After = next
	}
}

func newestFirst(t *trial) {
	for _, id := range []notes.NoteID{"a", "b", "c"} {
		t.note(id, "", reader(bob))
	}
	t.do(bob, "his", notes.Create{})
	equal(t, "the member's list", t.listed(bob, notes.ListQuery{}), []notes.NoteID{"his", "c", "b", "a"})
	t.do(ann, "a", edit("x"))
	equal(t, "the member's list after an edit", t.listed(bob, notes.ListQuery{}), []notes.NoteID{"a", "his", "c", "b"})
	equal(t, "the owner's list after an edit", t.listed(ann, notes.ListQuery{}), []notes.NoteID{"a", "c", "b"})
	t.do(ann, "b", removing(bob))
	equal(t, "the member's list after he was removed", t.listed(bob, notes.ListQuery{}), []notes.NoteID{"a", "his", "c"})
	equal(t, "the list of a stranger", t.listed(eve, notes.ListQuery{}), nil)
}

func organiseKeepsPlace(t *trial) {
	t.note("a", "")
	t.note("b", "")
	t.do(ann, "a", organise(star))
	equal(t, "the list", t.listed(ann, notes.ListQuery{}), []notes.NoteID{"b", "a"})
}

// pages makes several notes in one millisecond, so that time alone does not order them.
func pages(t *trial) {
	const n = 11
	var live, trash []notes.NoteID
	for i := range n {
		id := notes.NoteID(fmt.Sprintf("n-%02d", i))
		t.must(t.service, ann, id, notes.Create{})
		if i%3 == 0 {
			t.must(t.service, ann, id, notes.Trash{})
			trash = append(trash, id)
		} else {
			live = append(live, id)
		}
	}
	for i := range 4 { // at the same time
		id := notes.NoteID(fmt.Sprintf("same-%d", i))
		if _, err := t.service.Mutate(t.Context(), ann, "", notes.Mutation{Note: id, Op: notes.Create{}}); err != nil {
			t.Fatal(err)
		}
		live = append(live, id)
	}
	all := slices.Concat(live, trash)
	for limit := 1; limit <= n+5; limit++ {
		for what, c := range map[string]struct {
			q    notes.ListQuery
			want []notes.NoteID
		}{
			"live": {notes.ListQuery{Limit: limit}, live}, "trash": {notes.ListQuery{Limit: limit, Trashed: true}, trash},
			"by id": {notes.ListQuery{Limit: limit, ByID: true}, all},
		} {
			got := t.listed(ann, c.q)
			slices.Sort(got)
			equal(t, fmt.Sprintf("the list %s in pages of %d", what, limit), got, slices.Sorted(slices.Values(c.want)))
		}
	}
}

func listByID(t *trial) {
	for _, id := range []notes.NoteID{"b", "a_", "B", "a-", "-", "zz", "0"} {
		t.note(id, "", reader(bob))
	}
	t.do(ann, "a_", notes.Trash{})
	t.do(ann, "B", edit("later"))
	want := []notes.NoteID{"-", "0", "B", "a-", "a_", "b", "zz"}
	for _, limit := range []int{0, 1, 2} {
		equal(t, "the owner's list by id", t.listed(ann, notes.ListQuery{ByID: true, Limit: limit}), want)
		equal(t, "the member's list by id", t.listed(bob, notes.ListQuery{ByID: true, Limit: limit}), want)
	}
}

func pageBytes(t *trial) {
	t.limit(func(l *notes.Limits) { l.PageBytes = 100 })
	for id, size := range map[notes.NoteID]int{"a": 150, "b": 30, "c": 30, "d": 150} {
		t.note(id, string(make([]byte, size)))
	}
	for q := range map[notes.ListQuery]bool{{ByID: true}: true, {ByID: true, Limit: 3}: true} {
		var sizes []int
		for {
			page, next, err := t.service.List(t.Context(), ann, q)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, len(page))
			if q.After = next; next == nil {
				break
			}
		}
		equal(t, "the sizes of pages", sizes, []int{1, 2, 1})
	}
}

func pageLimit(t *trial) {
	t.limit(func(l *notes.Limits) { l.PageSize = 3 })
	for _, id := range []notes.NoteID{"a", "b", "c", "d"} {
		t.note(id, "")
	}
	for asked, want := range map[int]int{-1: 3, 0: 3, 1: 1, 3: 3, 4: 3} {
		page, next, err := t.service.List(t.Context(), ann, notes.ListQuery{Limit: asked})
		if err != nil || next == nil {
			t.Fatalf("next is %v, error %v", next, err)
		}
		equal(t, fmt.Sprintf("the page of %d", asked), len(page), want)
	}
}

func listShows(t *trial) {
	t.note("n", "1", reader(bob))
	t.do(bob, "n", organise(star))
	t.do(ann, "n", edit("2"))
	for _, user := range []notes.UserID{ann, bob} {
		page, _, err := t.service.List(t.Context(), user, notes.ListQuery{})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "the list of "+string(user), page, []notes.View{*t.get(user, "n")})
	}
}
