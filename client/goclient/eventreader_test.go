package goclient

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// events reads a whole stream, and returns what ended it.
func events(r io.Reader, max int64) (got []string, end error) {
	reader := newEventReader(r, max)
	for {
		f, err := reader.next()
		if err != nil {
			return got, err
		}
		got = append(got, f.id+"|"+string(f.data))
	}
}

// inChunks gives out a text in pieces of that size.
type inChunks struct {
	r    io.Reader
	size int
}

func (c inChunks) Read(p []byte) (int, error) { return c.r.Read(p[:min(c.size, len(p))]) }

func TestEventsAreReadAsTheStandardSays(t *testing.T) {
	for name, c := range map[string]struct {
		stream string
		want   []string
	}{
		"one":                       {"id: 1\ndata: {\"a\":1}\n\n", []string{`1|{"a":1}`}},
		"two":                       {"id: 1\ndata: a\n\nid: 2\ndata: b\n\n", []string{"1|a", "2|b"}},
		"CRLF":                      {"id: 1\r\ndata: a\r\n\r\nid: 2\r\ndata: b\r\n\r\n", []string{"1|a", "2|b"}},
		"CR":                        {"id: 1\rdata: a\r\rid: 2\rdata: b\r\r", []string{"1|a", "2|b"}},
		"mixed ends":                {"id: 1\r\ndata: a\r\ndata: b\n\r\ndata: c\n\n", []string{"1|a\nb", "1|c"}},
		"BOM":                       {"\ufeffdata: a\n\n\ufeffdata: b\n\n", []string{"|a"}},
		"comments":                  {":hb\n\n: hb\n\ndata: a\n:hb\n\n", []string{"|a"}},
		"no space":                  {"id:1\ndata:a\n\n", []string{"1|a"}},
		"one space is removed":      {"data:  a\n\n", []string{"| a"}},
		"more lines":                {"data: a\ndata\ndata: b\n\n", []string{"|a\n\nb"}},
		"an id holds on":            {"id: 1\ndata: a\n\ndata: b\n\n", []string{"1|a", "1|b"}},
		"an id without data":        {"id: 7\n\ndata: a\n\n", []string{"7|a"}},
		"an empty id":               {"id: 7\ndata: a\n\nid\ndata: b\n\n", []string{"7|a", "|b"}},
		"an id with a NUL":          {"id: 1\x002\ndata: a\n\n", []string{"|a"}},
		"other fields":              {"retry: 10\nevent: x\nData: no\n data: no\ndata: a\n\n", []string{"|a"}},
		"a colon in the data":       {"data: {\"a\":\"b: c\"}\n\n", []string{`|{"a":"b: c"}`}},
		"broken off in a line":      {"data: a\n\ndata: b", []string{"|a"}},
		"broken off before its end": {"data: a\n\ndata: b\n", []string{"|a"}},
	} {
		for size := 1; size <= len(c.stream); size++ {
			got, err := events(inChunks{strings.NewReader(c.stream), size}, 1<<20)
			if !reflect.DeepEqual(got, c.want) || err != io.EOF {
				t.Errorf("%s, in chunks of %d: %q, %v", name, size, got, err)
			}
		}
	}
}

// An event is there when its last byte is, not when the next one comes: also after a CR,
// which a LF may follow.
func TestAnEventDoesNotWaitForTheNextByte(t *testing.T) {
	for _, stream := range []string{"data: a\n\n", "data: a\r\n\r", "data: a\r\r"} {
		blocked := errors.New("nothing more to read")
		reader := newEventReader(io.MultiReader(strings.NewReader(stream), iotest.ErrReader(blocked)), 100)
		if f, err := reader.next(); err != nil || string(f.data) != "a" {
			t.Errorf("%q: %q, %v", stream, f.data, err)
		}
		if _, err := reader.next(); err != blocked {
			t.Errorf("%q: %v", stream, err)
		}
	}
}

func TestAnEventAboveTheLimitIsRefused(t *testing.T) {
	const limit = 100_000 // above the buffer
	line := func(n int) string { return "data: " + strings.Repeat("x", n) + "\n" }
	for name, c := range map[string]struct {
		stream string
		ok     bool
	}{
		"a line at the limit":              {line(limit) + "\n", true},
		"a line above it":                  {line(limit+1) + "\n", false},
		"lines that are above it together": {line(limit) + line(1) + "\n", false},
		"a line that never ends":           {": " + strings.Repeat("x", 3*limit), false},
		"a long id":                        {"id: " + strings.Repeat("x", 2*limit) + "\n", false},
	} {
		got, err := events(strings.NewReader(c.stream), limit)
		switch {
		case c.ok && (len(got) != 1 || err != io.EOF):
			t.Errorf("%s: %d events, %v", name, len(got), err)
		case !c.ok && (len(got) != 0 || !errors.Is(err, ErrTooLarge)):
			t.Errorf("%s: %d events, %v", name, len(got), err)
		}
	}
}

// Whatever comes, in whatever pieces: the same events, none above the limit. And what a
// server writes is read back, with any of the ends of a line.
func FuzzEventReader(f *testing.F) {
	f.Add([]byte("id: 1\ndata: a\r\n\r\n:hb\rdata: b\r\r"), uint8(3))
	f.Add([]byte("\ufeffdata: a\n\n"), uint8(1))
	f.Add([]byte("data: "+strings.Repeat("x", 70)+"\n\n"), uint8(7))
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		const limit = 64
		whole, end := events(bytes.NewReader(stream), limit)
		pieces, pieceEnd := events(inChunks{bytes.NewReader(stream), int(size) + 1}, limit)
		if !reflect.DeepEqual(whole, pieces) || errors.Is(end, ErrTooLarge) != errors.Is(pieceEnd, ErrTooLarge) {
			t.Errorf("%q, %v as a whole, and %q, %v in pieces", whole, end, pieces, pieceEnd)
		}
		data := bytes.Map(func(r rune) rune {
			if r == '\r' || r == '\n' {
				return -1
			}
			return r
		}, stream)
		if len(data) == 0 {
			return
		}
		for _, eol := range []string{"\n", "\r", "\r\n"} {
			wire := fmt.Sprintf("id: e-1%[1]sdata: %[2]s%[1]s%[1]s", eol, data)
			got, err := events(inChunks{strings.NewReader(wire), int(size) + 1}, 1<<20)
			if len(got) != 1 || got[0] != "e-1|"+string(data) || err != io.EOF {
				t.Errorf("%q is read as %q, %v", wire, got, err)
			}
		}
	})
}
