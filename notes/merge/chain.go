package merge

// side is one change of a base: by lines or by tokens.
type side struct {
	text  []string
	edits []edit
}

// keep appends what is unchanged.
func (s *side) keep(unchanged []string) { s.text = append(s.text, unchanged...) }

// replace appends an edit of the base from a0 to a1. Neighbouring insertions are one, and so are
// neighbouring deletions; others stay apart, because the other side may agree with one of them.
func (s *side) replace(a0, a1 int, with []string) {
	if a0 == a1 && len(with) == 0 {
		return
	}
	e := edit{a0, a1, len(s.text), len(s.text) + len(with)}
	s.text = append(s.text, with...)
	if n := len(s.edits) - 1; n >= 0 {
		last := &s.edits[n]
		if last.a1 == a0 && last.b1 == e.b0 && (last.inserts() && e.inserts() || last.deletes() && e.deletes()) {
			last.a1, last.b1 = e.a1, e.b1
			return
		}
	}
	s.edits = append(s.edits, e)
}

func (e edit) inserts() bool { return e.a0 == e.a1 }
func (e edit) deletes() bool { return e.b0 == e.b1 }

// version is what s has for the part of base that edits are in.
func (s side) version(base []string, from, to int, edits []edit) []string {
	if len(edits) == 0 {
		return base[from:to]
	}
	first, last := edits[0], edits[len(edits)-1]
	return s.text[first.b0-(first.a0-from) : last.b1+(to-last.a1)]
}

// chain is a part of the base in which each edit touches the next one, whoever made it.
type chain struct {
	from, to     int
	ours, theirs []edit
}

// takeChain takes the first chain from the edits of two sides, which have at least one.
func takeChain(o, t *side) chain {
	var c chain
	switch {
	case len(t.edits) == 0:
		c.from = o.edits[0].a0
	case len(o.edits) == 0:
		c.from = t.edits[0].a0
	default:
		c.from = min(o.edits[0].a0, t.edits[0].a0)
	}
	c.to = c.from
	no, nt := 0, 0
	for {
		switch {
		case no < len(o.edits) && o.edits[no].a0 <= c.to:
			c.to = max(c.to, o.edits[no].a1)
			no++
		case nt < len(t.edits) && t.edits[nt].a0 <= c.to:
			c.to = max(c.to, t.edits[nt].a1)
			nt++
		default:
			c.ours, c.theirs = o.edits[:no], t.edits[:nt]
			o.edits, t.edits = o.edits[no:], t.edits[nt:]
			return c
		}
	}
}

func (c chain) versions(base []string, o, t side) (ours, theirs []string) {
	return o.version(base, c.from, c.to, c.ours), t.version(base, c.from, c.to, c.theirs)
}

// before orders edits by place; an insertion is before what starts there.
func before(x, y edit) bool { return x.a0 < y.a0 || x.a0 == y.a0 && x.a1 < y.a1 }

func (c chain) overlaps(e edit) bool {
	return e.a0 < c.to || c.from == c.to && e.inserts() && e.a0 == c.to
}
