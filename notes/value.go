package notes

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
)

// Millis is a time in milliseconds since the Unix epoch. As JSON it is a number; an
// RFC 3339 string is also read, because the ancestors' clients write both.
type Millis int64

// MillisOf returns t in milliseconds.
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// UnmarshalJSON reads a number of milliseconds or an RFC 3339 string. Null changes
// nothing, as encoding/json wants it.
func (m *Millis) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if len(data) > 0 && data[0] == '"' {
		var t time.Time
		if err := t.UnmarshalJSON(data); err != nil {
			return errors.New("a time is a number of milliseconds or an RFC 3339 string")
		}
		*m = MillisOf(t)
		return nil
	}
	var n int64
	if err := json.Unmarshal(data, &n); err != nil {
		return errors.New("a time is a number of milliseconds or an RFC 3339 string")
	}
	*m = Millis(n)
	return nil
}

// Seen is a version that an author has seen; 0 is none. As JSON it is at least 1: a client
// that has seen none leaves it out, and one that says 0 has lost track.
type Seen int64

// UnmarshalJSON reads a version.
func (s *Seen) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var n int64
	if err := json.Unmarshal(data, &n); err != nil || n < 1 {
		return errors.New("a version is a whole number from 1")
	}
	*s = Seen(n)
	return nil
}

// Opt is a member of a patch that may be absent. Absent and null differ: absent keeps
// the old value, null clears it where T can be nil.
type Opt[T any] struct {
	Set   bool
	Value T
}

// Some returns a present value.
func Some[T any](v T) Opt[T] { return Opt[T]{Set: true, Value: v} }

// IsZero lets the JSON option omitzero leave out an absent member.
func (o Opt[T]) IsZero() bool { return !o.Set }

// MarshalJSON writes the value.
func (o Opt[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// UnmarshalJSON reads a present value.
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) && !nullable(o.Value) {
		return errors.New("must not be null")
	}
	o.Set = true
	err := json.Unmarshal(data, &o.Value)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New("must not be a JSON " + wrong.Value)
	}
	return err
}

func nullable(v any) bool {
	switch v.(type) {
	case *string, *Millis, json.RawMessage:
		return true
	}
	return false
}

func ptrEqual[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// compact returns JSON without white space; null becomes nil.
func compact(raw json.RawMessage) (json.RawMessage, error) {
	var buf bytes.Buffer
	if err := json.Compact(&buf, raw); err != nil {
		return nil, err
	}
	if buf.String() == "null" {
		return nil, nil
	}
	return buf.Bytes(), nil
}
