package merge

// maxSteps bounds the alignments of one side: steps of Myers' algorithm, a few nanoseconds each.
// They grow with the square of the number of edits, not counting what is in one text alone: some
// 3,000 deletions, moves and repeats are found.
const maxSteps = 1 << 23

// edit says that a[a0:a1] became b[b0:b1].
type edit struct{ a0, a1, b0, b1 int }

// work counts down the steps that are left for all alignments of one side. The reserve is for
// what is between unique elements, once the steps are used up.
type work struct {
	steps, reserve int
}

func newWork() *work { return &work{steps: maxSteps, reserve: maxSteps} }

// align returns the edits from a to b, in order, with something unchanged between any two.
func align(a, b []string, w *work) []edit {
	start, endA, endB := trim(a, b)
	if start == endA && start == endB {
		return nil
	}
	if start == endA || start == endB {
		return slide(a, b, []edit{{start, endA, start, endB}})
	}
	m := matcher{work: w, a: newCommon(endA - start), b: newCommon(endB - start)}
	m.intern(a[start:endA], b[start:endB])
	m.diagonals()
	m.box(0, len(m.a.ids), 0, len(m.b.ids), 0)

	edits := make([]edit, 0, 8)
	nextA, nextB := start, start
	for _, r := range append(m.runs, run{len(m.a.ids), len(m.b.ids), 1}) {
		for i := range r.n {
			atA, atB := endA, endB
			if r.a+i < len(m.a.ids) {
				atA, atB = start+int(m.a.at[r.a+i]), start+int(m.b.at[r.b+i])
			}
			if atA > nextA || atB > nextB {
				edits = append(edits, edit{nextA, atA, nextB, atB})
			}
			nextA, nextB = atA+1, atB+1
		}
	}
	return slide(a, b, edits)
}

// trim finds what a and b have in common at their beginnings and ends.
func trim(a, b []string) (start, endA, endB int) {
	endA, endB = len(a), len(b)
	for start < endA && start < endB && a[start] == b[start] {
		start++
	}
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	return start, endA, endB
}

// common is the part of a sequence that is in the other one, too: only that can match.
type common struct {
	ids []int32
	at  []int32 // where it was
}

func newCommon(n int) common { return common{make([]int32, 0, n), make([]int32, 0, n)} }

// run is a match: a[a:a+n] is b[b:b+n].
type run struct{ a, b, n int }

// matcher aligns two sequences in linear space.
type matcher struct {
	*work
	a, b              common
	forward, backward []int        // the furthest position per diagonal
	reach             int          // how far these go from where they start
	kinds             int          // of elements
	seen              []occurrence // per kind; zero between uses
	runs              []run
}

// intern numbers what is in both sequences.
func (m *matcher) intern(a, b []string) {
	ids := make(map[string]int32, min(len(a), 1<<16))
	idsA := make([]int32, len(a))
	for i, s := range a {
		id, ok := ids[s]
		if !ok {
			id = int32(len(ids))
			ids[s] = id
		}
		idsA[i] = id
	}
	m.kinds = len(ids)
	inB := make([]bool, len(ids))
	for i, s := range b {
		if id, ok := ids[s]; ok {
			inB[id] = true
			m.b.ids, m.b.at = append(m.b.ids, id), append(m.b.at, int32(i))
		}
	}
	for i, id := range idsA {
		if inB[id] {
			m.a.ids, m.a.at = append(m.a.ids, id), append(m.a.at, int32(i))
		}
	}
}

func (m *matcher) match(a, b, n int) {
	if n > 0 {
		m.runs = append(m.runs, run{a, b, n})
	}
}

// box aligns a[a0:a1] with b[b0:b1]. depth counts how often it was cut at unique elements.
func (m *matcher) box(a0, a1, b0, b1, depth int) {
	n := 0
	for a0+n < a1 && b0+n < b1 && m.a.ids[a0+n] == m.b.ids[b0+n] {
		n++
	}
	m.match(a0, b0, n)
	a0, b0, n = a0+n, b0+n, 0
	for a0 < a1-n && b0 < b1-n && m.a.ids[a1-n-1] == m.b.ids[b1-n-1] {
		n++
	}
	a1, b1 = a1-n, b1-n
	if a0 < a1 && b0 < b1 {
		if a, b, ok := m.middle(a0, a1, b0, b1); ok {
			m.box(a0, a, b0, b, depth)
			m.box(a, a1, b, b1, depth)
		} else if depth < maxCuts {
			m.cut(a0, a1, b0, b1, depth+1)
		}
	}
	m.match(a1, b1, n)
}
