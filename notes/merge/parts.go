package merge

// parts cuts a chain where edits touch but do not overlap. Insertions at one point are one part,
// and so are what one side deleted and what the other one typed into it.
func (m *merger) parts(c chain) []chain {
	var all []chain
	ours, theirs := c.ours, c.theirs
	for len(ours)+len(theirs) > 0 {
		mine := len(theirs) == 0 || len(ours) > 0 && !before(theirs[0], ours[0])
		if n := len(all); mine && n > 0 && len(theirs) > 0 && !before(ours[0], theirs[0]) {
			mine = !m.typedInto(all[n-1], theirs[0], false) // that one belongs to what is before it
		}
		from := &theirs
		if mine {
			from = &ours
		}
		e := (*from)[0]
		*from = (*from)[1:]
		if n := len(all); n == 0 || !all[n-1].overlaps(e) && !m.typedInto(all[n-1], e, mine) {
			all = append(all, chain{from: e.a0, to: e.a1})
		}
		p := &all[len(all)-1]
		p.to = max(p.to, e.a1)
		if mine {
			p.ours = append(p.ours, e)
		} else {
			p.theirs = append(p.theirs, e)
		}
	}
	return all
}

// typedInto tells whether one of two neighbours deletes a line to which the other one, of the
// other side, adds something.
func (m *merger) typedInto(p chain, e edit, mine bool) bool {
	others := p.theirs
	if !mine {
		others = p.ours
	}
	if len(others) == 0 {
		return false
	}
	last := others[len(others)-1]
	switch {
	case last.inserts() && e.deletes():
		return m.deletesLine(e, last.a0, m.inserted(last, !mine))
	case last.deletes() && e.inserts():
		return m.deletesLine(last, e.a0, m.inserted(e, mine))
	}
	return false
}

func (m *merger) inserted(e edit, mine bool) []string {
	if mine {
		return m.ours.text[e.b0:e.b1]
	}
	return m.theirs.text[e.b0:e.b1]
}

// deletesLine tells whether a deletion covers the line to which tokens are added at at. Whole
// lines are added to none.
func (m *merger) deletesLine(deletion edit, at int, tokens []string) bool {
	switch p := m.place(at); {
	case p.lineStart && tokens[len(tokens)-1] == lineEnd, !p.lineStart && tokens[0] == lineEnd:
		return false
	case p.lineStart && p.textEnd:
		return false
	}
	from, to := at, at
	for from > deletion.a0 && m.base[from-1] != lineEnd {
		from--
	}
	for to < deletion.a1 && m.base[to] != lineEnd {
		to++
	}
	if from > 0 && m.base[from-1] != lineEnd || to < len(m.base) && m.base[to] != lineEnd {
		return false
	}
	return from < to || to < deletion.a1 // an empty line is its end
}
