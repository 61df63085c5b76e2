package merge

import "strings"

// Hunk is a part of a difference between two texts.
type Hunk struct {
	Op   string // "equal", "insert" or "delete"
	Text string // not empty
}

// Diff returns the edits from a to b for display: a line pass, then tokens inside changed lines.
// The texts of "equal" and "delete" make a, those of "equal" and "insert" make b. Neighbours
// differ in Op; of a replacement, the deletion comes first. Equal texts are one hunk, or none if
// empty.
func Diff(a, b string) []Hunk {
	old := lines(a)
	new := side{text: lines(b)}
	w := newWork()
	new.edits = align(old, new.text, w)
	var hunks hunks
	line := 0
	for _, e := range new.edits {
		hunks.add("equal", old[line:e.a0])
		r := newRegion(old[e.a0:e.a1])
		s := r.side(new.text[e.b0:e.b1], e.a0, []edit{e}, w)
		at := 0
		for _, t := range s.edits {
			hunks.add("equal", r.tokens[at:t.a0])
			hunks.add("delete", r.tokens[t.a0:t.a1])
			hunks.add("insert", s.text[t.b0:t.b1])
			at = t.a1
		}
		hunks.add("equal", r.tokens[at:])
		line = e.a1
	}
	hunks.add("equal", old[line:])
	return hunks.all()
}

// hunks collects texts by Op. Between two equal ones, deletions come before insertions.
type hunks struct {
	done                   []Hunk
	equal, delete, inserts strings.Builder
}

func (h *hunks) add(op string, parts []string) {
	if len(parts) == 0 {
		return
	}
	into := &h.equal
	switch op {
	case "equal":
		h.flushEdits()
	case "delete":
		into = &h.delete
	case "insert":
		into = &h.inserts
	}
	if op != "equal" {
		flush(&h.done, "equal", &h.equal)
	}
	write(into, parts)
}

func (h *hunks) flushEdits() {
	flush(&h.done, "delete", &h.delete)
	flush(&h.done, "insert", &h.inserts)
}

func flush(done *[]Hunk, op string, text *strings.Builder) {
	if text.Len() > 0 {
		*done = append(*done, Hunk{op, text.String()})
		text.Reset()
	}
}

func (h *hunks) all() []Hunk {
	h.flushEdits()
	flush(&h.done, "equal", &h.equal)
	return h.done
}
