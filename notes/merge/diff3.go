package merge

import "slices"

// merger merges two changes of base, by tokens.
type merger struct {
	base         []string
	last         bool // whether the text ends with base
	ours, theirs side
	out          []string
	conflict     bool
}

func (m *merger) merge() {
	m.out = make([]string, 0, max(len(m.ours.text), len(m.theirs.text))+16)
	pos := 0
	for len(m.ours.edits)+len(m.theirs.edits) > 0 {
		c := takeChain(&m.ours, &m.theirs)
		m.out = append(m.out, m.base[pos:c.from]...)
		m.chain(c)
		pos = c.to
	}
	m.out = append(m.out, m.base[pos:]...)
}

// chain merges one chain. If that joins words or lines, whatever is first, it keeps ours for all
// of it.
func (m *merger) chain(c chain) {
	ours, theirs := c.versions(m.base, m.ours, m.theirs)
	switch {
	case len(c.theirs) == 0, slices.Equal(ours, theirs):
		m.out = append(m.out, ours...)
		return
	case len(c.ours) == 0:
		m.out = append(m.out, theirs...)
		return
	}
	conflict := m.conflict
	start := len(m.out)
	for _, theirsFirst := range []bool{false, true} {
		m.conflict = conflict
		if m.inOrder(c, theirsFirst) {
			return
		}
		m.out = m.out[:start]
	}
	m.conflict = true
	m.out = append(m.out, ours...)
}

// inOrder merges a chain. It returns whether words and lines are as somebody wrote them.
func (m *merger) inOrder(c chain, theirsFirst bool) bool {
	parts := m.parts(c)
	merged := make([][]string, len(parts))
	for i, p := range parts {
		merged[i] = m.part(p, theirsFirst)
	}
	m.dropRepeats(parts, merged)
	start := len(m.out)
	var behind []string // what has to be at a line's end
	for i, p := range parts {
		if len(merged[i]) == 0 {
			continue
		}
		if behind != nil && merged[i][0] != lineEnd {
			return false
		}
		behind = nil
		if p.from == p.to {
			switch at := m.place(p.from); {
			case at.lineStart:
				if at.linesBefore(merged[i]) && len(m.out) > 0 && m.out[len(m.out)-1] != lineEnd {
					return false
				}
			case at.lineEnd && slices.Contains(merged[i], lineEnd):
				behind = merged[i]
			}
		}
		m.out = append(m.out, merged[i]...)
	}
	next := m.base[c.to:min(c.to+1, len(m.base))]
	if behind != nil && len(next) > 0 && next[0] != lineEnd {
		return false
	}
	return !joinsWords(append(m.out[max(0, start-1):], next...))
}

// part merges edits which overlap or are insertions at one point.
func (m *merger) part(p chain, theirsFirst bool) []string {
	ours, theirs := p.versions(m.base, m.ours, m.theirs)
	switch {
	case len(p.theirs) == 0, slices.Equal(ours, theirs):
		return ours
	case len(p.ours) == 0:
		return theirs
	case p.from == p.to && theirsFirst:
		return joinInsertions(theirs, ours, m.place(p.from))
	case p.from == p.to:
		return joinInsertions(ours, theirs, m.place(p.from))
	case !slices.ContainsFunc(p.ours, changes) && !slices.ContainsFunc(p.theirs, changes):
		return nil
	}
	m.conflict = true
	return ours
}

func changes(e edit) bool { return !e.deletes() }

// dropRepeats drops an insertion of one side that the other side's replacement beside it has, too:
// at the end of it that is next to the insertion, and maybe in what is unchanged beyond.
func (m *merger) dropRepeats(parts []chain, merged [][]string) {
	for i := range len(parts) - 1 {
		p, q := parts[i], parts[i+1]
		if len(p.ours) > 0 && len(q.ours) > 0 || len(p.theirs) > 0 && len(q.theirs) > 0 || len(merged[i]) == 0 || len(merged[i+1]) == 0 {
			continue
		}
		x, y := merged[i], merged[i+1]
		if q.from == q.to {
			if missing := len(y) - len(x); i == 0 && missing > 0 && missing <= p.from {
				x = slices.Concat(m.base[p.from-missing:p.from], x)
			}
			if hasSuffix(x, y) {
				merged[i+1] = nil
			}
		} else if p.from == p.to {
			if missing := len(x) - len(y); i+2 == len(parts) && missing > 0 && q.to+missing <= len(m.base) {
				y = slices.Concat(y, m.base[q.to:q.to+missing])
			}
			if hasPrefix(y, x) {
				merged[i] = nil
			}
		}
	}
}

// joinsWords tells whether two words of tokens touch, which they do in no text.
func joinsWords(tokens []string) bool {
	for i := 1; i < len(tokens); i++ {
		if isWord(tokens[i-1]) && isWord(tokens[i]) {
			return true
		}
	}
	return false
}

func hasPrefix(s, prefix []string) bool {
	return len(s) >= len(prefix) && slices.Equal(s[:len(prefix)], prefix)
}

func hasSuffix(s, suffix []string) bool {
	return len(s) >= len(suffix) && slices.Equal(s[len(s)-len(suffix):], suffix)
}
