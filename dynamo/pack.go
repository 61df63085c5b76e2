package dynamo

import (
	"fmt"

	"github.com/klauspost/compress/zstd"

	"notewire/notes"
)

// A body of some size is stored as one compressed attribute: DynamoDB charges by the
// kilobyte, and has a limit of 400 KB for an item. Zstandard packs as well as gzip within
// 5 %, four times as fast (go test ./dynamo -run '^$' -bench Pack).
const (
	packAbove = 4 << 10   // bytes of a body; a smaller one stays readable in the table
	partBytes = 350 << 10 // bytes of what is packed; more is cut into parts of that size
)

var (
	packer   = must(zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)))
	unpacker = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(64<<20)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // constant options
	}
	return v
}

// pack returns a body in compressed form.
func pack(b *notes.Body) ([]byte, error) {
	text, err := bodyText(b)
	if err != nil {
		return nil, err
	}
	return packer.EncodeAll([]byte(text), nil), nil
}

// unpack reads what pack returned.
func unpack(packed []byte) (*notes.Body, error) {
	text, err := unpacker.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("unpack a body: %w", err)
	}
	return bodyOf(string(text))
}
