package merge

import (
	"slices"
	"strings"
)

// place says what is around an insertion.
type place struct {
	lineStart, lineEnd, textEnd bool
}

func (m *merger) place(at int) place {
	p := place{
		lineStart: at == 0 || m.base[at-1] == lineEnd,
		lineEnd:   at < len(m.base) && m.base[at] == lineEnd,
	}
	p.textEnd = m.last && at == len(m.base)
	p.lineEnd = p.lineEnd || p.textEnd
	return p
}

// joinInsertions joins what both sides, differently, inserted at one point.
func joinInsertions(ours, theirs []string, p place) []string {
	switch {
	case hasPrefix(theirs, ours), hasSuffix(theirs, ours):
		return theirs
	case hasPrefix(ours, theirs), hasSuffix(ours, theirs):
		return ours
	}
	if p.lineStart {
		switch o, t := p.linesBefore(ours), p.linesBefore(theirs); {
		case o && t:
			return tokens(joinLines(concat(ours), concat(theirs)))
		case t:
			return slices.Concat(theirs, ours) // or ours would be typed at another line
		}
	} else if p.lineEnd {
		switch o, t := ours[0] == lineEnd, theirs[0] == lineEnd; {
		case o && t:
			if p.textEnd {
				return tokens(lineEnd + joinLines(concat(ours)[1:], concat(theirs)[1:]))
			}
			return slices.Concat(ours, theirs)
		case o:
			return slices.Concat(theirs, ours)
		}
	}
	return slices.Concat(ours, theirs)
}

// linesBefore tells whether tokens, inserted at the start of a line, are whole lines.
func (p place) linesBefore(tokens []string) bool {
	return p.textEnd || tokens[len(tokens)-1] == lineEnd
}

// joinLines appends to the lines of ours those of theirs that ours does not have. Each line of
// ours stands for one of theirs.
func joinLines(ours, theirs string) string {
	have := map[string]int{}
	for _, l := range contents(ours) {
		have[l]++
	}
	all, kept := contents(ours), false
	for _, l := range contents(theirs) {
		if have[l] > 0 && hasWord(l) {
			have[l]--
			continue
		}
		all, kept = append(all, l), true
	}
	if !kept {
		return ours
	}
	joined := strings.Join(all, lineEnd)
	if strings.HasSuffix(theirs, lineEnd) {
		joined += lineEnd
	}
	return joined
}

// contents cuts s into lines without their ends.
func contents(s string) []string { return strings.Split(strings.TrimSuffix(s, lineEnd), lineEnd) }

func concat(tokens []string) string { return strings.Join(tokens, "") }
