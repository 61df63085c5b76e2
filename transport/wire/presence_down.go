package wire

import (
	"encoding/json"

	"notewire/notes"
)

// Sender is a connection that shows something, or has sent a custom message, and whose it is.
type Sender struct {
	User notes.UserID
	ID   string // of the connection; empty for a custom message by POST that names none
}

// Ephemeral is what a connection shows, in the note dialect; without data, nothing any more.
func Ephemeral(from Sender, data json.RawMessage) []byte {
	return Encode(struct {
		Type     string          `json:"type"`
		SenderID string          `json:"senderId"`
		UserID   notes.UserID    `json:"userId"`
		Data     json.RawMessage `json:"data"`
	}{"ephemeral", from.ID, from.User, orNull(data)})
}

// Presence is the same in the account dialect.
func Presence(note notes.NoteID, from Sender, data json.RawMessage) []byte {
	return Encode(struct {
		Type     string          `json:"type"`
		NoteID   notes.NoteID    `json:"noteId"`
		SenderID string          `json:"senderId"`
		UserID   notes.UserID    `json:"userId"`
		Data     json.RawMessage `json:"data"`
	}{"presence", note, from.ID, from.User, orNull(data)})
}

// EphemeralState is what connections show to one that has come, in the note dialect.
func EphemeralState(shown map[Sender]json.RawMessage) []byte {
	data := make(map[string]json.RawMessage, len(shown))
	for from, value := range shown {
		data[from.ID] = value
	}
	return Encode(struct {
		Type string                     `json:"type"`
		Data map[string]json.RawMessage `json:"data"`
	}{"ephemeral_state", data})
}

type present struct {
	UserID notes.UserID    `json:"userId"`
	Data   json.RawMessage `json:"data"`
}

// PresenceState is the same in the account dialect.
func PresenceState(note notes.NoteID, shown map[Sender]json.RawMessage) []byte {
	data := make(map[string]present, len(shown))
	for from, value := range shown {
		data[from.ID] = present{from.User, value}
	}
	return Encode(struct {
		Type   string             `json:"type"`
		NoteID notes.NoteID       `json:"noteId"`
		Data   map[string]present `json:"data"`
	}{"presence_state", note, data})
}

// customFrame is a custom message; the note dialect's has no note.
type customFrame struct {
	Type       string          `json:"type"`
	NoteID     notes.NoteID    `json:"noteId,omitempty"`
	Name       string          `json:"name"`
	Data       json.RawMessage `json:"data"`
	SenderID   string          `json:"senderId,omitempty"`
	FromUserID notes.UserID    `json:"fromUserId"`
	Timestamp  notes.Millis    `json:"timestamp"`
}

// Custom is a custom message as a note's connections get it; note is empty in the note dialect.
func Custom(note notes.NoteID, from Sender, name string, data json.RawMessage, at notes.Millis) []byte {
	return Encode(customFrame{
		Type: "custom", NoteID: note, Name: name, Data: orNull(data), SenderID: from.ID, FromUserID: from.User, Timestamp: at,
	})
}

func orNull(data json.RawMessage) json.RawMessage {
	if data == nil {
		return json.RawMessage("null")
	}
	return data
}
