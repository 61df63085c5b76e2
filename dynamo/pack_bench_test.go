package dynamo

import (
	"bytes"
	"compress/gzip"
	"os"
	"testing"

	"notewire/notes"
)

// BenchmarkPack compares the packer with gzip on prose of this repository.
func BenchmarkPack(b *testing.B) {
	var prose []byte
	for _, name := range []string{"../README.md", "DESIGN.md", "../transport/PROTOCOL.md", "../notes/ACCESS.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		prose = append(prose, text...)
	}
	body := &notes.Body{Content: string(prose)}
	report := func(b *testing.B, packed int) {
		b.SetBytes(int64(len(prose)))
		b.ReportMetric(float64(packed)/float64(len(prose)), "of-the-size")
	}
	b.Run("zstd", func(b *testing.B) {
		n := 0
		for b.Loop() {
			packed, err := pack(body)
			if err != nil {
				b.Fatal(err)
			}
			n = len(packed)
		}
		report(b, n)
	})
	b.Run("gzip", func(b *testing.B) {
		n := 0
		for b.Loop() {
			text, err := bodyText(body)
			if err != nil {
				b.Fatal(err)
			}
			var out bytes.Buffer
			w := gzip.NewWriter(&out)
			_, _ = w.Write([]byte(text)) // into memory
			_ = w.Close()
			n = out.Len()
		}
		report(b, n)
	})
}
