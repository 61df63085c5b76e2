package merge

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// anyText draws texts of few different lines and words, so that sides meet, and of anything.
func anyText() *rapid.Generator[string] {
	atoms := []string{
		"a", "b", "milk", "eggs", " ", "  ", "\n", "\n", "\r\n", ",", ".", "-", "7", "10:30", "don't", "é", "e\u0301", "日本", "ไทย", "👩‍💻", "👍🏽", "🇩🇪",
		"\u200d", "\u00a0", "\u2028",
	}
	few := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(atoms), 0, 12), func(parts []string) string { return strings.Join(parts, "") })
	return rapid.OneOf(few, few, rapid.String())
}

// changeOf draws a change of a text: a few parts replaced.
func changeOf(t *rapid.T, base, label string) string {
	all := tokens(base)
	for range rapid.IntRange(0, 3).Draw(t, label+" edits") {
		from := rapid.IntRange(0, len(all)).Draw(t, "from")
		to := rapid.IntRange(from, min(len(all), from+3)).Draw(t, "to")
		all = slices.Replace(all, from, to, anyText().Draw(t, "text"))
	}
	return strings.Join(all, "")
}

func TestTextLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyText().Draw(t, "base")
		a := rapid.OneOf(anyText(), rapid.Custom(func(t *rapid.T) string { return changeOf(t, b, "change") })).Draw(t, "a")
		for _, c := range [][3]string{{b, a, b}, {b, b, a}, {b, a, a}} {
			if got, conflict := Text(c[0], c[1], c[2]); got != a || conflict {
				t.Errorf("Text(%q, %q, %q) = %q, %v", c[0], c[1], c[2], got, conflict)
			}
		}
		checkDiff(t, b, a)
	})
}

// Which side is ours decides what is kept, and what comes first, but not whether there is a
// conflict.
func TestTextIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyText().Draw(t, "base")
		x, y := changeOf(t, b, "x"), changeOf(t, b, "y")
		xy, conflict := Text(b, x, y)
		yx, back := Text(b, y, x)
		if conflict != back {
			t.Fatalf("conflicts differ: %v %q, %v %q", conflict, xy, back, yx)
		}
		if conflict {
			return
		}
		a, c := []rune(strings.ReplaceAll(xy, "\n", "")), []rune(strings.ReplaceAll(yx, "\n", "")) // last lines may lack it
		slices.Sort(a)
		slices.Sort(c)
		if !slices.Equal(a, c) {
			t.Fatalf("other characters: %q, %q", xy, yx)
		}
	})
}

// Without insertions at one point nothing depends on which side is ours.
func TestTextCommutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b, x, y strings.Builder
		for i := range rapid.IntRange(1, 20).Draw(t, "words") {
			separator := rapid.SampledFrom([]string{" ", " ", ", ", "\n"}).Draw(t, "separator")
			fmt.Fprintf(&b, "w%d%s", i, separator)
			for _, side := range []*strings.Builder{&x, &y} {
				fmt.Fprintf(side, "%s%d%s", rapid.SampledFrom([]string{"w", "w", "w", "x", "y"}).Draw(t, "word"), i, separator)
			}
		}
		xy, conflict := Text(b.String(), x.String(), y.String())
		yx, back := Text(b.String(), y.String(), x.String())
		if conflict != back || !conflict && xy != yx {
			t.Fatalf("%v %q, %v %q", conflict, xy, back, yx)
		}
	})
}

func TestValidTextStaysValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyText().Draw(t, "base")
		x, y := changeOf(t, b, "x"), changeOf(t, b, "y")
		if !utf8.ValidString(b+x) || !utf8.ValidString(y) {
			t.Skip("drawn invalid")
		}
		if merged, _ := Text(b, x, y); !utf8.ValidString(merged) {
			t.Fatalf("%q", merged)
		}
		for _, h := range Diff(x, y) {
			if !utf8.ValidString(h.Text) {
				t.Fatalf("%q", h)
			}
		}
	})
}

// A side that is merged again changes nothing: a client may post twice.
func TestMergingAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLines(t, true)
		merged, _ := Text(c.base, c.ours.text(), c.theirs.text())
		for _, side := range []string{c.ours.text(), c.theirs.text()} {
			if again, conflict := Text(c.base, merged, side); again != merged || conflict {
				t.Fatalf("%q with %q: %q, %v", merged, side, again, conflict)
			}
		}
	})
}

// lineCase inserts lines of its own on both sides, and changes or deletes others.
type lineCase struct {
	base         string
	ours, theirs lineSide
}

type lineSide struct{ all, inserted []string }

func (s lineSide) text() string { return strings.Join(s.all, "") }

func drawLines(t *rapid.T, onlyInserts bool) lineCase {
	line := rapid.SampledFrom([]string{"milk\n", "eggs\n", "\n", "- a b c\n", "word and more\n", "日本\n", "first. f(x)\n"})
	base := rapid.SliceOfN(line, 0, 8).Draw(t, "base")
	draw := func(name string) (s lineSide) {
		for at := range len(base) + 1 {
			for range max(0, rapid.IntRange(-4, 2).Draw(t, name+" inserts")) {
				line := fmt.Sprintf("%s %d\n", name, len(s.inserted))
				if rapid.IntRange(0, 3).Draw(t, "shared") == 0 {
					line = rapid.SampledFrom([]string{"bread\n", "tea\n"}).Draw(t, "line")
				}
				s.all, s.inserted = append(s.all, line), append(s.inserted, line)
			}
			if at == len(base) {
				return s
			}
			edit := rapid.IntRange(0, 7).Draw(t, name+" edit")
			switch {
			case onlyInserts || edit > 1:
				s.all = append(s.all, base[at])
			case edit == 1 && base[at] != "\n":
				s.all = append(s.all, name+base[at])
			}
		}
		return s
	}
	return lineCase{strings.Join(base, ""), draw("ours"), draw("theirs")}
}

func TestNoInsertedLineIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawLines(t, rapid.Bool().Draw(t, "only inserts"))
		merged, conflict := Text(c.base, c.ours.text(), c.theirs.text())
		in := lines(merged)
		for _, l := range c.ours.inserted {
			if !slices.Contains(in, l) {
				t.Fatalf("ours lost %q: %q", l, merged)
			}
		}
		for _, l := range c.theirs.inserted {
			if !conflict && !slices.Contains(in, l) {
				t.Fatalf("theirs lost %q: %q", l, merged)
			}
		}
	})
}

// Insertions of lines never conflict, and each line is there as often as one side alone put it.
func TestInsertedLinesNeverConflict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,3} [a-z]{1,3}\n`), 0, 6, rapid.ID).Draw(t, "base")
		var texts [2][]string
		most := map[string]int{}
		sum := 0
		for at := range len(base) + 1 {
			gap := map[string]int{} // the greater count
			for side := range texts {
				mine := map[string]int{}
				for _, l := range rapid.SliceOfN(rapid.SampledFrom([]string{"1\n", "2\n", "3\n"}), 0, 3).Draw(t, "lines") {
					texts[side] = append(texts[side], l)
					mine[l]++
					gap[l] = max(gap[l], mine[l])
				}
				if at < len(base) {
					texts[side] = append(texts[side], base[at])
				}
			}
			for l, n := range gap {
				most[l] += n
				sum += n
			}
		}
		merged, conflict := Text(strings.Join(base, ""), strings.Join(texts[0], ""), strings.Join(texts[1], ""))
		got := map[string]int{}
		for _, l := range lines(merged) {
			got[l]++
		}
		for l, n := range most {
			if conflict || got[l] != n {
				t.Fatalf("%q %d times, want %d: %q, %v", l, got[l], n, merged, conflict)
			}
		}
		if want := len(base) + sum; strings.Count(merged, "\n") != want {
			t.Fatalf("%d lines, want %d", strings.Count(merged, "\n"), want)
		}
	})
}
