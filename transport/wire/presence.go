package wire

import (
	"encoding/json"
	"strings"

	"notewire/notes"
)

// Presence and custom messages: frames outside of the log, in no history.

// PresenceBytes bounds the data of a presence or a custom message: as JSON, without white space.
const PresenceBytes = 4 << 10

type (
	// SetPresence says what a connection shows to the others of a note.
	SetPresence struct {
		NoteID notes.NoteID
		Data   json.RawMessage // compact JSON; nil: nothing any more
	}
	// SendCustom is a message of the client's own to all connections of a note.
	SendCustom struct {
		NoteID notes.NoteID
		Name   string
		Data   json.RawMessage // compact JSON; nil: null
	}
)

func (SetPresence) up() {}
func (SendCustom) up()  {}

// customNameChars bounds the name of a custom message.
const customNameChars = 64

// ValidCustomName reports whether name can be that of a custom message.
func ValidCustomName(name string) bool {
	return name != "" && len(name) <= customNameChars && strings.IndexFunc(name, notInName) < 0
}

func notInName(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_.:-", r))
}

// Compact returns JSON without white space, the same bytes for the same text however it came;
// nil for null and for none. It is for values that a decoder of this package has read.
func Compact(value json.RawMessage) json.RawMessage {
	if len(value) == 0 || isNull(value) {
		return nil
	}
	return Encode(value)
}

func decodePresence(data []byte) (Up, error) {
	var m struct {
		NoteID notes.NoteID    `json:"noteId"`
		Data   json.RawMessage `json:"data"`
	}
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.NoteID == "" {
		return nil, missing("Missing noteId", "noteId")
	}
	return SetPresence{m.NoteID, Compact(m.Data)}, nil
}

func decodeEphemeral(data []byte, note notes.NoteID) (*SetPresence, error) {
	var m struct {
		Data json.RawMessage `json:"data"`
	}
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	return &SetPresence{note, Compact(m.Data)}, nil
}

type customUp struct {
	NoteID notes.NoteID    `json:"noteId"`
	Name   string          `json:"name"`
	Data   json.RawMessage `json:"data"`
}

func decodeCustom(data []byte) (Up, error) {
	var m customUp
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	switch {
	case m.NoteID == "":
		return nil, missing("Missing noteId", "noteId")
	case m.Name == "":
		return nil, missing("Missing name", "name")
	}
	return SendCustom{m.NoteID, m.Name, Compact(m.Data)}, nil
}

func decodeNoteCustom(data []byte, note notes.NoteID) (*SendCustom, error) {
	var m customUp
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.Name == "" {
		return nil, missing("Missing name", "name")
	}
	return &SendCustom{note, m.Name, Compact(m.Data)}, nil
}

// DecodePresenceBody reads the body {"connectionId","data"} of a request to show data in a
// note. Errors are *FormatError.
func DecodePresenceBody(note notes.NoteID, body []byte) (connectionID string, m SetPresence, err error) {
	var b struct {
		ConnectionID string          `json:"connectionId"`
		Data         json.RawMessage `json:"data"`
	}
	if err := DecodeStrict(body, &b); err != nil {
		return "", m, err
	}
	if b.ConnectionID == "" {
		return "", m, missing("Missing connectionId", "connectionId")
	}
	return b.ConnectionID, SetPresence{note, Compact(b.Data)}, nil
}

// DecodeCustomBody reads the body {"connectionId"?,"name","data"} of a request to send a
// custom message. Errors are *FormatError.
func DecodeCustomBody(note notes.NoteID, body []byte) (connectionID string, m SendCustom, err error) {
	var b struct {
		ConnectionID string          `json:"connectionId"`
		Name         string          `json:"name"`
		Data         json.RawMessage `json:"data"`
	}
	if err := DecodeStrict(body, &b); err != nil {
		return "", m, err
	}
	if b.Name == "" {
		return "", m, missing("Missing name", "name")
	}
	return b.ConnectionID, SendCustom{note, b.Name, Compact(b.Data)}, nil
}

// DecodeOpen reads exactly one JSON object into v, and ignores members that v has not: what
// instances say to each other may be a newer one's. Errors are *FormatError.
func DecodeOpen(data []byte, v any) error { return decodeFrame(data, v) }
