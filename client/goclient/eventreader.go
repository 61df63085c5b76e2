package goclient

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// eventReader reads an event stream (WHATWG HTML, "Server-sent events"): what is between
// the events of `data` and `id`. Other fields and comments are passed over.
type eventReader struct {
	r     *bufio.Reader
	max   int64 // bytes of a line, and of an event's data
	begun bool  // the first line, where a BOM may be, has been read
	cr    bool  // the last line ended in a CR: a LF after it belongs to it
	line  []byte
	id    string // holds on until another comes
}

func newEventReader(r io.Reader, max int64) *eventReader {
	return &eventReader{r: bufio.NewReaderSize(r, 32<<10), max: max}
}

// next returns the next event that has data. The frame is the caller's. What comes after
// the last blank line is no event: the stream broke off in it.
func (r *eventReader) next() (frame, error) {
	var data []byte
	given := false
	for {
		line, err := r.readLine()
		if err != nil {
			return frame{}, err
		}
		if len(line) == 0 {
			if len(data) > 0 {
				return frame{id: r.id, data: data}, nil
			}
			given = false
			continue
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "data":
			if int64(len(data)+len(value)) > r.max {
				return frame{}, r.tooLarge()
			}
			if given {
				data = append(data, '\n')
			}
			data, given = append(data, value...), true
		case "id":
			if bytes.IndexByte(value, 0) < 0 {
				r.id = string(value)
			}
		}
	}
}

// readLine returns the next line without its end, which is LF, CR or CRLF. It is valid until
// the next call.
func (r *eventReader) readLine() ([]byte, error) {
	r.line = r.line[:0]
	for {
		if _, err := r.r.Peek(1); err != nil {
			return nil, err
		}
		chunk, _ := r.r.Peek(r.r.Buffered())
		if r.cr {
			r.cr = false
			if chunk[0] == '\n' {
				_, _ = r.r.Discard(1) // it is buffered
				continue
			}
		}
		part, end := cutLine(chunk)
		if int64(len(r.line)+len(part)) > r.max+int64(len("data: ")) {
			return nil, r.tooLarge()
		}
		r.line = append(r.line, part...)
		_, _ = r.r.Discard(len(part) + len(end))
		if len(end) == 0 {
			continue
		}
		r.cr = end[0] == '\r'
		return r.withoutBOM(r.line), nil
	}
}

// cutLine returns what is before the first end of a line in chunk, and its first byte.
func cutLine(chunk []byte) (part, end []byte) {
	n := len(chunk)
	if i := bytes.IndexByte(chunk, '\n'); i >= 0 {
		n = i
	}
	if i := bytes.IndexByte(chunk[:n], '\r'); i >= 0 {
		n = i
	}
	return chunk[:n], chunk[n:min(n+1, len(chunk))]
}

func (r *eventReader) withoutBOM(line []byte) []byte {
	if r.begun {
		return line
	}
	r.begun = true
	return bytes.TrimPrefix(line, []byte("\ufeff"))
}

func (r *eventReader) tooLarge() error {
	return fmt.Errorf("goclient: %w: an event has more than %d bytes", ErrTooLarge, r.max)
}
