package merge

import "slices"

// maxCuts bounds how often a box is cut at elements that are unique in ever smaller parts of it.
const maxCuts = 4

// cut aligns a box by the elements that occur once on either side, as far as they are in the same
// order (Bram Cohen's patience diff), and what is between them as a box of its own.
func (m *matcher) cut(a0, a1, b0, b1, depth int) {
	for _, anchor := range increasing(m.unique(a0, a1, b0, b1)) {
		a, b := int(anchor.a), int(anchor.b)
		m.box(a0, a, b0, b, depth)
		m.match(a, b, 1)
		a0, b0 = a+1, b+1
		if a0 == a1 || b0 == b1 {
			return
		}
	}
}

// anchor is an element that a box has once on either side.
type anchor struct{ a, b int32 }

// unique lists the anchors of a box as a has them.
func (m *matcher) unique(a0, a1, b0, b1 int) []anchor {
	if m.seen == nil {
		m.seen = make([]occurrence, m.kinds)
	}
	for i, id := range m.a.ids[a0:a1] {
		m.seen[id].inA++
		m.seen[id].at.a = int32(a0 + i)
	}
	for i, id := range m.b.ids[b0:b1] {
		m.seen[id].inB++
		m.seen[id].at.b = int32(b0 + i)
	}
	var anchors []anchor
	for _, id := range m.a.ids[a0:a1] {
		if s := m.seen[id]; s.inA == 1 && s.inB == 1 {
			anchors = append(anchors, s.at)
		}
	}
	for _, ids := range [][]int32{m.a.ids[a0:a1], m.b.ids[b0:b1]} {
		for _, id := range ids {
			m.seen[id] = occurrence{}
		}
	}
	return anchors
}

// occurrence counts an element in a box, and says where it is if that is once.
type occurrence struct {
	inA, inB int32
	at       anchor
}

// increasing returns a longest part of anchors whose places in b increase, too.
func increasing(anchors []anchor) []anchor {
	var ends []int // the last of the best part of each length
	before := make([]int, len(anchors))
	for i, x := range anchors {
		n, _ := slices.BinarySearchFunc(ends, x.b, func(end int, b int32) int { return int(anchors[end].b) - int(b) })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	best := make([]anchor, len(ends))
	if len(ends) > 0 {
		for i, n := ends[len(ends)-1], len(ends)-1; i >= 0; i, n = before[i], n-1 {
			best[n] = anchors[i]
		}
	}
	return best
}
