package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// FormatCode names what is wrong with bytes that should have been a message. The set is
// closed, and has nothing in common with notes.Codes.
type FormatCode string

const (
	InvalidJSON   FormatCode = "invalid_json"
	DuplicateKey  FormatCode = "duplicate_key"
	BadUTF8       FormatCode = "bad_utf8" // also half of a surrogate pair: text is kept as posted, and that is none
	TrailingData  FormatCode = "trailing_data"
	TooDeep       FormatCode = "too_deep"
	WrongType     FormatCode = "wrong_type"
	UnknownMember FormatCode = "unknown_member"
	MissingMember FormatCode = "missing_member"
	UnknownType   FormatCode = "unknown_type"

	WrongContentType FormatCode = "wrong_content_type" // of an HTTP body
)

// FormatCodes lists every code.
var FormatCodes = []FormatCode{
	InvalidJSON, DuplicateKey, BadUTF8, TrailingData, TooDeep, WrongType, UnknownMember, MissingMember, UnknownType,
	WrongContentType,
}

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

// malformed returns a *FormatError. What detail repeats of the input becomes one short line.
func malformed(code FormatCode, message, detail string) error {
	return &FormatError{code, message, excerpt(detail)}
}

// maxDetail bounds what an error repeats of its input, in characters.
const maxDetail = 200

// excerpt keeps text that came from outside short, and on one line.
func excerpt(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxDetail {
			s = s[:i] + "…"
			break
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// maxDepth bounds how deep arrays and objects nest. A blob goes out in deeper wrapping than
// it came in, and what was accepted must not become too deep for JSON libraries (10,000).
const maxDepth = 1000

// DecodeStrict reads exactly one JSON object into v and refuses members that v has not.
// Errors are *FormatError.
func DecodeStrict(data []byte, v any) error { return decode(data, v, json.RejectUnknownMembers(true)) }

// decodeFrame reads exactly one JSON object into v and ignores members that v has not.
func decodeFrame(data []byte, v any) error { return decode(data, v) }

func decode(data []byte, v any, opts ...json.Options) error {
	if nestsDeeper(data, maxDepth) {
		return malformed(TooDeep, invalidFormat, fmt.Sprintf("the message nests deeper than %d levels", maxDepth))
	}
	if isNull(data) {
		return malformed(WrongType, invalidFormat, "the message must not be null")
	}
	err := json.Unmarshal(data, v, opts...)
	if err == nil {
		return nil
	}
	var value jsontext.Value
	if broken := json.Unmarshal(data, &value); broken != nil { // what is no JSON has no members that could be wrong
		return notJSON(data, broken)
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return malformed(semanticCode(semantic), invalidFormat, semanticDetail(semantic))
	}
	return malformed(WrongType, invalidFormat, err.Error())
}

// nestsDeeper needs no valid JSON.
func nestsDeeper(data []byte, limit int) bool {
	if bytes.Count(data, []byte{'['})+bytes.Count(data, []byte{'{'}) <= limit {
		return false
	}
	depth, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			inString = !inString
		case inString && c == '\\':
			i++
		case inString:
		case c == '[' || c == '{':
			if depth++; depth > limit {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}

// isNull says that data is the JSON value that would decode into anything.
func isNull(data []byte) bool { return string(bytes.Trim(data, " \t\r\n")) == "null" }

// notJSON describes data that is no single JSON value.
func notJSON(data []byte, err error) error {
	detail := err.Error()
	syntactic, ok := errors.AsType[*jsontext.SyntacticError](err)
	if ok {
		detail = fmt.Sprintf("at byte %d: %v", syntactic.ByteOffset, syntactic.Err)
	}
	switch {
	case !utf8.Valid(data):
		return malformed(BadUTF8, invalidFormat, "the message is not valid UTF-8")
	case ok && errors.Is(err, jsontext.ErrDuplicateName):
		return malformed(DuplicateKey, invalidFormat, where(syntactic.JSONPointer)+" is given twice")
	case startsWithValue(data):
		return malformed(TrailingData, invalidFormat, detail)
	case startsWithValue(data, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)):
		return malformed(BadUTF8, invalidFormat, detail)
	}
	return malformed(InvalidJSON, invalidFormat, detail)
}

func startsWithValue(data []byte, opts ...jsontext.Options) bool {
	_, err := jsontext.NewDecoder(bytes.NewBuffer(data), opts...).ReadValue()
	return err == nil
}

func semanticCode(e *json.SemanticError) FormatCode {
	if errors.Is(e.Err, json.ErrUnknownName) {
		return UnknownMember
	}
	return WrongType
}

// semanticDetail says where and what, without the library's own prefix and without Go types.
func semanticDetail(e *json.SemanticError) string {
	place := where(e.JSONPointer)
	switch {
	case errors.Is(e.Err, json.ErrUnknownName):
		return place + " is not a known member"
	case errors.Is(e.Err, strconv.ErrSyntax):
		return place + " must be a whole number"
	case errors.Is(e.Err, strconv.ErrRange):
		return place + " is out of range"
	case e.Err != nil:
		return place + ": " + e.Err.Error()
	case e.JSONKind != 0:
		return place + " must not be a JSON " + kindName(e.JSONKind)
	}
	return place + " has the wrong type"
}

// where names a place in a message as JavaScript would: changes.tags.0.
func where(p jsontext.Pointer) string {
	if p == "" {
		return "the message"
	}
	return strings.Join(slices.Collect(p.Tokens()), ".")
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '[':
		return "array"
	case '{':
		return "object"
	case 't', 'f':
		return "bool"
	}
	return k.String()
}
