package merge

// slide gives edits the same place whenever there is a choice, as Git does: "x" added to a run of
// "x" is the last one, unless further up it meets an edit of the other text, which makes both one
// replacement. Two sides that add the same then add it at the same point.
func slide(a, b []string, edits []edit) []edit {
	if len(edits) == 0 {
		return nil
	}
	ga := groups{s: a, changed: make([]bool, len(a)+1)}
	gb := groups{s: b, changed: make([]bool, len(b)+1)}
	for _, e := range edits {
		fill(ga.changed[e.a0:e.a1])
		fill(gb.changed[e.b0:e.b1])
	}
	steps := 8 * (len(a) + len(b) + 16)
	compact(ga, gb, &steps)
	compact(gb, ga, &steps)

	edits = edits[:0]
	ga.start, ga.end, gb.start, gb.end = -1, -1, -1, -1
	for ga.next() && gb.next() {
		if ga.start < ga.end || gb.start < gb.end {
			edits = append(edits, edit{ga.start, ga.end, gb.start, gb.end})
		}
	}
	return edits
}

func fill(flags []bool) {
	for i := range flags {
		flags[i] = true
	}
}

// compact slides each group of changed elements of x as far down as possible, or to the last place
// where o is changed, too. It stops where steps are used up.
func compact(x, o groups, steps *int) {
	x.start, x.end, o.start, o.end = -1, -1, -1, -1
	for x.next() && o.next() {
		if x.start == x.end {
			continue
		}
		var first, meets int // ends of the group
		for size := -1; size != x.end-x.start && *steps > 0; {
			size, meets = x.end-x.start, -1
			for x.up(steps) {
				o.previous()
			}
			first = x.end
			for {
				if o.start < o.end {
					meets = x.end
				}
				if !x.down(steps) {
					break
				}
				o.next()
			}
		}
		if x.end != first && meets >= 0 {
			for o.start == o.end {
				*steps = max(*steps, 1) // back to where it was: this ends by itself
				x.up(steps)
				o.previous()
			}
		}
	}
}

// groups walks over the changed parts of s. Between any two unchanged elements is one, maybe
// empty; so two aligned texts have the same number of them.
type groups struct {
	s          []string
	changed    []bool // one more than s, false
	start, end int
}

func (g *groups) next() bool {
	if g.end == len(g.s) {
		return false
	}
	g.start = g.end + 1
	for g.end = g.start; g.changed[g.end]; g.end++ {
	}
	return true
}

func (g *groups) previous() {
	g.end = g.start - 1
	for g.start = g.end; g.start > 0 && g.changed[g.start-1]; g.start-- {
	}
}

// down moves the group behind the element that follows, if that looks the same. It swallows a
// group that it meets.
func (g *groups) down(steps *int) bool {
	if *steps <= 0 || g.end == len(g.s) || g.s[g.start] != g.s[g.end] {
		return false
	}
	*steps--
	g.changed[g.start], g.changed[g.end] = false, true
	g.start++
	for g.end++; g.changed[g.end]; g.end++ {
	}
	return true
}

func (g *groups) up(steps *int) bool {
	if *steps <= 0 || g.start == 0 || g.s[g.start-1] != g.s[g.end-1] {
		return false
	}
	*steps--
	g.start--
	g.end--
	g.changed[g.start], g.changed[g.end] = true, false
	for ; g.start > 0 && g.changed[g.start-1]; g.start-- {
	}
	return true
}
