package merge

import "slices"

// level is what tokens are aligned by: first words, then between those all but white space, and
// between those everything. So words stay where they are, rather than the spaces and commas around
// them.
type level int

const (
	words level = iota
	visible
	everything
)

func (l level) has(token string) bool {
	switch l {
	case words:
		return isWord(token)
	case visible:
		return !isSpace(token)
	}
	return true
}

// align aligns a, which is in the region at at, with b.
func (s *side) align(l level, at int, a, b []string, w *work) {
	if slices.Equal(a, b) {
		s.keep(a)
		return
	}
	switch {
	case l != everything:
	case slices.ContainsFunc(a, visible.has) && slices.ContainsFunc(b, visible.has):
		s.alignEnds(at, a, b)
		return
	default:
		s.alignAll(at, a, b, w)
		return
	}
	nextA, nextB := 0, 0
	for nextA < len(a) && nextB < len(b) && a[nextA] == b[nextB] {
		nextA, nextB = nextA+1, nextB+1
	}
	s.keep(a[:nextA])
	marksA, placesA := marks(l, a, nextA)
	marksB, placesB := marks(l, b, nextB)
	i, j := 0, 0
	for _, e := range append(align(marksA, marksB, w), edit{a0: len(marksA), b0: len(marksB)}) {
		for ; i < e.a0; i, j = i+1, j+1 {
			s.align(l+1, at+nextA, a[nextA:placesA[i]], b[nextB:placesB[j]], w)
			s.keep(marksA[i : i+1])
			nextA, nextB = placesA[i]+1, placesB[j]+1
		}
		i, j = e.a1, e.b1
	}
	s.align(l+1, at+nextA, a[nextA:], b[nextB:], w)
}

// marks lists what a level aligns, and where it is.
func marks(l level, tokens []string, from int) (all []string, places []int) {
	n := 0
	for _, t := range tokens[from:] {
		if l.has(t) {
			n++
		}
	}
	all, places = make([]string, 0, n), make([]int, 0, n)
	for i := from; i < len(tokens); i++ {
		if l.has(tokens[i]) {
			all, places = append(all, tokens[i]), append(places, i)
		}
	}
	return all, places
}

// alignEnds keeps what both have at their ends. Between words of which none is the same, equal
// spaces say nothing: what is typed at one of them would stand in another sentence.
func (s *side) alignEnds(at int, a, b []string) {
	from := 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	end := 0
	for end < min(len(a), len(b))-from && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	s.keep(a[:from])
	s.replace(at+from, at+len(a)-end, b[from:len(b)-end])
	s.keep(a[len(a)-end:])
}

func (s *side) alignAll(at int, a, b []string, w *work) {
	next := 0
	for _, e := range align(a, b, w) {
		s.keep(a[next:e.a0])
		s.replace(at+e.a0, at+e.a1, b[e.b0:e.b1])
		next = e.a1
	}
	s.keep(a[next:])
}
