package merge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, base, ours, theirs, want string
		conflict                       bool
	}{
		// What both want.
		{"other lines", "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", false},
		{"neighbouring lines", "a\nb\n", "A\nb\n", "a\nB\n", "A\nB\n", false},
		{"other words of a line", "a b c\n", "A b c\n", "a b C\n", "A b C\n", false},
		{"neighbouring words", "a b\n", "A b\n", "a B\n", "A B\n", false},
		{"a word and the space behind it", "cat sat", "cats sat", "cat  sat", "cats  sat", false},
		{"the same", "a b c", "a x c", "a x c", "a x c", false},
		{"the same, and more", "a b c d", "a x c d", "a x c y", "a x c y", false},
		{"both deleted, in part", "a b c d e", "a d e", "a b e", "a e", false},
		{"a word deleted, another inserted", "a big cat", "a cat", "a big red cat", "a red cat", false},
		{"a line deleted, another inserted beside it", "a\nb\nc\n", "a\nc\n", "a\nb\nx\nc\n", "a\nx\nc\n", false},
		{"an edited line and one appended", "- a\n", "- A\n- milk\n", "- a b\n", "- A b\n- milk\n", false},
		{"a line cut in two", "a b c d e f\n", "a b c\nd e f\n", "a b c d e F\n", "a b c\nd e F\n", false},
		{"two lines joined", "a b c\nd e f\n", "a b c d e f\n", "a B c\nd E f\n", "a B c d E f\n", false},
		{"an edited line and one put before it", "- tea\n", "- milk\n- tea now\n", "- hot tea\n", "- milk\n- hot tea now\n", false},
		{"characters of a script without spaces", "今日は雨です", "今日は雪です", "明日は雨です", "明日は雪です", false},

		// Insertions at one point.
		{"words", "I like", "I like cats", "I like dogs", "I like cats dogs", false},
		{"lines", "a\nb\n", "a\nx\nb\n", "a\ny\nb\n", "a\nx\ny\nb\n", false},
		{"last lines", "a\n", "a\nx\n", "a\ny\n", "a\nx\ny\n", false},
		{"last lines without an end", "a", "a\nx", "a\ny", "a\nx\ny", false},
		{"last lines without an end behind one with it", "a\n", "a\nx", "a\ny", "a\nx\ny", false},
		{"into an empty text", "", "x y", "z", "x y\nz", false},
		{"into a blank line", "a\n\nb\n", "a\nx\nb\n", "a\ny\nb\n", "a\nx\ny\nb\n", false},
		{"a line, and a word at the start of the next", "cat\n", "big cat\n", "milk\ncat\n", "milk\nbig cat\n", false},
		{"a line, and a word at the end of the one before", "apple", "apple\nmilk", "apple pie", "apple pie\nmilk", false},

		// The guard against doubled lines.
		{"one line twice", "a\nb\n", "a\nmilk\nb\n", "a\nmilk\nb\n", "a\nmilk\nb\n", false},
		{"one of some", "a\n", "a\nmilk\neggs\n", "a\nbread\nmilk\n", "a\nmilk\neggs\nbread\n", false},
		{"one of some, last without an end", "a", "a\neggs\nmilk", "a\nmilk\nbread", "a\neggs\nmilk\nbread", false},
		{"one typed on", "a\n", "a\nmilk\n", "a\nmilk\neggs\n", "a\nmilk\neggs\n", false},
		{"as often as in one side", "a\n", "a\nha\nha\n", "a\nha\nho\n", "a\nha\nha\nho\n", false},
		{"beside an edited line", "a\n", "A\nmilk\n", "a\nmilk\n", "A\nmilk\n", false},
		{"both beside lines they edited", "a b\n", "A b\nmilk\n", "a B\nmilk\n", "A B\nmilk\n", false},
		{"not in different places", "a\nb\n", "a\nmilk\nb\n", "a\nb\nmilk\n", "a\nmilk\nb\nmilk\n", false},
		{"no blank lines", "a\n", "a\nx\n\n", "a\ny\n\n", "a\nx\n\ny\n\n", false},
		{"no fences", "a\n", "a\n---\nx\n---\n", "a\n---\ny\n---\n", "a\n---\nx\n---\n---\ny\n---\n", false},

		// Conflicts.
		{"one word", "a cat", "a cats", "a dog", "a cats", true},
		{"one word, and others", "a cat sat\nb\n", "a cats sat\nb\n", "a dog sat down\nB\n", "a cats sat down\nB\n", true},
		{"one number", "at 10:30", "at 11:30", "at 10:45", "at 11:30", true},
		{"one emoji", "👩‍💻!", "👨‍💻!", "👩‍🚀!", "👨‍💻!", true},
		{"one accent", "e\u0301", "e", "e\u0300", "e", true},
		{"an edited word deleted", "a cat sat", "a sat", "a cats sat", "a sat", true},
		{"a deleted word edited", "a cat sat", "a cats sat", "a sat", "a cats sat", true},
		{"an edited line deleted", "a\nb c\nd\n", "a\nd\n", "a\nb c!\nd\n", "a\nd\n", true},
		{"a line deleted that was typed on at its start", "a\nb c\nd\n", "a\nd\n", "a\nx b c\nd\n", "a\nd\n", true},
		{"a line deleted that was typed on at its end", "a\nb c", "a\n", "a\nb c x", "a\n", true},
		{"an insertion into what is deleted", "a\nb\nc\nd\n", "a\nd\n", "a\nb\nx\nc\nd\n", "a\nd\n", true},
		{"an insertion into a line of which all is replaced", "a b c d\n", "w x y z\n", "a b new c d\n", "w x y z\n", true},
		{"an insertion into lines that are all replaced", "a b\nc d\n", "w x\ny z\n", "a b\nc new d\n", "w x\ny z\n", true},
		{"two words of no space between", "x, y", "x y", "x,y", "x y", true},
		{"two words at one point", "I like ", "I like cats", "I like dogs", "I like cats", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, conflict := Text(c.base, c.ours, c.theirs); got != c.want || conflict != c.conflict {
				t.Errorf("Text(%q, %q, %q) = %q, %v; want %q, %v", c.base, c.ours, c.theirs, got, conflict, c.want, c.conflict)
			}
		})
	}
}

// wordCase is a text of different words, some of which each side edits: replaces, deletes with
// the space before it, or puts new ones behind. No word beside an edited one is edited.
type wordCase struct {
	words []string
	edits []wordEdit // per word
}

type wordEdit struct {
	side int // 0 none, 1 ours, 2 theirs
	with string
}

func drawWords(t *rapid.T) (c wordCase) {
	separator := rapid.SampledFrom([]string{" ", " ", " ", ", ", "\n", "\n- ", "。"}) // lines are not joined
	for i := range rapid.IntRange(1, 40).Draw(t, "words") {
		before := ""
		if i > 0 {
			before = separator.Draw(t, "separator")
		}
		word := fmt.Sprintf("%sw%dß", before, i)
		e := wordEdit{with: word}
		if i > 0 && i%2 == 0 {
			e.side = rapid.IntRange(0, 2).Draw(t, "side")
		}
		if e.side > 0 {
			new := fmt.Sprintf("%sn%d", before, i)
			e.with = rapid.SampledFrom([]string{new, word + new, word + " " + "m" + new[len(before):], ""}).Draw(t, "with")
			if e.with == "" && strings.Contains(before, "\n") {
				e.with = new
			}
		}
		c.words, c.edits = append(c.words, word), append(c.edits, e)
	}
	return c
}

// text is c with the edits of some sides.
func (c wordCase) text(sides ...int) string {
	var s strings.Builder
	for i, e := range c.edits {
		if slices.Contains(sides, e.side) {
			s.WriteString(e.with)
		} else {
			s.WriteString(c.words[i])
		}
	}
	return s.String()
}

func TestDisjointEditsAreBothApplied(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawWords(t)
		base, ours, theirs, want := c.text(), c.text(1), c.text(2), c.text(1, 2)
		for _, sides := range [][2]string{{ours, theirs}, {theirs, ours}} {
			if got, conflict := Text(base, sides[0], sides[1]); got != want || conflict {
				t.Fatalf("Text(%q, %q, %q)\n = %q, %v\nwant %q", base, sides[0], sides[1], got, conflict, want)
			}
			if strings.Contains(base, "\n") {
				continue // a line cut in two may be an edited line and a new one
			}
			if again, conflict := Text(base, want, sides[0]); again != want || conflict {
				t.Fatalf("merged again: %q, %v", again, conflict)
			}
		}
	})
}

func TestEditsOfOneWordAreReported(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawWords(t)
		at := rapid.IntRange(0, len(c.words)-1).Draw(t, "at")
		for i := max(0, at-1); i < min(len(c.edits), at+2); i++ {
			c.edits[i] = wordEdit{with: c.words[i]}
		}
		change := rapid.Custom(func(t *rapid.T) string { // letters of the word
			letters := []rune(c.words[at])
			i := rapid.IntRange(len(letters)-2, len(letters)-1).Draw(t, "letter")
			return string(slices.Replace(letters, i, i+rapid.IntRange(0, 1).Draw(t, "deleted"), rapid.SampledFrom([]rune("xyé_")).Draw(t, "new")))
		})
		mine, other := change.Draw(t, "mine"), change.Draw(t, "other")
		if mine == other || mine == c.words[at] || other == c.words[at] {
			t.Skip("not two changes")
		}
		word := func(with string) wordCase {
			d := wordCase{c.words, slices.Clone(c.edits)}
			d.edits[at] = wordEdit{3, with}
			return d
		}
		ours, theirs, want := word(mine).text(1, 3), word(other).text(2, 3), word(mine).text(1, 2, 3)
		if got, conflict := Text(c.text(), ours, theirs); got != want || !conflict {
			t.Fatalf("Text(%q, %q, %q)\n = %q, %v\nwant %q and a conflict", c.text(), ours, theirs, got, conflict, want)
		}
	})
}

func TestTokens(t *testing.T) {
	for text, want := range map[string][]string{
		"":                   {},
		"two words,  don't!": {"two", " ", "words", ",", "  ", "don't", "!"},
		"a\r\n\n b":          {"a", "\r", "\n", "\n", " ", "b"},
		"10:30, 2026-11-21.": {"10:30", ",", " ", "2026-11-21", "."},
		"x-y_z":              {"x", "-", "y_z"},
		"e\u0301te\u0301":    {"e\u0301te\u0301"},
		"日本語 ไทยที่":         {"日", "本", "語", " ", "ไ", "ท", "ย", "ที่"},
		"👩‍💻👍🏽🇩🇪🇫🇷❤️": {"👩‍💻", "👍🏽", "🇩🇪", "🇫🇷", "❤️"},
		"a\xff\xfeb\xc3":      {"a", "\xff", "\xfe", "b", "\xc3"},
		"\u200d\u0301naïve ß": {"\u200d\u0301", "naïve", " ", "ß"},
	} {
		if got := tokens(text); !slices.Equal(got, want) {
			t.Errorf("tokens(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want []Hunk
	}{
		{"", "", nil},
		{"a", "a", []Hunk{{"equal", "a"}}},
		{"a cat\nb\n", "a dog\nb\nc\n", []Hunk{{"equal", "a "}, {"delete", "cat"}, {"insert", "dog"}, {"equal", "\nb\n"}, {"insert", "c\n"}}},
	} {
		if got := Diff(c.a, c.b); !slices.Equal(got, c.want) {
			t.Errorf("Diff(%q, %q) = %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("a b\n", "a c\n", "x b\n")
	f.Add("a\xff\n", "a\n\xfe", "\xc3\n")
	f.Add("👩‍💻", "👩", "\u200d💻")
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		_, conflict := Text(base, ours, theirs)
		if _, back := Text(base, theirs, ours); conflict != back {
			t.Errorf("conflict %v, the other way round %v", conflict, back)
		}
		checkDiff(t, ours, theirs)
	})
}
