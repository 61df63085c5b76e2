package notes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// itemOf is an item of anOwner's with fields that a test may change.
func itemOf(id NoteID, change func(*Item)) *Item {
	it := &Item{
		Note:   &Note{ID: id, Owner: anOwner, Version: 1, Body: Body{Type: "note"}, Access: Private, CreatedAt: 10, UpdatedAt: 20},
		Fields: &Fields{}, AccessedAt: 30,
	}
	if change != nil {
		change(it)
	}
	return it
}

func TestAFilterMeansWhatItSays(t *testing.T) {
	plain := itemOf("plain", nil)
	starred := itemOf("starred", func(it *Item) { it.Fields.Starred = true })
	archived := itemOf("archived", func(it *Item) { it.Fields.Archived = true })
	hidden := itemOf("hidden", func(it *Item) { it.Fields.Hidden = true })
	public := itemOf("public", func(it *Item) { it.Access = Public })
	shared := itemOf("shared", func(it *Item) { it.Owner = aWriter })
	visited := itemOf("visited", func(it *Item) { it.Owner, it.Access, it.Fields = aStranger, Public, nil })
	diagram := itemOf("diagram", func(it *Item) { it.Type = "diagram" })
	tagged := itemOf("tagged", func(it *Item) { it.Fields.Tags = []string{"home", "Work"} })
	filed := itemOf("filed", func(it *Item) { it.Fields.FolderID = ptr("f-1") })
	lost := itemOf("lost", func(it *Item) { it.Fields.FolderID = ptr("no-folder") })
	titled := itemOf("titled", func(it *Item) { it.Title = ptr("Größe und GEWICHT") })
	secret := itemOf("secret", func(it *Item) { it.Title = ptr("[ENCRYPTED]") })
	trashed := itemOf("trashed", func(it *Item) { it.Deleted, it.Fields.Starred = true, true })
	all := []*Item{plain, starred, archived, hidden, public, shared, visited, diagram, tagged, filed, lost, titled, secret, trashed}
	known := []*Folder{{ID: "f-1"}, {ID: "f-2"}}
	without := func(not ...*Item) (want []*Item) {
		for _, it := range all {
			if it != trashed && !slices.Contains(not, it) {
				want = append(want, it)
			}
		}
		return want
	}
	folder := func(id FolderID) *FolderID { return &id }
	for name, c := range map[string]struct {
		filter Filter
		want   []*Item
	}{
		"nothing":             {Filter{}, without()},
		"starred":             {Filter{Starred: Some(true)}, []*Item{starred}},
		"not starred":         {Filter{Starred: Some(false)}, without(starred)},
		"archived":            {Filter{Archived: Some(true)}, []*Item{archived}},
		"not archived":        {Filter{Archived: Some(false)}, without(archived)},
		"hidden":              {Filter{Hidden: Some(true)}, []*Item{hidden}},
		"owned":               {Filter{Owned: Some(true)}, without(shared, visited)},
		"of others":           {Filter{Owned: Some(false)}, []*Item{shared, visited}},
		"public":              {Filter{Access: Public}, []*Item{public, visited}},
		"private":             {Filter{Access: Private}, without(public, visited)},
		"a type":              {Filter{Type: "diagram"}, []*Item{diagram}},
		"a tag":               {Filter{Tag: "home"}, []*Item{tagged}},
		"a tag is exact":      {Filter{Tag: "work"}, nil},
		"a folder":            {Filter{Folder: folder("f-1")}, []*Item{filed}},
		"an empty folder":     {Filter{Folder: folder("f-2")}, nil},
		"an unknown folder":   {Filter{Folder: folder("no-folder")}, nil},
		"no folder":           {Filter{Folder: folder("")}, without(filed)},
		"a title":             {Filter{InTitle: "größe"}, []*Item{titled}},
		"a title, other case": {Filter{InTitle: "gewicht"}, []*Item{titled}},
		"a placeholder":       {Filter{InTitle: "encrypt"}, nil},
		"the trash":           {Filter{Trashed: true}, []*Item{trashed}},
		"two of them":         {Filter{Starred: Some(true), Trashed: true}, []*Item{trashed}},
	} {
		var got []*Item
		for _, it := range all {
			if c.filter.matches(it, anOwner, known) {
				got = append(got, it)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s, want %s", name, idsOf(got), idsOf(c.want))
		}
	}
}

func idsOf(items []*Item) string {
	var ids []string
	for _, it := range items {
		ids = append(ids, string(it.ID))
	}
	return strings.Join(ids, " ")
}

func TestT21ASearchNeverLooksIntoCiphertextOrItsPlaceholder(t *testing.T) {
	f := &Fields{Tags: []string{"Später"}}
	for _, c := range []struct {
		search string
		body   Body
		want   bool
	}{
		{"", Body{}, true},
		{"milk", Body{Content: "bread, MILK"}, true},
		{"MILK", Body{Title: ptr("buy milk")}, true},
		{"später", Body{}, true}, // the tag
		{"SPÄT", Body{}, true},
		{"spaet", Body{}, false},
		{"milk", Body{Content: "mil k"}, false},
		{"50%", Body{Content: "50 percent"}, false},
		{"50%", Body{Content: "50% off"}, true},
		{"encrypted", Body{Title: ptr("[ENCRYPTED]"), Content: "[ENCRYPTED]"}, false},
		{"[", Body{Title: ptr("[ENCRYPTED]"), Content: "[ENCRYPTED]"}, false},
		{"encrypted", Body{Content: "how [ENCRYPTED] notes look"}, true},
		{"secret", Body{EncryptedTitle: ptr("secret"), EncryptedContent: ptr("secret"), IV: ptr("secret"), Salt: ptr("secret")}, false},
		{"secret", Body{Blob: []byte(`"secret"`)}, false},
	} {
		if got := (&Filter{Search: c.search}).found(&Note{Body: c.body}, f); got != c.want {
			t.Errorf("%q in %+v: %v", c.search, c.body, got)
		}
	}
	if (&Filter{Search: "x"}).found(&Note{}, nil) {
		t.Error("a note without fields has what it does not")
	}
}

func TestEachOrderIsByItsOwn(t *testing.T) {
	items := func() []Item {
		return []Item{
			*itemOf("a", func(it *Item) { it.Title, it.CreatedAt, it.UpdatedAt, it.AccessedAt = ptr("b"), 3, 30, 100 }),
			*itemOf("b", func(it *Item) { it.Title, it.CreatedAt, it.UpdatedAt, it.AccessedAt = ptr("A"), 2, 20, 300 }),
			*itemOf("c", func(it *Item) { it.Title, it.CreatedAt, it.UpdatedAt, it.AccessedAt = ptr("a"), 1, 30, 200 }),
			*itemOf("d", func(it *Item) { it.CreatedAt, it.UpdatedAt, it.AccessedAt = 4, 10, 400 }),
		}
	}
	for sort, want := range map[Sort]string{"": "d b a c", SortUpdated: "d b a c", SortCreated: "c b a d", SortAccessed: "a c b d", SortTitle: "d b c a"} {
		for _, ascending := range []bool{true, false} {
			q := FindQuery{Sort: sort, Ascending: ascending}
			var got []string
			for _, it := range q.rest(items()) {
				got = append(got, string(it.ID))
			}
			if !ascending {
				slices.Reverse(got)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("by %q, ascending %v: %v, want %s", sort, ascending, got, want)
			}
		}
	}
}

// L12: whatever else changes between pages, a note that stays as it is is on exactly one page,
// and the pages are in order.
func TestL12PagesNeitherRepeatNorSkipWhatDoesNotChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := map[NoteID]*Item{}
		small := rapid.IntRange(0, 3) // so that there are many ties
		put := func(id NoteID) {
			all[id] = itemOf(id, func(it *Item) {
				it.CreatedAt, it.UpdatedAt = Millis(small.Draw(t, "created")), Millis(small.Draw(t, "updated"))
				it.AccessedAt = Millis(small.Draw(t, "accessed"))
				if n := small.Draw(t, "title"); n > 0 {
					it.Title = ptr(strings.Repeat("ab", n)[:n])
				}
			})
		}
		count := rapid.IntRange(0, 12).Draw(t, "notes")
		for i := range count {
			put(NoteID(fmt.Sprint("n", i)))
		}
		q := FindQuery{
			Sort:      rapid.SampledFrom([]Sort{SortUpdated, SortCreated, SortAccessed, SortTitle}).Draw(t, "sort"),
			Ascending: rapid.Bool().Draw(t, "ascending"),
		}
		untouched := map[NoteID]bool{}
		for id := range all {
			untouched[id] = true
		}
		seen := map[NoteID]int{}
		for page := 0; ; page++ {
			var items []Item
			for _, it := range all {
				items = append(items, *it)
			}
			rest := q.rest(items)
			if len(rest) == 0 {
				break
			}
			got := rest[:min(len(rest), rapid.IntRange(1, 4).Draw(t, "size"))]
			for i := range got {
				at := got[i].at
				if q.After != nil && q.compare(*q.After, at) >= 0 {
					t.Fatalf("%v comes behind %v", at, *q.After)
				}
				q.After = &at
				seen[got[i].ID]++
			}
			for range rapid.IntRange(0, 3).Draw(t, "changes") {
				id := NoteID(fmt.Sprint("n", rapid.IntRange(0, 15).Draw(t, "which")))
				delete(untouched, id)
				if rapid.Bool().Draw(t, "gone") {
					delete(all, id)
				} else if page < 20 { // or it may go on for ever
					put(id)
				}
			}
		}
		for id := range untouched {
			if seen[id] != 1 {
				t.Errorf("%s is on %d pages", id, seen[id])
			}
		}
	})
}

func TestBodiesAreReadAFewAtATime(t *testing.T) {
	sized := func(sizes ...int64) (items []Item) {
		for _, n := range sizes {
			items = append(items, Item{size: n})
		}
		return items
	}
	for _, c := range []struct {
		items []Item
		want  int
	}{
		{nil, 0}, {sized(1000), 1}, {sized(60, 40), 2}, {sized(60, 41), 1}, {sized(1000, 1), 1}, {sized(0, 0, 0), 3},
		{make([]Item, readBodies+5), readBodies},
	} {
		if got := len(readTogether(c.items, 100)); got != c.want {
			t.Errorf("%d of %d are read together, want %d", got, len(c.items), c.want)
		}
	}
}

func TestCountsAreOfWhatListsShow(t *testing.T) {
	var c Counts
	for _, change := range []func(*Item){
		nil,
		func(it *Item) { it.Fields.Starred, it.Access = true, Public },
		func(it *Item) { it.Fields.Hidden = true },
		func(it *Item) { it.Fields.Archived, it.Fields.Starred = true, true },
		func(it *Item) { it.Deleted, it.Fields.Starred, it.Fields.Archived = true, true, true },
	} {
		c.add(itemOf("n", change))
	}
	if want := (Counts{All: 3, Starred: 1, Public: 1, Hidden: 1, Archived: 1, Trash: 1}); c != want {
		t.Errorf("%+v, want %+v", c, want)
	}
}

func TestAQueryThatIsWrongIsRefused(t *testing.T) {
	l := DefaultLimits()
	long := strings.Repeat("ä", l.SearchChars)
	for _, q := range []FindQuery{{Sort: "size"}, {Filter: Filter{Search: long + "a"}}, {Filter: Filter{InTitle: long + "a"}}} {
		refusedWith(t, q.check(&l), Invalid)
	}
	ok := FindQuery{Filter: Filter{Search: long, InTitle: long}}
	if err := ok.check(&l); err != nil || ok.Sort != SortUpdated {
		t.Errorf("%v, sort %q", err, ok.Sort)
	}
}
