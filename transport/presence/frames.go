package presence

import (
	"encoding/json"
	"strconv"

	"notewire/notes"
	"notewire/transport/wire"
)

// Dialect is the one in which a connection is told.
type Dialect int

const (
	// AccountDialect has presence, presence_state and custom, each with its note.
	AccountDialect Dialect = iota
	// NoteDialect has ephemeral, ephemeral_state and custom.
	NoteDialect
	dialects
)

// encoded is one message in each dialect: written once, for all who get it.
type encoded [dialects][]byte

func (e *encoded) in(d Dialect, encode func() []byte) []byte {
	if e[d] == nil {
		e[d] = encode()
	}
	return e[d]
}

func shownFrame(d Dialect, note notes.NoteID, from wire.Sender, data json.RawMessage) []byte {
	if d == NoteDialect {
		return wire.Ephemeral(from, data)
	}
	return wire.Presence(note, from, data)
}

func stateFrame(d Dialect, note notes.NoteID, shown map[wire.Sender]json.RawMessage) []byte {
	if d == NoteDialect {
		return wire.EphemeralState(shown)
	}
	return wire.PresenceState(note, shown)
}

func customFrame(d Dialect, note notes.NoteID, m *custom) []byte {
	if d == NoteDialect {
		note = ""
	}
	return wire.Custom(note, m.from, m.name, m.data, m.at)
}

// truthy reports whether JavaScript takes a value for true: the ancestor lists no others.
func truthy(data json.RawMessage) bool {
	switch text := string(data); text {
	case "", "null", "false", `""`:
		return false
	default:
		n, err := strconv.ParseFloat(text, 64)
		return err != nil || n != 0
	}
}
