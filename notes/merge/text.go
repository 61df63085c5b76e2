package merge

import (
	"slices"
	"strings"
)

// Text merges two changes of one base text. ours is what is committed, theirs what was posted.
// Where both changed the same place, the result keeps ours there and conflict is true; the rest
// is merged all the same. The package comment says what the same place is.
//
// It does not fail. If all three are valid UTF-8, so is merged; other bytes are kept as they are.
func Text(base, ours, theirs string) (merged string, conflict bool) {
	switch {
	case ours == theirs, base == theirs:
		return ours, false
	case base == ours:
		return theirs, false
	}
	b := lines(base)
	workO, workT := newWork(), newWork() // each its own: sides may change places
	o, t := side{text: lines(ours)}, side{text: lines(theirs)}
	o.edits, t.edits = align(b, o.text, workO), align(b, t.text, workT)

	var out strings.Builder
	out.Grow(max(len(ours), len(theirs)) + 64)
	pos := 0
	for len(o.edits)+len(t.edits) > 0 {
		c := takeChain(&o, &t)
		write(&out, b[pos:c.from])
		pos = c.to
		mine, other := c.versions(b, o, t)
		switch {
		case len(c.theirs) == 0 || slices.Equal(mine, other):
			write(&out, mine)
		case len(c.ours) == 0:
			write(&out, other)
		default:
			r := newRegion(b[c.from:c.to])
			m := merger{
				base: r.tokens, last: c.to == len(b),
				ours:   r.side(mine, c.from, c.ours, workO),
				theirs: r.side(other, c.from, c.theirs, workT),
			}
			m.merge()
			write(&out, m.out)
			conflict = conflict || m.conflict
		}
	}
	write(&out, b[pos:])
	return out.String(), conflict
}

func write(out *strings.Builder, parts []string) {
	for _, p := range parts {
		out.WriteString(p)
	}
}
