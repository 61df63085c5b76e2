package merge

// maxRounds bounds the edits that middle looks for from either corner: so many use up maxSteps.
const maxRounds = 3 << 10

// unreached is beyond any position.
const unreached = 1 << 30

// diagonals allocates what middle needs.
func (m *matcher) diagonals() {
	m.reach = min(maxRounds, len(m.a.ids)+len(m.b.ids)) + 2
	m.forward = make([]int, 2*m.reach+1)
	m.backward = make([]int, 2*m.reach+1)
}

// middle finds a point on a shortest path through a box, searching from both corners until the
// searches meet (E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986, section 4b).
// It returns false if the steps are used up. Neither side is empty, and they differ at both ends.
func (m *matcher) middle(a0, a1, b0, b1 int) (a, b int, ok bool) {
	low, high := a0-b1, a1-b0 // diagonals are a-b
	first, last := a0-b0, a1-b1
	f := search{v: m.forward, offset: m.reach - first, min: first, max: first}
	g := search{v: m.backward, offset: m.reach - last, min: last, max: last}
	f.set(first, a0)
	g.set(last, a1)
	odd := (first-last)&1 != 0
	for round := 1; ; round++ {
		if m.steps -= f.max - f.min + g.max - g.min + 4; m.steps < 0 || round > maxRounds {
			m.steps, m.reserve = m.reserve, 0
			return 0, 0, false
		}
		f.widen(low, high, -unreached)
		for d := f.max; d >= f.min; d -= 2 {
			x := max(f.at(d-1)+1, f.at(d+1))
			from := x
			for x < a1 && x-d < b1 && m.a.ids[x] == m.b.ids[x-d] {
				x++
			}
			m.steps -= (x - from) >> 2
			f.set(d, x)
			if odd && g.min <= d && d <= g.max && g.at(d) <= x {
				return x, x - d, true
			}
		}
		g.widen(low, high, unreached)
		for d := g.max; d >= g.min; d -= 2 {
			x := min(g.at(d-1), g.at(d+1)-1)
			from := x
			for x > a0 && x-d > b0 && m.a.ids[x-1] == m.b.ids[x-d-1] {
				x--
			}
			m.steps -= (from - x) >> 2
			g.set(d, x)
			if !odd && f.min <= d && d <= f.max && x <= f.at(d) {
				return x, x - d, true
			}
		}
	}
}

// search is how far the paths from one corner come on each diagonal from min to max.
type search struct {
	v                []int
	offset, min, max int
}

func (s *search) at(d int) int { return s.v[d+s.offset] }
func (s *search) set(d, x int) { s.v[d+s.offset] = x }

// widen lets the paths be one edit longer, on diagonals from low to high.
func (s *search) widen(low, high, nowhere int) {
	if s.min > low {
		s.min--
		s.set(s.min-1, nowhere)
	} else {
		s.min++
	}
	if s.max < high {
		s.max++
		s.set(s.max+1, nowhere)
	} else {
		s.max--
	}
}
