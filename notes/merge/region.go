package merge

import (
	"slices"
	"strings"
)

// region is a part of the base's lines, by tokens.
type region struct {
	lines  []string
	tokens []string
	start  []int // of each line in tokens, and the end
}

func newRegion(lines []string) *region {
	r := &region{lines: lines}
	for _, l := range lines {
		r.start = append(r.start, len(r.tokens))
		r.tokens = append(r.tokens, tokens(l)...)
	}
	r.start = append(r.start, len(r.tokens))
	return r
}

// side cuts edits of lines into edits of tokens: of the region, which starts at line from of the
// base, to its version.
func (r *region) side(version []string, from int, edits []edit, w *work) side {
	s := side{text: make([]string, 0, len(r.tokens)+len(r.tokens)/8+16)}
	shift, line := edits[0].b0-(edits[0].a0-from), 0
	for _, e := range edits {
		e = edit{e.a0 - from, e.a1 - from, e.b0 - shift, e.b1 - shift}
		s.keep(r.tokens[r.start[line]:r.start[e.a0]])
		s.change(r, e, version[e.b0:e.b1], w)
		line = e.a1
	}
	s.keep(r.tokens[r.start[line]:])
	return s
}

// change cuts an edit of lines of r.
func (s *side) change(r *region, e edit, lines []string, w *work) {
	pairs, ok := pairLines(r.lines[e.a0:e.a1], lines)
	if !ok {
		s.take(r.whole(e, lines, w))
		return
	}
	for from := 0; ; {
		to := from
		for to < len(pairs) && (to == from || pairs[to-1].a+1 < pairs[to].a || pairs[to-1].b+1 < pairs[to].b) {
			to++
		}
		part := edit{e.a0, e.a1, 0, len(lines)} // lines of these pairs, and those around them that have none
		if from > 0 {
			part.a0, part.b0 = e.a0+pairs[from].a, pairs[from].b
		}
		if to < len(pairs) {
			part.a1, part.b1 = e.a0+pairs[to].a, pairs[to].b
		}
		s.take(r.best(part, lines[part.b0:part.b1], pairs[from:to], pair{part.a0 - e.a0, part.b0}, w))
		if from = to; from >= len(pairs) {
			return
		}
	}
}

// best aligns by pairs of lines, unless aligning all of them finds words again which pairs have
// lost, as where a line was cut in two.
func (r *region) best(e edit, lines []string, pairs []pair, first pair, w *work) *side {
	byPairs := r.paired(e, lines, pairs, first, w)
	if e.a1-e.a0 == 1 && len(lines) == 1 || r.lost(byPairs) == 0 {
		return byPairs
	}
	if whole := r.whole(e, lines, w); r.lost(whole) < r.lost(byPairs) {
		return whole
	}
	return byPairs
}

// whole aligns the lines of an edit as one.
func (r *region) whole(e edit, lines []string, w *work) *side {
	s := &side{}
	s.align(words, r.start[e.a0], r.tokens[r.start[e.a0]:r.start[e.a1]], tokens(strings.Join(lines, "")), w)
	return s
}

// take appends another part of the region.
func (s *side) take(part *side) {
	shift := len(s.text)
	s.keep(part.text)
	for _, e := range part.edits {
		s.edits = append(s.edits, edit{e.a0, e.a1, shift + e.b0, shift + e.b1})
	}
}

// lost counts the words that edits replace or delete.
func (r *region) lost(s *side) (words int) {
	for _, e := range s.edits {
		words += countWords(r.tokens[e.a0:e.a1])
	}
	return words
}

func countWords(tokens []string) (n int) {
	for _, t := range tokens {
		if isWord(t) {
			n++
		}
	}
	return n
}

// paired aligns each pair of lines by itself. Others are deleted, or inserted. Pairs count from
// before the first line of e.
func (r *region) paired(e edit, lines []string, pairs []pair, first pair, w *work) *side {
	s := &side{}
	i, j := 0, 0
	for k := range len(pairs) + 1 {
		p := pair{e.a1 - e.a0, len(lines)}
		if k < len(pairs) {
			p = pair{pairs[k].a - first.a, pairs[k].b - first.b}
		}
		at := r.start[e.a0+p.a]
		s.replace(r.start[e.a0+i], at, nil)
		for _, l := range lines[j:p.b] {
			s.replace(at, at, tokens(l))
		}
		if k == len(pairs) {
			break
		}
		a, endA := cutEnd(r.tokens[at:r.start[e.a0+p.a+1]])
		b, endB := cutEnd(tokens(lines[p.b]))
		s.align(words, at, a, b, w)
		if slices.Equal(endA, endB) {
			s.keep(endA)
		} else {
			s.replace(at+len(a), at+len(a)+len(endA), endB)
		}
		i, j = p.a+1, p.b+1
	}
	return s
}

// cutEnd cuts the end off a line.
func cutEnd(line []string) (content, end []string) {
	if n := len(line) - 1; n >= 0 && line[n] == lineEnd {
		return line[:n], line[n:]
	}
	return line, nil
}
