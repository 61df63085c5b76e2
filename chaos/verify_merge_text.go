package chaos

import (
	"fmt"
	"slices"
	"strings"
)

// words checks that no word is lost, and none comes back, or from nowhere.
func (c *merging) words() {
	base, posted, head, result := count(c.base.content), count(c.posted.content), count(c.head.content), count(c.result.content)
	named := c.conflict("content")
	for _, word := range sorted(union(base, posted, head, result)) {
		b, p, h, r := base[word] > 0, posted[word] > 0, head[word] > 0, result[word] > 0
		switch {
		case !b && h && !r:
			c.wrong(fmt.Sprintf("a merge loses what was committed: %s", word))
		case !b && p && !r && !named:
			c.wrong(fmt.Sprintf("a merge loses what was posted, and names no conflict: %s", word))
		case b && p && h && !r:
			c.wrong(fmt.Sprintf("a merge loses what neither side had touched: %s", word))
		case b && !h && r:
			c.wrong(fmt.Sprintf("a merge brings back what the head had no more: %s", word))
		case b && h && !p && r && !named:
			c.wrong(fmt.Sprintf("a merge keeps what the posted text took out, and names no conflict: %s", word))
		case !p && !h && r:
			c.wrong(fmt.Sprintf("a merge has what neither side has: %s", word))
		case result[word] > max(posted[word], head[word]):
			c.wrong(fmt.Sprintf("a merge doubles %s", word))
		default:
			continue
		}
		return // one is enough: the others mostly follow
	}
}

// lines checks that lines that only one side put in, and those that neither touched, stay whole. To
// the former, where they took the place of others, what the other side typed at the edges of those
// may have been added.
func (c *merging) lines() {
	base, posted, head, result := split(c.base.content), split(c.posted.content), split(c.head.content), split(c.result.content)
	old := count(c.base.content)
	fresh := func(line string) bool {
		return !slices.ContainsFunc(strings.Fields(line), func(word string) bool { return old[word] > 0 })
	}
	named := c.conflict("content")
	within := func(line string) bool { return holds(result, line) }
	for _, line := range sorted(union(base, posted, head)) {
		b, p, h := base[line] > 0, posted[line] > 0, head[line] > 0
		if result[line] > 0 || strings.TrimSpace(line) == "" {
			continue
		}
		switch {
		case b && p && h:
			c.wrong(fmt.Sprintf("a merge breaks a line that neither side had touched: %q", line))
		case h && !b && fresh(line) && !within(line):
			c.wrong(fmt.Sprintf("a merge breaks a line that was committed: %q", line))
		case p && !b && fresh(line) && !named && !within(line):
			c.wrong(fmt.Sprintf("a merge breaks a line that was posted, and names no conflict: %q", line))
		default:
			continue
		}
		return
	}
}

// holds reports whether one of the lines has all of another's words, together.
func holds(lines map[string]int, line string) bool {
	spaced := func(line string) string { return " " + strings.Join(strings.Fields(line), " ") + " " }
	for other := range lines {
		if strings.Contains(spaced(other), spaced(line)) {
			return true
		}
	}
	return false
}

func count(content string) map[string]int {
	words := map[string]int{}
	for _, word := range strings.Fields(content) {
		words[word]++
	}
	return words
}

func split(content string) map[string]int {
	lines := map[string]int{}
	for line := range strings.SplitSeq(content, "\n") {
		lines[line]++
	}
	return lines
}

func union(sets ...map[string]int) map[string]bool {
	all := map[string]bool{}
	for _, set := range sets {
		for key := range set {
			all[key] = true
		}
	}
	return all
}
