package wire

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// FormatCode names what is wrong with bytes that should have been a message. The set is
// closed.
type FormatCode string

const (
	InvalidJSON   FormatCode = "invalid_json"
	DuplicateKey  FormatCode = "duplicate_key"
	BadUTF8       FormatCode = "bad_utf8"
	TrailingData  FormatCode = "trailing_data"
	WrongType     FormatCode = "wrong_type"
	UnknownMember FormatCode = "unknown_member"
	MissingMember FormatCode = "missing_member"
	UnknownType   FormatCode = "unknown_type"

	WrongContentType FormatCode = "wrong_content_type" // of an HTTP body
)

// FormatError says what is wrong with a message. The connection that sent it lives on.
type FormatError struct {
	Code    FormatCode
	Message string // a sentence, in the ancestors' words where they have some
	Detail  string // where and what, for a developer
}

func (e *FormatError) Error() string {
	if e.Detail == "" {
		return e.Message
	}
	return e.Message + ": " + e.Detail
}

const invalidFormat = "Invalid message format"

// DecodeStrict reads exactly one JSON object into v and refuses members that v has not.
// Errors are *FormatError.
func DecodeStrict(data []byte, v any) error { return decode(data, v, json.RejectUnknownMembers(true)) }

// decodeFrame reads exactly one JSON object into v and ignores members that v has not.
func decodeFrame(data []byte, v any) error { return decode(data, v) }

func decode(data []byte, v any, opts ...json.Options) error {
	if !utf8.Valid(data) {
		return &FormatError{BadUTF8, invalidFormat, "the message is not valid UTF-8"}
	}
	err := json.Unmarshal(data, v, opts...)
	if err == nil {
		return nil
	}
	return &FormatError{formatCode(err, data), invalidFormat, detail(err)}
}

func formatCode(err error, data []byte) FormatCode {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		if errors.Is(semantic.Err, json.ErrUnknownName) {
			return UnknownMember
		}
		return WrongType
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return DuplicateKey
	}
	var value jsontext.Value
	dec := jsontext.NewDecoder(strings.NewReader(string(data)))
	if value, err = dec.ReadValue(); err == nil && len(value) > 0 {
		return TrailingData // a whole value, and then something
	}
	return InvalidJSON
}

// detail says where and what, without the library's own prefix and without Go types.
func detail(err error) string {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return semanticDetail(semantic)
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Sprintf("at byte %d: %v", syntactic.ByteOffset, syntactic.Err)
	}
	return err.Error()
}

func semanticDetail(e *json.SemanticError) string {
	where := strings.ReplaceAll(strings.TrimPrefix(string(e.JSONPointer), "/"), "/", ".")
	if where == "" {
		where = "the message"
	}
	switch {
	case errors.Is(e.Err, json.ErrUnknownName):
		return where + " is not a known member"
	case e.Err != nil:
		return where + ": " + e.Err.Error()
	case e.JSONKind != 0:
		return fmt.Sprintf("%s must not be a JSON %s", where, kindName(e.JSONKind))
	}
	return where + " has the wrong type"
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '[':
		return "array"
	case '{':
		return "object"
	}
	return k.String()
}
