package bolt

import (
	"encoding/binary"
	"fmt"
	"slices"

	"notewire/dynamo"
)

// A stored item (its key is bbolt's):
//
//	TTL     8 bytes, big endian, so that the sweep reads nothing else
//	place   length, IPK 0x00 ISK; empty if the item is not in the index
//	attrs   count; for each, in ascending order of names: length, name, kind, payload
//
// Lengths and counts are uvarints. The order makes equal items equal bytes.
const ttlSize = 8

// The kinds of payloads. They are in files: never renumber.
const (
	kindString byte = 1 // length, bytes
	kindInt    byte = 2 // varint
	kindFalse  byte = 3
	kindTrue   byte = 4
	kindBytes  byte = 5 // length, bytes
	kindList   byte = 6 // count; for each: length, bytes
)

// encodeItem returns the item's place in the index and its stored form. An attribute
// that is nil is left out.
func encodeItem(item *dynamo.Item) (place, value []byte, err error) {
	if item.Index != (dynamo.Key{}) {
		if err := checkKey(item.Index); err != nil {
			return nil, nil, fmt.Errorf("index: %w", err)
		}
		place = joinKey(item.Index)
	}
	names := make([]string, 0, len(item.Attrs))
	for name, v := range item.Attrs {
		if v != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)

	b := make([]byte, 0, encodedSize(item))
	b = binary.BigEndian.AppendUint64(b, uint64(item.TTL))
	b = appendBytes(b, place)
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		b = appendBytes(b, name)
		if b, err = appendValue(b, item.Attrs[name]); err != nil {
			return nil, nil, fmt.Errorf("attribute %q: %w", name, err)
		}
	}
	return place, b, nil
}

// encodedSize is an upper bound that is close: values are kept in memory until their
// group is committed.
func encodedSize(item *dynamo.Item) int {
	const number, header = binary.MaxVarintLen64, 1 + 2*4
	n := ttlSize + 2*number + len(item.Index.PK) + len(item.Index.SK)
	for name, v := range item.Attrs {
		n += header + len(name)
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		case []string:
			for _, s := range v {
				n += 4 + len(s)
			}
		default:
			n += number
		}
	}
	return n
}

func appendBytes[T string | []byte](b []byte, v T) []byte {
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return appendBytes(append(b, kindString), v), nil
	case int64:
		return binary.AppendVarint(append(b, kindInt), v), nil
	case bool:
		if v {
			return append(b, kindTrue), nil
		}
		return append(b, kindFalse), nil
	case []byte:
		return appendBytes(append(b, kindBytes), v), nil
	case []string:
		b = binary.AppendUvarint(append(b, kindList), uint64(len(v)))
		for _, s := range v {
			b = appendBytes(b, s)
		}
		return b, nil
	}
	return nil, fmt.Errorf("a %T cannot be stored", v)
}
