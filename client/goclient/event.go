package goclient

import (
	"encoding/json"
	"fmt"
)

// Event is a frame from the server, of either dialect (PROTOCOL.md, sections 3 and 4).
type Event struct {
	Type       string
	Cursor     string // the place in the log after it; empty for a frame outside the log
	NoteID     string
	FolderID   string // of an event of a folder; it has no NoteID
	MutationID string
	Version    int64 // of the note; 0 if it says none
	// Data is the very text of the frame: one JSON object.
	Data []byte
	// ID is the event's id on an event stream; empty on a WebSocket. A frame outside the
	// log repeats the id before it.
	ID string
}

// Decode reads the frame's JSON into v.
func (e *Event) Decode(v any) error { return json.Unmarshal(e.Data, v) }

// parseEvent reads the members that all dialects share. note is the note of the stream, or
// empty: the note dialect does not name it.
func parseEvent(f frame, note string) (Event, error) {
	var members struct {
		Type       string `json:"type"`
		Cursor     string `json:"cursor"`
		NoteID     string `json:"noteId"`
		FolderID   string `json:"folderId"`
		MutationID string `json:"mutationId"`
		Version    int64  `json:"version"`
	}
	if err := json.Unmarshal(f.data, &members); err != nil || members.Type == "" {
		return Event{}, fmt.Errorf("goclient: a frame is not Notewire's: %.200q", f.data)
	}
	if members.NoteID == "" {
		members.NoteID = note
	}
	return Event{
		Type: members.Type, Cursor: members.Cursor, NoteID: members.NoteID, FolderID: members.FolderID,
		MutationID: members.MutationID, Version: members.Version, Data: f.data, ID: f.id,
	}, nil
}
