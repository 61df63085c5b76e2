package notestest

import (
	"fmt"

	"notewire/notes"
)

func search(t *trial) {
	t.limit(func(l *notes.Limits) { l.SearchBytes = 100 })
	filler := string(make([]byte, 60)) // two texts are more than a page may read
	secret, placeholder := "milk", "[ENCRYPTED]"
	t.do(ann, "a", notes.Create{BodyPatch: text(filler + "fresh MILK")})
	t.do(ann, "b", notes.Create{BodyPatch: text(filler)})
	t.do(ann, "c", notes.Create{BodyPatch: notes.BodyPatch{Title: notes.Some(ptr("Milk")), Content: notes.Some(filler)}})
	t.do(ann, "d", notes.Create{FieldsPatch: notes.FieldsPatch{Tags: notes.Some([]string{"milk"})}})
	t.do(ann, "e", notes.Create{BodyPatch: notes.BodyPatch{
		Title: notes.Some(&placeholder), Content: notes.Some(placeholder),
		EncryptedTitle: notes.Some(&secret), EncryptedContent: notes.Some(&secret), IV: notes.Some(&secret), Salt: notes.Some(&secret),
	}})
	t.do(ann, "f", notes.Create{BodyPatch: text(filler + filler + "milk")}) // more than a page may read by itself
	t.do(ann, "g", notes.Create{BodyPatch: text("milk")})
	t.do(ann, "g", notes.Trash{})
	t.do(ann, "d", add(reader(bob)))
	for _, limit := range []int{0, 1, 2, 3} {
		for of, want := range map[string][]notes.NoteID{"mIlK": {"a", "c", "d", "f"}, "encrypted": nil, "[": nil, "milky": nil} {
			q := notes.FindQuery{Filter: notes.Filter{Search: of}, Sort: notes.SortCreated, Ascending: true, Limit: limit}
			equal(t, fmt.Sprintf("what has %q, in pages of %d", of, limit), t.find(ann, q, true), want)
		}
	}
	q := notes.FindQuery{Filter: notes.Filter{Search: "milky"}, Sort: notes.SortCreated, Ascending: true}
	if found := t.findPage(ann, q, true); found.Next == nil || found.Next.Note != "a" || found.Total != 6 {
		t.Errorf("a page that may not read on ends at %+v, of %d", found.Next, found.Total)
	}
	equal(t, "by another's tag", t.find(bob, notes.FindQuery{Filter: notes.Filter{Search: "milk"}}, true), nil)
}

func findPageBytes(t *trial) {
	t.limit(func(l *notes.Limits) { l.PageBytes = 100 })
	for i, size := range []int{150, 30, 30, 150, 0} {
		t.note(notes.NoteID(fmt.Sprintf("n-%d", i)), string(make([]byte, size)))
	}
	var sizes []int
	for q := (notes.FindQuery{Sort: notes.SortCreated, Ascending: true}); ; {
		found := t.findPage(ann, q, true)
		sizes = append(sizes, len(found.Notes))
		if q.After = found.Next; found.Next == nil {
			break
		}
	}
	equal(t, "the sizes of pages", sizes, []int{1, 2, 1, 1})
}

func findIncomplete(t *trial) {
	t.limit(func(l *notes.Limits) { l.ListNotes = 3 })
	all := []notes.NoteID{"a", "b", "c", "d"}
	for _, id := range all[:3] {
		t.note(id, "")
	}
	q := notes.FindQuery{Sort: notes.SortTitle}
	equal(t, "that as many as a list looks at are all", t.findPage(ann, q, false).Complete, true)
	t.note("d", "")
	t.do(ann, "a", edit("later than b"))
	found := t.findPage(ann, q, false)
	equal(t, "that one more is all", found.Complete, false)
	equal(t, "the ones that changed last", t.find(ann, q, false), []notes.NoteID{"d", "c", "a"})
	all4, _, complete, err := t.service.Count(t.Context(), ann)
	if err != nil || complete || all4.All != 3 {
		t.Errorf("the counts are %+v, complete %v, error %v", all4, complete, err)
	}
	t.do(ann, "c", notes.Trash{})
	equal(t, "with one in the trash", t.find(ann, q, false), []notes.NoteID{"d", "b", "a"})
	q.Trashed = true
	equal(t, "the trash", t.find(ann, q, false), []notes.NoteID{"c"})
}

func counts(t *trial) {
	for _, id := range []notes.FolderID{"f", "empty"} {
		m := notes.Mutation{Folder: id, Op: notes.FolderCreate{FolderPatch: notes.FolderPatch{Name: notes.Some("x")}}}
		if _, err := t.service.Mutate(t.Context(), bob, "", m); err != nil {
			t.Fatal(err)
		}
	}
	in := func(id string) notes.FieldsPatch { return notes.FieldsPatch{FolderID: notes.Some(&id)} }
	t.note("starred", "", reader(bob))
	t.do(bob, "starred", organise(star))
	t.do(bob, "starred", organise(in("f")))
	t.note("public", "", reader(bob))
	t.do(ann, "public", publish())
	t.do(bob, "public", organise(in("no-such")))
	t.do(bob, "archived", notes.Create{FieldsPatch: notes.FieldsPatch{Archived: notes.Some(true), FolderID: notes.Some(ptr("f"))}})
	t.do(bob, "hidden", notes.Create{FieldsPatch: notes.FieldsPatch{Hidden: notes.Some(true)}})
	t.do(bob, "trashed", notes.Create{FieldsPatch: in("f")})
	t.do(bob, "trashed", notes.Trash{})
	t.do(bob, "purged", notes.Create{})
	t.do(bob, "purged", notes.Trash{})
	t.do(bob, "purged", notes.Purge{})
	all, folders, complete, err := t.service.Count(t.Context(), bob)
	if err != nil || !complete {
		t.Fatalf("complete %v, error %v", complete, err)
	}
	equal(t, "the counts", all, notes.Counts{All: 3, Starred: 1, Public: 1, Hidden: 1, Archived: 1, Trash: 1})
	equal(t, "the counts of a folder", *folders["f"], notes.Counts{All: 1, Starred: 1, Archived: 1, Trash: 1})
	equal(t, "the counts of an empty folder", *folders["empty"], notes.Counts{})
	equal(t, "how many folders are counted", len(folders), 2)
	all, folders, _, err = t.service.Count(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the owner's counts", all, notes.Counts{All: 2, Public: 1})
	equal(t, "how many folders the owner has", len(folders), 0)
}
