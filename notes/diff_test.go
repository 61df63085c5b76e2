package notes

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestADiffSaysWhatChanged(t *testing.T) {
	before, after := *noteOf(Private, false).Note, *noteOf(Public, true).Note
	after.Version, after.Owner = 9, "heir"
	after.Title, after.Type = nil, "task"
	after.EncryptedContent, after.IV = ptr(strings.Repeat("x", longestShown+1)), ptr("iv")
	after.Content, after.Blob = "contents", []byte(`{"a":2}`)
	after.Members = []Member{{"amy", Reader}, {aReader, Writer}}
	got := DiffNotes(&before, &after, -1)
	want := &Diff{
		From: headOfNote, To: 9,
		Fields: []FieldDiff{
			{"title", ptr("title"), (*string)(nil)}, {"encryptedContent", nil, nil}, {"iv", (*string)(nil), ptr("iv")},
			{"type", "note", "task"}, {"access", Private, Public}, {"deleted", false, true}, {"userId", anOwner, UserID("heir")},
		},
		Content: []Hunk{{OpDelete, "content", 0}, {OpInsert, "contents", 0}},
		Blob:    []ValueDiff{{"/a", []byte(`1`), []byte(`2`)}},
		Members: &MembersDiff{
			Added: []Member{{"amy", Reader}}, Removed: []Member{{aWriter, Writer}}, Changed: []RoleDiff{{aReader, Reader, Writer}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the diff is\n%+v\nwant\n%+v", got, want)
	}
	if same := DiffNotes(&before, &before, -1); !reflect.DeepEqual(same, &Diff{From: headOfNote, To: headOfNote, Members: &MembersDiff{}}) {
		t.Errorf("of a version and itself: %+v", same)
	}
}

func TestADiffIsShortenedToLinesAroundChanges(t *testing.T) {
	before := "1\n2\n3\n4\n5\n6\n7\n8\n9\n"
	after := "1\n2\n3\nfour\n5\n6\n7\n8\n9\n"
	for context, want := range map[int][]Hunk{
		-1: {{OpEqual, "1\n2\n3\n", 0}, {OpDelete, "4", 0}, {OpInsert, "four", 0}, {OpEqual, "\n5\n6\n7\n8\n9\n", 0}},
		0:  {{OpSkip, "", 3}, {OpDelete, "4", 0}, {OpInsert, "four", 0}, {OpEqual, "\n", 0}, {OpSkip, "", 5}},
		1:  {{OpSkip, "", 2}, {OpEqual, "3\n", 0}, {OpDelete, "4", 0}, {OpInsert, "four", 0}, {OpEqual, "\n5\n", 0}, {OpSkip, "", 4}},
		3:  {{OpEqual, "1\n2\n3\n", 0}, {OpDelete, "4", 0}, {OpInsert, "four", 0}, {OpEqual, "\n5\n6\n7\n", 0}, {OpSkip, "", 2}},
		9:  {{OpEqual, "1\n2\n3\n", 0}, {OpDelete, "4", 0}, {OpInsert, "four", 0}, {OpEqual, "\n5\n6\n7\n8\n9\n", 0}},
	} {
		if got := shorten(hunksOf(before, after), context); !reflect.DeepEqual(got, want) {
			t.Errorf("with %d lines: %+v, want %+v", context, got, want)
		}
	}
	got := shorten(hunksOf("a\nb\nc\nd\ne\nf", "a\nX\nb\nc\nd\ne\nY\nf"), 1)
	want := []Hunk{
		{OpEqual, "a\n", 0}, {OpInsert, "X\n", 0}, {OpEqual, "b\n", 0}, {OpSkip, "", 2}, {OpEqual, "e\n", 0}, {OpInsert, "Y\n", 0}, {OpEqual, "f", 0},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("between two changes: %+v", got)
	}
}

// Both texts can be made of a diff; of a shortened one, too, by who has the first.
func TestADiffMakesBothTexts(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab \n\n\n")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		before := text.Draw(t, "before")
		after := before
		for range rapid.IntRange(0, 3).Draw(t, "edits") {
			at := rapid.IntRange(0, len(after)).Draw(t, "at")
			after = after[:at] + text.Draw(t, "new") + after[min(len(after), at+rapid.IntRange(0, 9).Draw(t, "old")):]
		}
		if before == after {
			return
		}
		context := rapid.IntRange(-1, 3).Draw(t, "context")
		at, made := 0, ""
		for _, h := range shorten(hunksOf(before, after), context) {
			text := h.Text
			if h.Op == OpSkip {
				text = before[at : at+behindLine(before[at:], h.Lines)]
			}
			if h.Op != OpInsert {
				if !strings.HasPrefix(before[at:], text) {
					t.Fatalf("%q is not at %d of %q", text, at, before)
				}
				at += len(text)
			}
			if h.Op != OpDelete {
				made += text
			}
		}
		if at != len(before) || made != after {
			t.Fatalf("of %q, %q was made, want %q", before, made, after)
		}
	})
}

// The worst that two notes of 1 MiB can be: nothing in common in order, and blobs that nest, or
// have long names.
func TestTheTimeAndSizeOfADiffAreBounded(t *testing.T) {
	words := func(step int) string {
		var b strings.Builder
		for i := 0; b.Len() < 1<<20; i += step {
			fmt.Fprintf(&b, "%d ", (i*7919)%100_003)
		}
		return b.String()[:1<<20]
	}
	long := strings.Repeat("n", 400<<10)
	deep := strings.Repeat(`{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":[`, 400)
	closing := strings.Repeat("]}", 400)
	many := func(offset int) string {
		var b strings.Builder
		for i := range 20_000 {
			fmt.Fprintf(&b, `,"k%d":%d`, i, i+offset)
		}
		return b.String()[1:]
	}
	for name, c := range map[string]struct{ before, after Body }{
		"texts":          {Body{Content: words(1)}, Body{Content: words(3)}},
		"lines":          {Body{Content: strings.ReplaceAll(words(1), " ", "\n")}, Body{Content: strings.ReplaceAll(words(3), " ", "\n")}},
		"deep blobs":     {Body{Blob: []byte(deep + `1,"` + long + `"` + closing)}, Body{Blob: []byte(deep + `2,"` + long + `"` + closing)}},
		"long names":     {Body{Blob: []byte(`{"` + long + `":{` + many(0) + `}}`)}, Body{Blob: []byte(`{"` + long + `":{` + many(1) + `}}`)}},
		"many members":   {Body{Blob: []byte(`{` + many(0) + `}`)}, Body{Blob: []byte(`{` + many(1) + `}`)}},
		"blob came":      {Body{}, Body{Blob: []byte(`{` + many(1) + `}`)}},
		"blobs in order": {Body{Blob: []byte(`[` + strings.Repeat("1,2,", 100_000) + `3]`)}, Body{Blob: []byte(`[` + strings.Repeat("2,1,", 100_000) + `3]`)}},
	} {
		began := time.Now()
		d := DiffNotes(&Note{Body: c.before}, &Note{Body: c.after}, -1)
		took, size := time.Since(began), 0
		for _, v := range d.Blob {
			size += len(v.Path) + len(v.Before) + len(v.After)
		}
		t.Logf("%s: %v, %d hunks, %d changes in the blob of %d bytes", name, took, len(d.Content), len(d.Blob), size)
		if took > 10*time.Second || size > len(c.before.Blob)+len(c.after.Blob)+longestPaths+8 {
			t.Errorf("%s: %v, %d bytes", name, took, size)
		}
	}
}
