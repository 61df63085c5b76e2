package notes

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// ValueDiff is a value in a blob that changed, came or went: where it is, as a JSON Pointer
// (RFC 6901), and what it was and is, as posted; nil where there is none.
type ValueDiff struct {
	Path          string
	Before, After json.RawMessage
}

// longestPaths bounds the paths of a diff, in bytes with those around each. A blob that changed in
// more places is one change of the whole.
const (
	longestPaths = 64 << 10
	aroundPath   = 32
)

// diffJSON returns what changed between two compact JSON values. Objects are compared by name, in
// whatever order. Of arrays of one length, elements are compared by place. Of others what is common
// at the beginning and the end is left out, and what is between them compared by place; what is
// over came or went: its path counts in the array that it is in. Nil is null.
func diffJSON(before, after json.RawMessage) []ValueDiff {
	a, errA := parseValue(before)
	b, errB := parseValue(after)
	d := valueDiffer{room: longestPaths}
	if errA != nil || errB != nil || !d.compare(a, b) { // only what is JSON was ever accepted
		return []ValueDiff{{"", orNull(before), orNull(after)}}
	}
	return d.changes
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// value is JSON with the places of its parts.
type value struct {
	raw     json.RawMessage
	members map[string]*value // of an object
	items   []*value          // of an array
}

func parseValue(raw json.RawMessage) (*value, error) {
	raw = orNull(raw)
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // or large ones are refused
	p := valueParser{raw, d}
	return p.value()
}

type valueParser struct {
	raw []byte
	*json.Decoder
}

func (p *valueParser) value() (*value, error) {
	start := p.InputOffset()
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	for strings.IndexByte(", :\t\r\n", p.raw[start]) >= 0 { // what separates it from the one before
		start++
	}
	v := &value{}
	switch token {
	case json.Delim('{'):
		v.members = map[string]*value{}
		for p.More() {
			name, err := p.Token()
			if err != nil {
				return nil, err
			}
			if v.members[name.(string)], err = p.value(); err != nil {
				return nil, err
			}
		}
	case json.Delim('['):
		v.items = []*value{}
		for p.More() {
			item, err := p.value()
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, item)
		}
	default:
		v.raw = p.raw[start:p.InputOffset()]
		return v, nil
	}
	if _, err := p.Token(); err != nil { // its end
		return nil, err
	}
	v.raw = p.raw[start:p.InputOffset()]
	return v, nil
}

// valueDiffer collects changes while there is room for their paths.
type valueDiffer struct {
	path    []string // where it is
	changes []ValueDiff
	room    int
}

// compare returns false if there is no room for all.
func (d *valueDiffer) compare(a, b *value) bool {
	switch {
	case bytes.Equal(a.raw, b.raw):
		return true
	case a.members != nil && b.members != nil:
		return d.objects(a.members, b.members)
	case a.items != nil && b.items != nil:
		return d.arrays(a.items, b.items)
	}
	return d.changed(a, b)
}

func (d *valueDiffer) objects(a, b map[string]*value) bool {
	names := make([]string, 0, len(a))
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if a[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !d.at(name, a[name], b[name]) {
			return false
		}
	}
	return true
}

func (d *valueDiffer) arrays(a, b []*value) bool {
	same := func(i, j int) bool { return bytes.Equal(a[i].raw, b[j].raw) }
	first := 0
	endA, endB := len(a), len(b)
	if len(a) != len(b) {
		for first < min(endA, endB) && same(first, first) {
			first++
		}
		for first < min(endA, endB) && same(endA-1, endB-1) {
			endA, endB = endA-1, endB-1
		}
	}
	for i := first; i < max(endA, endB); i++ {
		var before, after *value
		if i < endA {
			before = a[i]
		}
		if i < endB {
			after = b[i]
		}
		if !d.at(strconv.Itoa(i), before, after) {
			return false
		}
	}
	return true
}

// at compares what is under a name; nil is nothing.
func (d *valueDiffer) at(name string, a, b *value) bool {
	d.path = append(d.path, name)
	defer func() { d.path = d.path[:len(d.path)-1] }()
	if a != nil && b != nil {
		return d.compare(a, b)
	}
	return d.changed(a, b)
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (d *valueDiffer) changed(a, b *value) bool {
	size := aroundPath
	for _, name := range d.path {
		size += len(name) + 1
	}
	if d.room -= size; d.room < 0 {
		return false
	}
	var c ValueDiff
	for _, name := range d.path {
		c.Path += "/" + pointerEscapes.Replace(name)
	}
	if a != nil {
		c.Before = a.raw
	}
	if b != nil {
		c.After = b.raw
	}
	d.changes = append(d.changes, c)
	return true
}
