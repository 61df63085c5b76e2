package bolt

import (
	"bytes"
	"errors"
	"fmt"

	"notewire/dynamo"
)

// DynamoDB's limits of keys, so that what fits here fits there. An index entry made of
// four such parts stays far below bbolt's limit of 32 KB.
const (
	maxPK = 2048
	maxSK = 1024
)

// Parts of keys are joined with 0x00, which sorts below everything that may be in them:
// the joined keys sort like the parts.
const (
	separator = 0x00
	aboveSep  = 0x01 // bounds all that continues a key with a separator from above
)

// checkKey returns an error unless both parts are printable ASCII of a legal length.
func checkKey(key dynamo.Key) error {
	if len(key.PK) == 0 || len(key.SK) == 0 {
		return fmt.Errorf("%s: an empty key", describe(key))
	}
	if len(key.PK) > maxPK || len(key.SK) > maxSK {
		return fmt.Errorf("a key of %d and %d bytes, the limits are %d and %d", len(key.PK), len(key.SK), maxPK, maxSK)
	}
	if !printable(key.PK) || !printable(key.SK) {
		return fmt.Errorf("%s: a key that is not printable ASCII", describe(key))
	}
	return nil
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func describe(key dynamo.Key) string { return fmt.Sprintf("%q / %q", key.PK, key.SK) }

func joinKey(key dynamo.Key) []byte { return join(len(key.PK)+len(key.SK)+1, key.PK, key.SK) }

func join(size int, pk, sk string) []byte {
	b := make([]byte, 0, size)
	b = append(b, pk...)
	b = append(b, separator)
	return append(b, sk...)
}

// joinEntry is the index's key for the item under key.
func joinEntry(place, key []byte) []byte {
	b := make([]byte, 0, len(place)+1+len(key))
	b = append(b, place...)
	b = append(b, separator)
	return append(b, key...)
}

func splitKey(raw []byte) (dynamo.Key, error) {
	pk, sk, ok := bytes.Cut(raw, []byte{separator})
	if !ok {
		return dynamo.Key{}, errCorrupt
	}
	return dynamo.Key{PK: string(pk), SK: string(sk)}, nil
}

// entryKey returns the item's key in an index entry: IPK 0x00 ISK 0x00 key.
func entryKey(entry []byte) ([]byte, error) {
	for range 2 {
		_, rest, ok := bytes.Cut(entry, []byte{separator})
		if !ok {
			return nil, errCorrupt
		}
		entry = rest
	}
	return entry, nil
}

// errCorrupt is the error for stored bytes that this package has not written.
var errCorrupt = errors.New("the stored data is corrupt, restore the file from a backup")
