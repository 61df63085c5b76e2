package bolt

import (
	"encoding/binary"
	"fmt"

	"notewire/dynamo"
)

// decodeItem returns the item, which shares no memory with raw. It accepts what
// encodeItem writes, and returns an error for anything else.
func decodeItem(key dynamo.Key, raw []byte) (*dynamo.Item, error) {
	d := decoder{rest: raw}
	item := &dynamo.Item{Key: key, TTL: d.ttl(), Index: d.place()}
	n := d.count(2) // the length of a name, the kind of a bool
	item.Attrs = make(map[string]any, n)
	last := ""
	for i := range n {
		name := string(d.bytes())
		if i > 0 && name <= last {
			d.fail()
		}
		item.Attrs[name], last = d.value(), name
	}
	if d.bad || len(d.rest) > 0 {
		return nil, fmt.Errorf("item %s: %w", describe(key), errCorrupt)
	}
	return item, nil
}

// decodePart returns as much of an item as cond looks at.
func decodePart(raw []byte, cond dynamo.Cond) (*dynamo.Item, error) {
	d := decoder{rest: raw}
	item := &dynamo.Item{TTL: d.ttl()}
	if cond.Kind == dynamo.Equal {
		d.bytes()
		if v := d.find(cond.Attr); v != nil {
			item.Attrs = map[string]any{cond.Attr: v}
		}
	}
	if d.bad {
		return nil, errCorrupt
	}
	return item, nil
}

// storedHead returns what maintenance needs of an item; place is a part of raw.
func storedHead(raw []byte) (ttl int64, place []byte, err error) {
	d := decoder{rest: raw}
	ttl, place = d.ttl(), d.bytes()
	if d.bad {
		return 0, nil, errCorrupt
	}
	return ttl, place, nil
}

// decoder reads from the front of rest. After a failure all that it returns is zero.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) fail() { d.bad, d.rest = true, nil }

func (d *decoder) ttl() int64 {
	if len(d.rest) < ttlSize {
		d.fail()
		return 0
	}
	return int64(binary.BigEndian.Uint64(d.take(ttlSize)))
}

// take returns the next n bytes, which must be there.
func (d *decoder) take(n int) []byte {
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

// count returns a number of things that take at least size bytes each. No count can
// make the caller allocate out of proportion to the input.
func (d *decoder) count(size int) int {
	n, width := binary.Uvarint(d.rest)
	if width <= 0 || n > uint64((len(d.rest)-width)/size) {
		d.fail()
		return 0
	}
	d.take(width)
	return int(n)
}

func (d *decoder) bytes() []byte { return d.take(d.count(1)) }

func (d *decoder) int() int64 {
	n, width := binary.Varint(d.rest)
	if width <= 0 {
		d.fail()
		return 0
	}
	d.take(width)
	return n
}

func (d *decoder) kind() byte {
	if len(d.rest) == 0 {
		d.fail()
		return 0
	}
	return d.take(1)[0]
}

func (d *decoder) place() dynamo.Key {
	place := d.bytes()
	if len(place) == 0 {
		return dynamo.Key{}
	}
	key, err := splitKey(place)
	if err != nil {
		d.fail()
	}
	return key
}

func (d *decoder) value() any {
	switch d.kind() {
	case kindString:
		return string(d.bytes())
	case kindInt:
		return d.int()
	case kindFalse:
		return false
	case kindTrue:
		return true
	case kindBytes:
		return append([]byte{}, d.bytes()...)
	case kindList:
		list := make([]string, d.count(1))
		for i := range list {
			list[i] = string(d.bytes())
		}
		return list
	}
	d.fail()
	return nil
}

// skip passes over a value.
func (d *decoder) skip() {
	switch d.kind() {
	case kindString, kindBytes:
		d.bytes()
	case kindInt:
		d.int()
	case kindFalse, kindTrue:
	case kindList:
		for range d.count(1) {
			d.bytes()
		}
	default:
		d.fail()
	}
}

// find returns the value of one attribute, nil if there is none.
func (d *decoder) find(name string) any {
	for range d.count(2) {
		switch at := string(d.bytes()); {
		case at == name:
			return d.value()
		case at > name:
			return nil
		}
		d.skip()
	}
	return nil
}
