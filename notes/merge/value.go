package merge

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how deep objects are merged by their members: WebAssembly has a small stack.
const maxDepth = 1000

// value is a JSON value: an object with its members, or what is atomic.
type value struct {
	raw      []byte // compact
	id       int    // of its meaning
	object   bool
	names    []string // of an object, in order
	members  map[string]*value
	spelling map[string]string // of names, as JSON
}

// member returns nil if there is none.
func (v *value) member(name string) *value {
	if v == nil {
		return nil
	}
	return v.members[name]
}

// equal compares by meaning; nil is an absent value.
func equal(a, b *value) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.id == b.id
}

// meanings numbers values, equal ones alike, so that comparing costs nothing however deep they are.
type meanings map[string]int

func (m meanings) id(key string) int {
	id, ok := m[key]
	if !ok {
		id = len(m)
		m[key] = id
	}
	return id
}

// parse reads a value. What is not valid JSON is atomic.
func (m meanings) parse(raw json.RawMessage) *value {
	if len(raw) == 0 {
		raw = json.RawMessage("null")
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return &value{raw: raw, id: m.id("?" + string(raw))}
	}
	p := parser{raw: compact.Bytes(), meanings: m}
	return p.value(maxDepth)
}

// parser reads compact and valid JSON.
type parser struct {
	raw      []byte
	at       int
	meanings meanings
}

// value reads a value and looks into it to a depth.
func (p *parser) value(depth int) *value {
	start := p.at
	v := &value{}
	var key string
	switch c := p.raw[p.at]; {
	case c == '{' && depth > 0:
		key = p.object(v, depth)
	case c == '[' && depth > 0:
		key = p.array(depth)
	case c == '"':
		key = `"` + unquote(p.string())
	default:
		p.skip()
		key = number(string(p.raw[start:p.at]))
	}
	v.raw = p.raw[start:p.at]
	v.id = p.meanings.id(key)
	return v
}

// object reads v's members. The key says them in the order of their names.
func (p *parser) object(v *value, depth int) (key string) {
	v.object, v.members, v.spelling = true, map[string]*value{}, map[string]string{}
	for p.at++; p.raw[p.at] != '}'; {
		if p.raw[p.at] == ',' {
			p.at++
		}
		spelling := p.string()
		name := unquote(spelling)
		p.at++ // :
		if v.members[name] == nil {
			v.names = append(v.names, name)
		}
		v.members[name], v.spelling[name] = p.value(depth-1), string(spelling)
	}
	p.at++
	parts := []byte{'{'}
	for _, name := range slices.Sorted(slices.Values(v.names)) {
		parts = strconv.AppendInt(parts, int64(len(name)), 10)
		parts = append(append(append(parts, ':'), name...), ':')
		parts = append(strconv.AppendInt(parts, int64(v.members[name].id), 10), ',')
	}
	return string(parts)
}

func (p *parser) array(depth int) (key string) {
	parts := []byte{'['}
	for p.at++; p.raw[p.at] != ']'; {
		if p.raw[p.at] == ',' {
			p.at++
		}
		parts = append(strconv.AppendInt(parts, int64(p.value(depth-1).id), 10), ',')
	}
	p.at++
	return string(parts)
}

// skip passes over a value, however deep.
func (p *parser) skip() {
	for depth := 0; ; {
		switch p.raw[p.at] {
		case '{', '[':
			depth++
			p.at++
		case '}', ']':
			depth--
			p.at++
		case '"':
			p.string()
		default:
			p.at++
			if depth == 0 {
				for p.at < len(p.raw) && strings.IndexByte(",]}", p.raw[p.at]) < 0 {
					p.at++
				}
			}
		}
		if depth == 0 {
			return
		}
	}
}

// string passes over a string and returns it as it is spelled.
func (p *parser) string() []byte {
	start := p.at
	for p.at++; p.raw[p.at] != '"'; p.at++ {
		if p.raw[p.at] == '\\' {
			p.at++
		}
	}
	p.at++
	return p.raw[start:p.at]
}
