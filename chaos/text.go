package chaos

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Texts of a run are lines of words, and no word is written twice: it names its writer and the
// mutation. So whatever becomes of a text, every word of it tells where it is from.

const (
	manyLines = 40 // of a text that is made shorter
	fewLines  = 12
	someWords = 6 // of a line, at most
)

// pen writes new words for one mutation.
type pen struct {
	rand *rand.Rand
	mark string // of the mutation
	n    int
}

func (p *pen) word() string {
	p.n++
	return fmt.Sprintf("%s_%d", p.mark, p.n)
}

func (p *pen) line() string {
	words := make([]string, 1+p.rand.IntN(someWords))
	for i := range words {
		words[i] = p.word()
	}
	return strings.Join(words, " ")
}

// text is mostly some lines, now and then pages.
func (p *pen) text() string {
	n := 2 + p.rand.IntN(8)
	switch p.rand.IntN(40) {
	case 0:
		n = 600
	case 1:
		n = 100
	}
	lines := make([]string, n)
	for i := range lines {
		lines[i] = p.line()
	}
	text := strings.Join(lines, "\n")
	if p.rand.IntN(3) > 0 {
		text += "\n"
	}
	return text
}

// revise returns the text after a few changes: lines and words put in, put in the place of others,
// and taken out.
func (p *pen) revise(text string) string {
	lines := strings.Split(text, "\n")
	if len(lines) > manyLines {
		at := p.rand.IntN(fewLines)
		lines = append(lines[:at:at], lines[len(lines)-(fewLines-at):]...)
	}
	for range 1 + p.rand.IntN(3) {
		lines = p.change(lines)
	}
	if after := strings.Join(lines, "\n"); after != text {
		return after
	}
	return strings.Join(append(lines, p.line()), "\n")
}

func (p *pen) change(lines []string) []string {
	at := p.rand.IntN(len(lines))
	words := strings.Fields(lines[at])
	word := p.rand.IntN(max(1, len(words)))
	if len(words) == 0 { // an empty line; the last, it may be
		return append(lines[:at:at], append([]string{p.line()}, lines[at:]...)...)
	}
	switch p.rand.IntN(10) {
	case 0, 1, 2, 3:
		return append(lines[:at:at], append([]string{p.line()}, lines[at:]...)...)
	case 4:
		if len(lines) > 1 {
			return append(lines[:at:at], lines[at+1:]...)
		}
		lines[at] = ""
	case 5:
		lines[at] = p.line()
	case 6:
		lines[at] = strings.Join(append(words[:word:word], words[word+1:]...), " ")
	case 7:
		words[word] = p.word()
		lines[at] = strings.Join(words, " ")
	default:
		lines[at] = strings.Join(append(words[:word:word], append([]string{p.word()}, words[word:]...)...), " ")
	}
	return lines
}
