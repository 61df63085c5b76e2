package goclient

import (
	"strconv"
	"strings"
)

// isPast reports whether an event's cursor is newer than one that has been applied. Anything
// is past no cursor, and past one of another epoch: that of a log that was replaced.
func isPast(cursor, applied string) bool {
	epoch, seq, ok := splitCursor(cursor)
	appliedEpoch, appliedSeq, appliedOK := splitCursor(applied)
	return !ok || !appliedOK || epoch != appliedEpoch || seq > appliedSeq
}

func splitCursor(cursor string) (epoch string, seq int64, ok bool) {
	i := strings.LastIndexByte(cursor, '-')
	if i < 0 {
		return "", 0, false
	}
	seq, err := strconv.ParseInt(cursor[i+1:], 10, 64)
	return cursor[:i], seq, err == nil
}
