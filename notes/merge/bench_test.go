package merge

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// prose is a text of about size bytes, in lines of 5 to 15 words.
func prose(r *rand.Rand, size int) string {
	var s strings.Builder
	for s.Len() < size {
		for range 5 + r.IntN(11) {
			fmt.Fprintf(&s, "%s ", vocabulary[r.IntN(len(vocabulary))])
		}
		s.WriteString("end\n")
	}
	return s.String()
}

var vocabulary = func() []string {
	r := rand.New(rand.NewPCG(1, 1))
	words := make([]string, 2000)
	for i := range words {
		word := make([]byte, 2+r.IntN(8))
		for j := range word {
			word[j] = byte('a' + r.IntN(26))
		}
		words[i] = string(word)
	}
	return words
}()

// scatter edits n words, marking each with by; sides with another parity edit other words.
func scatter(text string, n, parity int, by string) string {
	words := strings.SplitAfter(text, " ")
	step := max(2, len(words)/n/2*2)
	for i, at := 0, parity; i < n && at < len(words); i, at = i+1, at+step {
		switch i % 3 {
		case 0:
			words[at] = by + words[at]
		case 1:
			words[at] = by + " " + words[at]
		default:
			words[at] = strings.TrimSuffix(words[at], " ") + "\n" + by + " "
		}
	}
	return strings.Join(words, "")
}

func BenchmarkTextSize(b *testing.B) {
	for _, kib := range []int{64, 256, 1024} {
		base := prose(rand.New(rand.NewPCG(2, 2)), kib<<10)
		benchmarkText(b, fmt.Sprintf("%dKiB", kib), base, scatter(base, 200, 0, "ours"), scatter(base, 200, 1, "theirs"))
	}
}

func BenchmarkTextEdits(b *testing.B) {
	base := prose(rand.New(rand.NewPCG(2, 2)), 1<<20)
	for _, n := range []int{1, 20, 200, 2000} {
		benchmarkText(b, fmt.Sprint(n), base, scatter(base, n, 0, "ours"), scatter(base, n, 1, "theirs"))
	}
}

// One line: nothing is found by lines.
func BenchmarkTextOneLine(b *testing.B) {
	base := strings.ReplaceAll(prose(rand.New(rand.NewPCG(2, 2)), 1<<20), "\n", " ")
	for _, n := range []int{1, 20, 200, 2000} {
		ours, theirs := scatter(base, n, 0, "ours"), scatter(base, n, 1, "theirs")
		benchmarkText(b, fmt.Sprint(n), base, strings.ReplaceAll(ours, "\n", " "), strings.ReplaceAll(theirs, "\n", " "))
	}
}

func BenchmarkTextHostile(b *testing.B) {
	for _, h := range hostileTexts(1 << 20) {
		benchmarkText(b, h.name, h.base, h.ours, h.theirs)
	}
}

func benchmarkText(b *testing.B, name, base, ours, theirs string) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(base)))
		for b.Loop() {
			Text(base, ours, theirs)
		}
	})
}

type hostileText struct{ name, base, ours, theirs string }

// hostileTexts are of about size bytes each, made to be hard to align.
func hostileTexts(size int) []hostileText {
	r := rand.New(rand.NewPCG(3, 3))
	fill := func(next func(i int) string) string {
		var s strings.Builder
		for i := 0; s.Len() < size; i++ {
			s.WriteString(next(i))
		}
		return s.String()
	}
	three := func(of func(i, side int) string) (texts [3]string) {
		for side := range texts {
			texts[side] = fill(func(i int) string { return of(i, side) })
		}
		return texts
	}
	shuffled := func(sep string) (texts [3]string) {
		all := strings.SplitAfter(fill(func(i int) string { return fmt.Sprint(i) + sep }), sep)
		for side := range texts {
			texts[side] = strings.Join(all, "")
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		}
		return texts
	}
	// Each edit touches one of the other side, in one line.
	var touching [3]string
	touching[0] = fill(func(i int) string { return fmt.Sprintf("%d, ", i) })
	for side := 1; side < 3; side++ {
		words := strings.SplitAfter(touching[0], " ")
		for i := range words {
			switch {
			case i%3 == 1 && side == 1:
				words[i] = ""
			case i%3 == 2 && side == 2:
				words[i] = fmt.Sprintf("x%d, %s", i, words[i])
			}
		}
		touching[side] = strings.Join(words, "")
	}
	named := func(name string, t [3]string) hostileText { return hostileText{name, t[0], t[1], t[2]} }
	return []hostileText{
		named("all lines different", three(func(i, side int) string { return fmt.Sprintf("%d-%d\n", side, i) })),
		named("all words different", three(func(i, side int) string { return fmt.Sprintf("%dx%d ", side, i) })),
		named("two lines at random", three(func(int, int) string { return string(rune('a'+r.IntN(2))) + "\n" })),
		named("two words at random", three(func(int, int) string { return string(rune('a'+r.IntN(2))) + " " })),
		named("ten words at random", three(func(int, int) string { return string(rune('a'+r.IntN(10))) + " " })),
		named("shuffled lines", shuffled("\n")),
		named("shuffled words", shuffled(" ")),
		named("periods", three(func(i, side int) string { return string(rune('a'+i%(side+2))) + "\n" })),
		named("line ends, more and less", [3]string{strings.Repeat("\n", size), strings.Repeat("\n", size/2), strings.Repeat("\n", 2*size)}),
		named("one word", three(func(_, side int) string { return string(rune('a' + side)) })),
		named("spread", three(func(i, side int) string {
			if i%(side+5) == 0 {
				return fmt.Sprintf("%d\n", r.IntN(100))
			}
			return "x\n"
		})),
		named("touching edits", touching),
		named("similar lines", three(func(i, side int) string {
			if i%32 == 31 {
				return fmt.Sprintf("%d\n", i)
			}
			words := slices.Clone(vocabulary[i%7 : i%7+120])
			words[i%120] = fmt.Sprintf("%d-%d", side, i)
			return strings.Join(words, " ") + "\n"
		})),
		named("invalid", three(func(int, int) string { return string([]byte{byte(128 + r.IntN(128))}) })),
		named("thirty lines of many words", three(func(i, _ int) string {
			if i%10000 == 9999 {
				return "\n"
			}
			return vocabulary[r.IntN(len(vocabulary))] + " "
		})),
	}
}

// A merge ends soon, whatever the texts are. The limit leaves room for a busy machine and the race
// detector; benchmarks give the figures, for texts of 1 MiB.
func TestHostileTextsAreMergedInTime(t *testing.T) {
	for _, h := range hostileTexts(1 << 17) {
		started := time.Now()
		_, conflict := Text(h.base, h.ours, h.theirs)
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("%s: %v", h.name, took)
		}
		if strings.HasPrefix(h.name, "all ") && !conflict {
			t.Errorf("%s: both rewrote it, and there is no conflict", h.name)
		}
		started = time.Now()
		checkDiff(t, h.base, h.ours)
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("%s: Diff %v", h.name, took)
		}
	}
}

func checkDiff(t interface {
	Helper()
	Errorf(string, ...any)
}, a, b string) {
	t.Helper()
	var from, to strings.Builder
	last := ""
	for _, h := range Diff(a, b) {
		if h.Text == "" || h.Op == last || h.Op == "delete" && last == "insert" {
			t.Errorf("%q behind %q: %.40q", h.Op, last, h.Text)
		}
		if h.Op != "insert" {
			from.WriteString(h.Text)
		}
		if h.Op != "delete" {
			to.WriteString(h.Text)
		}
		last = h.Op
	}
	if from.String() != a || to.String() != b {
		t.Errorf("Diff(%.60q, %.60q) does not make them", a, b)
	}
}
