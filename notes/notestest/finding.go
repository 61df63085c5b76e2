package notestest

import (
	"fmt"
	"slices"
	"time"

	"notewire/notes"
)

var findingRules = []rule{
	{"bare heads are the heads without their texts, in the order that was asked for", bareHeads},
	{"a visit is remembered by account and note, until it is forgotten, and outlives a restart", visits},
	{"a list in any order is complete and in order, in pages of any size", findInAnyOrder},
	{"pages neither skip nor repeat what does not change, whatever changes between them", findWhileChanging},
	{"a filter looks at the account's own fields, and at the note as it is now", findFiltered},
	{"a search finds titles, texts and tags, goes on behind what one page may read, and never looks into ciphertext", search},
	{"a page of bodies holds about as many bytes as it may, and at least one note", findPageBytes},
	{"of an account with more notes than a list looks at, the ones that changed last are found, and it says so", findIncomplete},
	{"counts are those of the account's own lists, and of its own folders", counts},
	{"a public note of somebody else's is in the list of who opened it, until it is forgotten or out of his sight", visited},
}

// find returns the ids of a whole list, read in pages.
func (t *trial) find(user notes.UserID, q notes.FindQuery, bodies bool) (ids []notes.NoteID) {
	t.Helper()
	for pages := 0; ; pages++ {
		found := t.findPage(user, q, bodies)
		for i, it := range found.Items {
			ids = append(ids, it.ID)
			if bodies {
				equal(t, "the note of an item", found.Notes[i].ID, it.ID)
			}
		}
		if q.After = found.Next; found.Next == nil {
			return ids
		}
		if pages > 1000 {
			t.Fatalf("the list does not end: %v", ids)
		}
	}
}

func (t *trial) findPage(user notes.UserID, q notes.FindQuery, bodies bool) *notes.Found {
	t.Helper()
	found, err := t.service.Find(t.Context(), user, q, bodies)
	if err != nil {
		t.Fatalf("find of %s: %v", user, err)
	}
	return found
}

var sorts = []notes.Sort{notes.SortUpdated, notes.SortCreated, notes.SortAccessed, notes.SortTitle}

// findInAnyOrder changes and opens notes so that every order is another one.
func findInAnyOrder(t *trial) {
	var ids []notes.NoteID // by creation
	for i := range 7 {
		id, title := notes.NoteID(fmt.Sprintf("n-%d", i)), fmt.Sprintf("%c title", "cAbBaCd"[i])
		t.do(ann, id, notes.Create{BodyPatch: notes.BodyPatch{Title: notes.Some(&title)}})
		ids = append(ids, id)
	}
	for _, i := range []int{3, 5, 1} {
		t.do(ann, ids[i], edit("changed"))
	}
	for _, i := range []int{2, 4} {
		t.clock.Advance(time.Millisecond)
		if err := t.service.Visit(t.Context(), ann, ids[i]); err != nil {
			t.Fatal(err)
		}
	}
	orders := map[notes.Sort][]int{
		notes.SortCreated: {0, 1, 2, 3, 4, 5, 6}, notes.SortUpdated: {0, 2, 4, 6, 3, 5, 1},
		notes.SortAccessed: {0, 1, 3, 5, 6, 2, 4}, notes.SortTitle: {1, 4, 2, 3, 0, 5, 6},
	}
	for _, sort := range sorts {
		for _, ascending := range []bool{true, false} {
			var want []notes.NoteID
			for _, i := range orders[sort] {
				want = append(want, ids[i])
			}
			if !ascending {
				slices.Reverse(want)
			}
			for _, limit := range []int{1, 2, 3, 7, 8} {
				q := notes.FindQuery{Sort: sort, Ascending: ascending, Limit: limit}
				what := fmt.Sprintf("the list by %s, ascending %v, in pages of %d", sort, ascending, limit)
				equal(t, what, t.find(ann, q, limit == 3), want)
			}
		}
	}
	equal(t, "the list of a stranger", t.find(eve, notes.FindQuery{}, false), nil)
}

// findWhileChanging has half of the notes change, come and go between pages.
func findWhileChanging(t *trial) {
	still := func(i int) notes.NoteID { return notes.NoteID(fmt.Sprintf("still-%d", i)) }
	busy := func(i int) notes.NoteID { return notes.NoteID(fmt.Sprintf("busy-%d", i)) }
	title := func(s string) notes.BodyPatch { return notes.BodyPatch{Title: notes.Some(&s)} }
	const n = 6
	for i := range n {
		t.do(ann, busy(i), notes.Create{BodyPatch: title(fmt.Sprint(i, "b"))})
		t.do(ann, still(i), notes.Create{BodyPatch: title(fmt.Sprint(i, "a"))})
	}
	change := 0
	for _, sort := range sorts {
		for _, ascending := range []bool{true, false} {
			for limit := 1; limit <= 3; limit++ {
				var got []notes.NoteID
				q := notes.FindQuery{Sort: sort, Ascending: ascending, Limit: limit}
				for {
					found := t.findPage(ann, q, limit == 2)
					for _, it := range found.Items {
						if it.ID[0] == 's' {
							got = append(got, it.ID)
						}
					}
					if q.After = found.Next; found.Next == nil {
						break
					}
					id := busy(change % n)
					switch change++; change % 3 {
					case 0:
						t.do(ann, id, notes.Edit{Changes: notes.Changes{BodyPatch: title(fmt.Sprint(change*7%n, "b")), Deleted: notes.Some(false)}})
					case 1:
						if err := t.service.Visit(t.Context(), ann, id); err != nil {
							t.Fatal(err)
						}
					case 2:
						t.do(ann, id, notes.Trash{})
					}
				}
				var want []notes.NoteID
				for i := range n {
					want = append(want, still(i))
				}
				if !ascending {
					slices.Reverse(want)
				}
				equal(t, fmt.Sprintf("what does not change, by %s, ascending %v, in pages of %d", sort, ascending, limit), got, want)
			}
		}
	}
}

func findFiltered(t *trial) {
	folder := notes.FolderID("f")
	if _, err := t.service.Mutate(t.Context(), bob, "", notes.Mutation{Folder: folder, Op: notes.FolderCreate{
		FolderPatch: notes.FolderPatch{Name: notes.Some("work")},
	}}); err != nil {
		t.Fatal(err)
	}
	t.note("a", "", reader(bob))
	t.note("b", "", writer(bob))
	t.do(bob, "his", notes.Create{})
	t.do(bob, "a", organise(notes.FieldsPatch{Starred: notes.Some(true), FolderID: notes.Some(ptr("f"))}))
	t.do(ann, "b", organise(notes.FieldsPatch{Starred: notes.Some(true), FolderID: notes.Some(ptr("f"))}))
	t.do(ann, "b", publish())
	finds := func(what string, user notes.UserID, f notes.Filter, want ...notes.NoteID) {
		t.Helper()
		equal(t, what, t.find(user, notes.FindQuery{Filter: f, Sort: notes.SortCreated, Ascending: true}, false), want)
	}
	none := notes.FolderID("")
	finds("the member's stars", bob, notes.Filter{Starred: notes.Some(true)}, "a")
	finds("the owner's stars", ann, notes.Filter{Starred: notes.Some(true)}, "b")
	finds("the member's folder", bob, notes.Filter{Folder: &folder}, "a")
	finds("the owner's, who has no such folder", ann, notes.Filter{Folder: &folder})
	finds("the owner's in no folder", ann, notes.Filter{Folder: &none}, "a", "b")
	finds("the member's of others", bob, notes.Filter{Owned: notes.Some(false)}, "a", "b")
	finds("the member's own", bob, notes.Filter{Owned: notes.Some(true)}, "his")
	finds("the public ones", bob, notes.Filter{Access: notes.Public}, "b")
	t.do(ann, "a", notes.Trash{})
	finds("the member's after one was trashed", bob, notes.Filter{}, "b", "his")
	finds("the member's trash", bob, notes.Filter{Trashed: true}, "a")
	t.do(ann, "a", notes.Purge{})
	finds("the member's trash after it was purged", bob, notes.Filter{Trashed: true})
	t.do(ann, "b", removing(bob))
	finds("the member's after he was removed from a public one", bob, notes.Filter{}, "his")
}
