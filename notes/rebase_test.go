package notes

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// based is an edit of version 3 of the note, which is now at version 5.
func based(patch BodyPatch) Edit {
	return Edit{Changes: Changes{BodyPatch: patch}, BaseVersion: 3}
}

// rebase decides an edit of base with what others made of it.
func rebase(base, head Body, author UserID, e Edit) (Decision, error) {
	now, then := noteOf(Private, false), noteOf(Private, false)
	now.Body = head
	then.Note.Version, then.Body = 3, base
	rows := rowsOf(now)
	rows.Target = then
	return Decide(rows, requestOf(author, e))
}

const lines = "one\ntwo\nthree\nfour\nfive\n"

var rebaseCases = []struct {
	name      string
	theirs    func(*Body) // what others did to the base
	mine      BodyPatch
	want      func(*Body) // what becomes of the base
	changed   []string    // against the head
	conflicts []string
	kept      bool
}{
	{
		"different fields", func(b *Body) { b.Title = ptr("theirs") }, text("mine"),
		func(b *Body) { b.Title, b.Content = ptr("theirs"), "mine" }, []string{"content"}, nil, false,
	},
	{
		"a field that only others changed, posted as it was", func(b *Body) { b.Title = ptr("theirs") },
		BodyPatch{Title: Some(ptr("title")), Content: Some("mine")},
		func(b *Body) { b.Title, b.Content = ptr("theirs"), "mine" }, []string{"content"}, nil, false,
	},
	{
		"the same in one field", func(b *Body) { b.Title, b.Type = ptr("same"), "task" }, BodyPatch{Title: Some(ptr("same"))},
		func(b *Body) { b.Title, b.Type = ptr("same"), "task" }, nil, nil, false,
	},
	{
		"two titles: the later wins", func(b *Body) { b.Title = ptr("theirs") }, BodyPatch{Title: Some(ptr("mine"))},
		func(b *Body) { b.Title = ptr("mine") }, []string{"title"}, []string{"title"}, false,
	},
	{
		"a title changed and taken away", func(b *Body) { b.Title = ptr("theirs") }, BodyPatch{Title: Some[*string](nil)},
		func(b *Body) { b.Title = nil }, []string{"title"}, []string{"title"}, false,
	},
	{
		"two types: the later wins", func(b *Body) { b.Type = "theirs" }, BodyPatch{Type: Some("mine")},
		func(b *Body) { b.Type = "mine" }, []string{"type"}, []string{"type"}, false,
	},
	{
		"different lines", func(b *Body) { b.Content = strings.Replace(lines, "one", "ONE", 1) },
		text(strings.Replace(lines, "five", "FIVE", 1)),
		func(b *Body) { b.Content = "ONE\ntwo\nthree\nfour\nFIVE\n" }, []string{"content"}, nil, false,
	},
	{
		"one word: the committed stays, the posted is kept", func(b *Body) { b.Content = strings.Replace(lines, "three", "THEIRS", 1) },
		text(strings.Replace(lines, "three", "MINE", 1)),
		func(b *Body) { b.Content = strings.Replace(lines, "three", "THEIRS", 1) }, nil, []string{"content"}, true,
	},
	{
		"one word, and a line besides", func(b *Body) { b.Content = strings.Replace(lines, "one", "THEIRS", 1) },
		text(strings.Replace(strings.Replace(lines, "one", "MINE", 1), "five", "FIVE", 1)),
		func(b *Body) { b.Content = "THEIRS\ntwo\nthree\nfour\nFIVE\n" }, []string{"content"}, []string{"content"}, true,
	},
	{
		"two members of a blob", func(b *Body) { b.Blob = json.RawMessage(`{"a":1,"b":2}`) },
		BodyPatch{Blob: Some(json.RawMessage(`{"a":3}`))},
		func(b *Body) { b.Blob = json.RawMessage(`{"a":3,"b":2}`) }, []string{"blob"}, nil, false,
	},
	{
		"one member of a blob: the later wins", func(b *Body) { b.Blob = json.RawMessage(`{"a":2}`) },
		BodyPatch{Blob: Some(json.RawMessage(`{"a":3}`))},
		func(b *Body) { b.Blob = json.RawMessage(`{"a":3}`) }, []string{"blob"}, []string{"blob"}, false,
	},
	{
		"one member of a blob, and another one", func(b *Body) { b.Blob = json.RawMessage(`{"a":2,"b":2}`) },
		BodyPatch{Blob: Some(json.RawMessage(`{"a":3}`))},
		func(b *Body) { b.Blob = json.RawMessage(`{"a":3,"b":2}`) }, []string{"blob"}, []string{"blob"}, true,
	},
	{
		"a blob that both took away", func(b *Body) { b.Blob = nil }, BodyPatch{Blob: Some(json.RawMessage(nil)), Content: Some("mine")},
		func(b *Body) { b.Blob, b.Content = nil, "mine" }, []string{"content"}, nil, false,
	},
	{
		"ciphertext of mine alone", func(b *Body) { b.Title = ptr("theirs") }, BodyPatch{EncryptedContent: Some(ptr("c")), IV: Some(ptr("i"))},
		func(b *Body) { b.Title, b.EncryptedContent, b.IV = ptr("theirs"), ptr("c"), ptr("i") }, []string{"encryptedContent", "iv"}, nil, false,
	},
	{
		"ciphertext of theirs alone", func(b *Body) { b.EncryptedTitle, b.Salt = ptr("c"), ptr("s") }, text("mine"),
		func(b *Body) { b.EncryptedTitle, b.Salt, b.Content = ptr("c"), ptr("s"), "mine" }, []string{"content"}, nil, false,
	},
	{
		"the same ciphertext", func(b *Body) { b.EncryptedContent, b.IV = ptr("c"), ptr("i") },
		BodyPatch{EncryptedContent: Some(ptr("c")), IV: Some(ptr("i")), Content: Some("mine")},
		func(b *Body) { b.EncryptedContent, b.IV, b.Content = ptr("c"), ptr("i"), "mine" }, []string{"content"}, nil, false,
	},
}

func TestAnEditIsMergedFieldByField(t *testing.T) {
	for _, c := range rebaseCases {
		t.Run(c.name, func(t *testing.T) {
			base := Body{Title: ptr("title"), Content: lines, Blob: json.RawMessage(`{"a":1}`), Type: "note"}
			head, want := base, base
			c.theirs(&head)
			c.want(&want)
			posted, _ := c.mine.apply(base)
			d, err := rebase(base, head, aWriter, based(c.mine))
			if err != nil {
				t.Fatal(err)
			}
			v := d.Commit.Version
			if !reflect.DeepEqual(v.Body, want) {
				t.Errorf("the body is %+v\nwant %+v", v.Body, want)
			}
			if !v.Merged || v.Base != 3 || v.Note.Version != headOfNote+1 {
				t.Errorf("merged %v on %d as version %d", v.Merged, v.Base, v.Note.Version)
			}
			if !reflect.DeepEqual(v.Changed, c.changed) || !reflect.DeepEqual(v.Conflicts, c.conflicts) {
				t.Errorf("changed %v with conflicts %v, want %v with %v", v.Changed, v.Conflicts, c.changed, c.conflicts)
			}
			if (v.Posted != nil) != !reflect.DeepEqual(posted, want) || v.Posted != nil && !reflect.DeepEqual(*v.Posted, posted) {
				t.Errorf("the posted body is %+v, want %+v", v.Posted, posted)
			}
			if (v.Kept() != nil) != c.kept {
				t.Errorf("kept %+v", v.Kept())
			}
		})
	}
}

// What the author's log and others' say is changed is what changed against the head.
func TestAMergedEditIsToldAsWhatItChanged(t *testing.T) {
	base := Body{Content: lines, Type: "note"}
	head := base
	head.Title = ptr("theirs")
	e := based(text("mine"))
	e.Changes.FieldsPatch = star
	d, err := rebase(base, head, aWriter, e)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range d.Commit.Accounts {
		want := []string{"content"}
		if w.User == aWriter {
			want = append(want, "starred")
		}
		if !reflect.DeepEqual(w.Row.Changed, want) {
			t.Errorf("%s is told of %v, want %v", w.User, w.Row.Changed, want)
		}
	}
	e.Changes.Deleted = Some(true)
	d, err = rebase(base, head, anOwner, e)
	if err != nil || !d.Commit.Version.Note.Deleted || !reflect.DeepEqual(d.Commit.Version.Changed, []string{"content", "deleted"}) {
		t.Errorf("with deleted: %+v, %v", d.Commit, err)
	}
}

// What is there already, in the author's words and in no others, needs no version.
func TestAnEditThatOthersMadeTooIsAcknowledged(t *testing.T) {
	base, head := Body{Content: "x", Type: "note"}, Body{Content: "same", Type: "note"}
	d, err := rebase(base, head, aWriter, based(text("same")))
	if err != nil || d.Commit.Version != nil || len(d.Commit.Accounts) != 0 || d.Commit.Receipt.Version != headOfNote {
		t.Errorf("%+v, %v", d.Commit, err)
	}
}

// Versions that left the body alone are no reason to merge.
func TestAnEditOfAnOlderVersionWithTheHeadsBodyIsNotMerged(t *testing.T) {
	body := Body{Content: lines, Type: "note"}
	d, err := rebase(body, body, aWriter, based(text("mine")))
	if err != nil || d.Commit.Version.Merged || d.Commit.Version.Posted != nil || d.Commit.Version.Base != 3 {
		t.Errorf("%+v, %v", d.Commit, err)
	}
}

// A client that chains its edits has before it what it posted, not what was made of that.
func TestABaseMutationIsWhatItsAuthorPosted(t *testing.T) {
	posted := &Body{Content: "mine\n", Type: "note"}
	merged := noteOf(Private, false)
	merged.Body = Body{Content: "theirs\nmine\n", Type: "note"}
	merged.Posted = posted
	next := "mine\nand more\n"
	for name, c := range map[string]struct {
		author UserID
		edit   Edit
		want   string
	}{
		"by its mutation": {aWriter, Edit{Changes: edit(next).Changes, BaseMutation: "posted-5"}, "theirs\nmine\nand more\n"},
		"by its version":  {aWriter, Edit{Changes: edit(next).Changes, BaseVersion: headOfNote}, next},
		// who found that version with a mutation of his own had its body before him
		"of another's":        {anOwner, Edit{Changes: edit(next).Changes, BaseMutation: "found"}, next},
		"found by its writer": {aWriter, Edit{Changes: edit(next).Changes, BaseMutation: "found"}, next},
	} {
		rows := rowsOf(merged)
		rows.Target = merged
		d, err := Decide(rows, requestOf(c.author, c.edit))
		if err != nil || d.Commit.Version.Content != c.want || d.Commit.Version.Base != headOfNote {
			t.Errorf("%s: %+v, %v, want %q", name, d.Commit, err, c.want)
		}
	}
}

func TestCiphertextOfBothIsRefused(t *testing.T) {
	base := Body{Title: ptr("t"), EncryptedContent: ptr("base"), IV: ptr("i"), Type: "note"}
	head := base
	head.EncryptedContent = ptr("theirs")
	for name, mine := range map[string]BodyPatch{
		"the same member": {EncryptedContent: Some(ptr("mine"))},
		"another member":  {Salt: Some(ptr("mine"))},
		"and a title":     {IV: Some(ptr("mine")), Title: Some(ptr("mine"))},
	} {
		d, err := rebase(base, head, aWriter, based(mine))
		refusal := refusedWith(t, err, Conflict)
		if d.Commit != nil || refusal.Current == nil || refusal.Base == nil {
			t.Fatalf("%s: %+v with %+v", name, d, refusal)
		}
		if *refusal.Current.EncryptedContent != "theirs" || refusal.Current.Version != headOfNote || *refusal.Base.EncryptedContent != "base" {
			t.Errorf("%s: shows %+v and %+v", name, refusal.Current, refusal.Base)
		}
	}
}

func TestAMergeMayNotGrowBeyondTheLimits(t *testing.T) {
	base := Body{Content: "x\n", Blob: json.RawMessage(`{}`), Type: "note"}
	head := base
	head.Content, head.Blob = strings.Repeat("a", 60)+"\nx\n", json.RawMessage(`{"a":"`+strings.Repeat("a", 60)+`"}`)
	for name, mine := range map[string]BodyPatch{
		"content": text("x\n" + strings.Repeat("b", 60) + "\n"),
		"blob":    {Blob: Some(json.RawMessage(`{"b":"` + strings.Repeat("b", 60) + `"}`))},
	} {
		now, then := noteOf(Private, false), noteOf(Private, false)
		now.Body, then.Body, then.Note.Version = head, base, 3
		rows := rowsOf(now)
		rows.Target = then
		r := requestOf(aWriter, based(mine))
		for limit, want := range map[int]Code{100: TooLarge, 200: ""} {
			r.Limits.TextBytes = limit
			d, err := Decide(rows, r)
			if want == "" {
				if err != nil {
					t.Errorf("%s within %d bytes: %v", name, limit, err)
				}
				continue
			}
			if refusal := refusedWith(t, err, want); !strings.Contains(refusal.Message, name) || d.Commit != nil {
				t.Errorf("%s: %v", name, refusal)
			}
		}
	}
}

// Rows are no snapshot: a base that is newer than the head tells that the head is old.
func TestABaseThatIsNewerThanTheHeadIsTorn(t *testing.T) {
	rows := rowsOf(noteOf(Private, false))
	rows.Target = noteOf(Private, false)
	rows.Target.Note.Version++
	d, err := Decide(rows, requestOf(aWriter, Edit{Changes: edit("x").Changes, BaseMutation: "m-1"}))
	if err != nil || !d.Torn || d.Commit != nil {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestARevertToTheKeptSide(t *testing.T) {
	target := noteOf(Private, false)
	target.Note.Version = 3
	target.Posted = &Body{Content: "posted", Type: "note"}
	rows := rowsOf(noteOf(Private, false))
	rows.Target = target
	_, err := Decide(rows, requestOf(aWriter, Revert{Version: 3, Kept: true}))
	refusedWith(t, err, NotFound) // it was merged without a conflict
	target.Conflicts = []string{"content"}
	d, err := Decide(rows, requestOf(aWriter, Revert{Version: 3, Kept: true}))
	if err != nil {
		t.Fatal(err)
	}
	v := d.Commit.Version
	if v.Content != "posted" || v.Reverted != 3 || !v.RevertedKept || v.Posted != nil || v.Conflicts != nil {
		t.Errorf("%+v", v)
	}
	if !reflect.DeepEqual(v.Changed, []string{"title", "content", "blob"}) {
		t.Errorf("changed %v", v.Changed)
	}
}
