package merge

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// JSON merges two changes of one base JSON value, recursively by object members. ours is what is
// committed, theirs what was posted. Arrays and scalars are atomic: where both sides changed one
// differently, theirs, the later, wins and its path is reported. Where one side deleted a member
// that the other one changed, the changed value stays and its path is reported. A member that both
// sides added is merged as if the base had it empty.
//
// Values are compared by meaning: the order of members, escapes in strings and the spelling of
// numbers (1.0, 1) are no change. What is taken keeps its spelling. The result is compact; members
// keep the order of ours, and those that only theirs has follow in its order. conflicts are JSON
// Pointers (RFC 6901), sorted; nil if there are none. Those beyond [maxPointers] bytes are
// together one, "": the whole value.
//
// nil or empty stands for null. Of two members of one name the last counts. Objects nested deeper
// than [maxDepth] are atomic. It does not fail: what is not valid JSON is atomic, too.
func JSON(base, ours, theirs json.RawMessage) (merged json.RawMessage, conflicts []string) {
	all := meanings{}
	m := jsonMerger{}
	m.value(nil, all.parse(base), all.parse(ours), all.parse(theirs))
	slices.Sort(m.conflicts)
	return m.out.Bytes(), slices.Compact(m.conflicts)
}

// maxPointers bounds the bytes of all reported paths: a long name may be part of many.
const maxPointers = 64 << 10

type jsonMerger struct {
	out       bytes.Buffer
	conflicts []string
	pointers  int // bytes of conflicts
}

// value writes the merge of three values; nil is an absent one, and never the result: see member.
func (m *jsonMerger) value(path []string, base, ours, theirs *value) {
	if v, ok := choose(base, ours, theirs); ok {
		m.out.Write(v.raw)
		return
	}
	switch {
	case ours == nil:
		m.report(path)
		m.out.Write(theirs.raw)
	case theirs == nil:
		m.report(path)
		m.out.Write(ours.raw)
	case ours.object && theirs.object:
		m.object(path, base, ours, theirs)
	default:
		m.report(path)
		m.out.Write(theirs.raw)
	}
}

// choose returns what is left without a conflict if at most one side changed base, or both did so
// alike.
func choose(base, ours, theirs *value) (v *value, ok bool) {
	switch {
	case equal(ours, theirs), equal(base, theirs):
		return ours, true
	case equal(base, ours):
		return theirs, true
	}
	return nil, false
}

func (m *jsonMerger) object(path []string, base, ours, theirs *value) {
	m.out.WriteByte('{')
	first := true
	member := func(name string, in *value) {
		b, o, t := base.member(name), ours.member(name), theirs.member(name)
		if v, ok := choose(b, o, t); ok && v == nil {
			return // deleted
		}
		if !first {
			m.out.WriteByte(',')
		}
		first = false
		m.out.WriteString(in.spelling[name])
		m.out.WriteByte(':')
		m.value(append(path, name), b, o, t)
	}
	for _, name := range ours.names {
		member(name, ours)
	}
	for _, name := range theirs.names {
		if ours.member(name) == nil {
			member(name, theirs)
		}
	}
	m.out.WriteByte('}')
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (m *jsonMerger) report(path []string) {
	var pointer strings.Builder
	for _, name := range path {
		m.pointers += len(name) + 1
		if m.pointers > maxPointers {
			pointer.Reset()
			break
		}
		pointer.WriteByte('/')
		pointer.WriteString(pointerEscapes.Replace(name))
	}
	m.conflicts = append(m.conflicts, pointer.String())
}
