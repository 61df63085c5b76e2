package notes

import (
	"strconv"
	"strings"
)

// Cursor is a place in a log: an account's (Seq is a sequence number) or a note's (Seq
// is a version). To a client it is an opaque string. Epoch is the store's: a cursor of
// another epoch belongs to a log that no longer exists.
type Cursor struct {
	Epoch string
	Seq   int64
}

func (c Cursor) String() string { return c.Epoch + "-" + strconv.FormatInt(c.Seq, 10) }

// ParseCursor reads what String wrote, or "0": the start of the log, whatever its epoch.
// Anything else reports false; a stream answers that with a resync, never with an error.
func ParseCursor(s, epoch string) (Cursor, bool) {
	if s == "0" {
		return Cursor{Epoch: epoch}, true
	}
	i := strings.LastIndexByte(s, '-')
	if i <= 0 {
		return Cursor{}, false
	}
	seq, err := strconv.ParseInt(s[i+1:], 10, 64)
	if err != nil || seq < 0 || strconv.FormatInt(seq, 10) != s[i+1:] {
		return Cursor{}, false
	}
	return Cursor{Epoch: s[:i], Seq: seq}, true
}
