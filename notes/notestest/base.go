package notestest

import (
	"fmt"
	"strings"
	"time"

	"notewire/notes"
)

var baseRules = []rule{
	{"an edit of an older version is merged with what came since", mergedWithSince},
	{"edits chain by the author's own mutations, on what he posted", chained},
	{"a mutation of another account, note or folder is no base, nor is one that is not known", noBase},
	{"a mutation that found its effect already there is a base", foundIsBase},
	{"ciphertext of both sides is refused with base and head, and nothing is written", ciphertextRefused},
}

var baseAtOnceRules = []rule{
	{"paragraphs that 16 writers append on bases of their own are all in the text, once", appendedAtOnce},
	{"an edit with a base is decided again on what was committed meanwhile", mergedAgain},
}

// on is an edit of that version.
func on(version int64, content string) notes.Edit {
	e := edit(content)
	e.BaseVersion = notes.Seen(version)
	return e
}

// after is an edit of what the author's mutation left.
func after(id notes.MutationID, content string) notes.Edit {
	e := edit(content)
	e.BaseMutation = id
	return e
}

const poem = "roses are red\nviolets are blue\nsugar is sweet\nand so are you\n"

// line is the poem with one line replaced.
func line(old, new string) string { return strings.Replace(poem, old, new, 1) }

func mergedWithSince(t *trial) {
	t.note("n", poem, writer(bob), reader(cat))
	t.do(ann, "n", edit(line("red", "white")))
	op := on(2, line("sweet", "sour"))
	op.Changes.Title, op.Changes.FieldsPatch = notes.Some(ptr("his title")), star
	out := t.do(bob, "n", op)
	want := strings.Replace(line("red", "white"), "sweet", "sour", 1)
	equal(t, "what the answer says of it", []any{out.Version, out.Merged, out.Conflicts, out.Kept, out.View.Content, out.View.Fields.Starred},
		[]any{int64(4), true, []string(nil), false, want, true})
	v := t.version("n", 4)
	equal(t, "the text", v.Content, want)
	equal(t, "what the version says of itself", []any{v.Merged, v.Base, v.Changed, v.Conflicts}, []any{true, int64(2), []string{"title", "content"}, []string(nil)})
	equal(t, "what was posted", v.Posted.Content, line("sweet", "sour"))
	t.hasBody("merged", "n", v.Body)
	equal(t, "the reader's row", tellsRow(t.last(cat)), toldRow{notes.KindSync, "", "edit", 4, []string{"title", "content"}})

	equal(t, "whether an edit of the head is merged", t.do(bob, "n", on(4, "x")).Merged, false)
	t.do(ann, "n", publish())
	out = t.do(bob, "n", on(5, "y")) // the head has another number, and the same text
	equal(t, "merged, version and text", []any{out.Merged, out.Version, out.View.Content}, []any{false, int64(7), "y"})
	t.refused(notes.Invalid, bob, "n", on(8, "z"))
	t.refused(notes.Forbidden, cat, "n", on(6, "z"))
}

func chained(t *trial) {
	t.note("n", "1\n", writer(bob))
	t.as("b-1", bob, "n", on(2, "1\nbob 1\n"))
	t.do(ann, "n", edit("ann\n1\nbob 1\n"))
	t.as("b-2", bob, "n", after("b-1", "1\nbob 1\nbob 2\n"))
	t.do(ann, "n", edit("ann\n1\nbob 1\nbob 2\nann\n"))
	t.as("b-3", bob, "n", after("b-2", "1\nbob 1\nbob 2!\n"))
	want := "ann\n1\nbob 1\nbob 2!\nann\n"
	equal(t, "the text", t.get(ann, "n").Content, want)
	equal(t, "the bases", []int64{t.version("n", 3).Base, t.version("n", 5).Base, t.version("n", 7).Base}, []int64{2, 3, 5})
	equal(t, "what he posted", t.version("n", 7).Posted.Content, "1\nbob 1\nbob 2!\n")
	t.sameAnswer(t.as("b-4", bob, "n", after("b-3", "1\n")), t.as("b-4", bob, "n", after("b-3", "1\n")))
	equal(t, "the text without his", t.get(ann, "n").Content, "ann\n1\nann\n")
}

func noBase(t *trial) {
	t.note("n", "1", writer(bob))
	t.note("other", "1")
	t.as("a-1", ann, "n", edit("2"))
	t.as("a-2", ann, "other", edit("2"))
	t.asFolder("a-3", ann, "f", newFolder(name("f")))
	before := t.state("n")
	for what, op := range map[notes.UserID]notes.Edit{bob: after("a-1", "x"), ann: after("a-2", "x")} {
		refusal := t.refused(notes.BaseGone, what, "n", op)
		if refusal.Current == nil || refusal.Current.Content != "2" || refusal.Current.Fields == nil {
			t.Errorf("the refusal to %s shows %+v", what, refusal.Current)
		}
	}
	t.refused(notes.BaseGone, ann, "n", after("a-3", "x"))
	t.refused(notes.BaseGone, ann, "n", after("none", "x"))
	_, err := t.try(ann, "self", "n", after("self", "x"))
	t.isRefusal(notes.BaseGone, err)
	equal(t, "the state", t.state("n"), before)

	t.clock.Advance(time.Duration(t.limits.ReceiptDays)*day - time.Minute)
	t.do(ann, "n", after("a-1", "3"))
	t.clock.Advance(2 * time.Minute)
	t.refused(notes.BaseGone, ann, "n", after("a-1", "4"))
}

func foundIsBase(t *trial) {
	t.note("n", "1\n", writer(bob))
	t.as("nothing", bob, "n", notes.Edit{Changes: notes.Changes{Deleted: notes.Some(false)}})
	t.as("star", bob, "n", organise(star))
	t.do(ann, "n", edit("ann\n1\n"))
	t.do(bob, "n", after("nothing", "1\nbob\n"))
	t.do(bob, "n", after("star", "1\nBob\n"))
	equal(t, "the text", t.get(ann, "n").Content, "ann\n1\nbob\nBob\n")
	equal(t, "the bases", []int64{t.version("n", 4).Base, t.version("n", 5).Base}, []int64{2, 2})
}

func ciphertextRefused(t *trial) {
	secret := func(text string) notes.Edit {
		return notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{EncryptedContent: notes.Some(&text), IV: notes.Some(ptr("iv " + text))}}}
	}
	t.note("n", "text", writer(bob))
	t.do(ann, "n", secret("base"))
	t.do(ann, "n", secret("hers"))
	before := t.state("n")
	his := secret("his")
	his.BaseVersion, his.Changes.FieldsPatch = 3, star
	refusal := t.refused(notes.Conflict, bob, "n", his)
	equal(t, "base and head", []any{*refusal.Base.EncryptedContent, *refusal.Current.EncryptedContent, refusal.Current.Version}, []any{"base", "hers", int64(4)})
	equal(t, "the state", t.state("n"), before)
	his.BaseVersion = 4 // merged by the client
	equal(t, "whether it is merged here", t.do(bob, "n", his).Merged, false)
	t.do(bob, "n", on(3, "another field"))
	equal(t, "the ciphertext", *t.get(ann, "n").EncryptedContent, "his")
}

// appendedAtOnce: each writer adds to what he has seen; every other one has seen an old version.
func appendedAtOnce(t *trial) {
	const each = 4
	t.note("n", "title\n", writer(bob))
	t.together(writers, func(i int, s *notes.Service) {
		for k := range each {
			user := []notes.UserID{ann, bob}[i%2]
			seen := int64(1)
			if i%4 < 2 {
				head, err := s.NoteHead(t.Context(), user, "n")
				if err != nil {
					t.Error(err)
					return
				}
				seen = head.Note.Version
			}
			base, _, err := s.Version(t.Context(), user, "n", seen)
			if err != nil {
				t.Error(err)
				return
			}
			t.must(s, user, "n", on(seen, base.Content+fmt.Sprintf("paragraph %d of writer %d\n", k, i)))
		}
	})
	text := t.get(ann, "n").Content
	for i := range writers {
		for k := range each {
			if n := strings.Count(text, fmt.Sprintf("paragraph %d of writer %d\n", k, i)); n != 1 {
				t.Errorf("paragraph %d of writer %d is there %d times", k, i, n)
			}
		}
	}
	if n := strings.Count(text, "\n"); n != 1+writers*each {
		t.Errorf("the text has %d lines", n)
	}
	versions := t.versions("n")
	equal(t, "versions", len(versions), 2+writers*each)
	for _, v := range versions {
		if len(v.Conflicts) > 0 {
			t.Errorf("version %d has conflicts: %v", v.Note.Version, v.Conflicts)
		}
	}
}

// mergedAgain: what another instance commits between read and write is merged as well.
func mergedAgain(t *trial) {
	t.note("n", poem, writer(bob))
	other := t.instance()
	t.store.OnCommit(func(*notes.Commit) (bool, error) {
		t.store.OnCommit(nil)
		t.must(other, ann, "n", edit(line("red", "white")))
		return true, nil
	})
	out := t.do(bob, "n", on(2, line("you", "they")))
	equal(t, "version and whether it is merged", []any{out.Version, out.Merged}, []any{int64(4), true})
	equal(t, "the text", out.View.Content, strings.Replace(line("red", "white"), "you", "they", 1))

	t.store.OnCommit(times(1, true, ErrLost)) // committed, and the answer lost
	out = t.as("m", bob, "n", on(2, line("blue", "green")))
	equal(t, "version, merged and repeated", []any{out.Version, out.Merged, out.Repeated}, []any{int64(5), true, false})
	t.sameAnswer(out, t.as("m", bob, "n", on(2, line("blue", "green"))))
}
