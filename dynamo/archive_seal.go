package dynamo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// seal adds sums to lines, and checks them.
type seal struct{ lines hash.Hash }

func newSeal() *seal { return &seal{lines: sha256.New()} }

const (
	sumOpen   = `,"sum":"`
	sumClose  = `"}` + "\n"
	sumDigits = 16
	sumBytes  = len(sumOpen) + sumDigits + len(sumClose)
)

// close returns a JSON object as a line with its sum.
func (s *seal) close(object []byte) []byte {
	line := bytes.TrimSuffix(object, []byte("}"))
	s.lines.Write(line)
	tail := sumOpen + s.sum()[:sumDigits] + sumClose
	s.lines.Write([]byte(tail))
	return append(line, tail...)
}

// open returns the JSON object of a line, and whether its sum is right. It uses the line's
// memory.
func (s *seal) open(line []byte) (object []byte, ok bool) {
	if len(line) < sumBytes {
		return nil, false
	}
	text, tail := line[:len(line)-sumBytes], line[len(line)-sumBytes:]
	s.lines.Write(text)
	if want := sumOpen + s.sum()[:sumDigits] + sumClose; string(tail) != want {
		return nil, false
	}
	s.lines.Write(tail)
	return append(text, '}'), true
}

// sum is the SHA-256 of all so far.
func (s *seal) sum() string { return hex.EncodeToString(s.lines.Sum(nil)) }
