package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"notewire/transport/wire"
)

var sizes = []struct {
	name  string
	bytes int
}{{"1KB", 1 << 10}, {"1MiB", 1 << 20}}

// prose is n bytes of text as people write it: some line breaks, some quotes, some umlauts.
func prose(n int) string {
	const sample = "The quick brown fox said \"grüß dich\" and jumped over the lazy dog.\n"
	return strings.Repeat(sample, n/len(sample)+1)[:n-n%len(sample)]
}

func BenchmarkAccountEvent(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			n := shoppingNote()
			n.Content = prose(size.bytes)
			c := syncOf(n, "edit", "content") // the content is in changes and in updatedNote
			b.SetBytes(int64(len(wire.AccountEvent(c, cursor))))
			b.ReportAllocs()
			for b.Loop() {
				wire.AccountEvent(c, cursor)
			}
		})
	}
}

func BenchmarkDecodeUp(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			frame := []byte(fmt.Sprintf(`{"type":"note_update","noteId":"n","mutationId":"m","changes":{"content":%s}}`,
				wire.Encode(prose(size.bytes))))
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := wire.DecodeUp(frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecodeMutation(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			body := []byte(fmt.Sprintf(`{"mutationId":"m","changes":{"content":%s}}`, wire.Encode(prose(size.bytes))))
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := wire.DecodeMutation("edit", "n", body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
