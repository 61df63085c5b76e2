package sse

import (
	"bytes"
	"errors"
	"fmt"

	"notewire/transport"
)

// ErrBadFrame is wrapped by the error of Write for a frame that cannot be one event: its
// data is empty or more than one line, or its cursor is not made of [0-9A-Za-z._-].
var ErrBadFrame = errors.New("frame cannot be sent as an event")

// check refuses what r3labs would pass on: it does not look for line ends in ids, nor for
// bare carriage returns in data, and takes an event without data for the end.
func check(f transport.Frame) error {
	switch {
	case len(f.Data) == 0:
		return fmt.Errorf("%w: no data", ErrBadFrame)
	case bytes.IndexByte(f.Data, '\n') >= 0, bytes.IndexByte(f.Data, '\r') >= 0:
		return fmt.Errorf("%w: more than one line", ErrBadFrame)
	case !isCursor(f.Cursor):
		return fmt.Errorf("%w: cursor %q", ErrBadFrame, f.Cursor)
	}
	return nil
}

// isCursor reports whether s is safe as an id. The empty cursor is.
func isCursor(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}
