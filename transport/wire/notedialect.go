package wire

import (
	"encoding/json"

	"notewire/notes"
)

// The note dialect (seed 001, A2.2): one connection follows one note.

// Initial is the first message without a cursor: the note as it is.
func Initial(n *notes.Note, to Audience, sessionID, cursor string) []byte {
	return Encode(noteEvent{Type: "initial", Data: NoteAt(n, to), SessionID: sessionID, Cursor: cursor, Version: n.Version})
}

// NoteEvent is a version as the note's connections see it, the sender's too.
func NoteEvent(v *notes.Version, to Audience, cursor string) []byte {
	m := noteEvent{Cursor: cursor, Version: v.Note.Version}
	if to == Members {
		m.MutationID, m.FromUserID = v.Mutation, v.Author
	}
	if v.Deletes() {
		m.Type, m.Data = "delete", struct {
			ID notes.NoteID `json:"id"`
		}{v.ID}
		return Encode(m)
	}
	m.Type, m.Data, m.merge = eventType(v.Op), NoteAt(v.Note, to), mergeOf(v)
	if to == PassersBy && m.Conflict != nil {
		m.Conflict.Kept = "" // not theirs to read
	}
	return Encode(m)
}

type noteEvent struct {
	Type       string           `json:"type"`
	Data       any              `json:"data"`
	SessionID  string           `json:"sessionId,omitempty"`
	Cursor     string           `json:"cursor"`
	Version    int64            `json:"version"`
	MutationID notes.MutationID `json:"mutationId,omitempty"`
	FromUserID notes.UserID     `json:"fromUserId,omitempty"`
	merge      `json:",inline"`
}

func eventType(op string) string {
	switch op {
	case "create", "revert":
		return op
	}
	return "update"
}

// NoteUp is a message from a client of the note dialect. Exactly one member is set.
type NoteUp struct {
	Edit      *notes.Mutation // update_event
	Ephemeral *SetPresence
	Custom    *SendCustom
	Ping      bool
}

type updateEvent struct {
	MutationID      notes.MutationID `json:"mutationId"`
	ExpectedVersion notes.Seen       `json:"expectedVersion"`
	BaseVersion     notes.Seen       `json:"baseVersion"`
	BaseMutation    notes.MutationID `json:"baseMutationId"`
	Data            *struct {
		Title   *string                    `json:"title"` // null keeps the title, as absent does (A2.3)
		Blob    notes.Opt[json.RawMessage] `json:"blob"`
		Content notes.Opt[string]          `json:"content"`
	} `json:"data"`
}

// DecodeNoteUp reads a message of the note dialect about the connection's note. Errors
// are *FormatError.
func DecodeNoteUp(data []byte, note notes.NoteID) (NoteUp, Refs, error) {
	h := readHead(data)
	h.NoteID, h.FolderID = note, "" // the connection is about the one note
	switch h.kind {
	case "ping":
		_, err := decodeAs[Ping](data)
		return NoteUp{Ping: err == nil}, h.Refs, err
	case "update_event":
		m, err := decodeUpdateEvent(data, note)
		return NoteUp{Edit: m}, h.Refs, err
	case "ephemeral":
		m, err := decodeEphemeral(data, note)
		return NoteUp{Ephemeral: m}, h.Refs, err
	case "custom":
		m, err := decodeNoteCustom(data, note)
		return NoteUp{Custom: m}, h.Refs, err
	}
	return NoteUp{}, h.Refs, unknownType(data)
}

func decodeUpdateEvent(data []byte, note notes.NoteID) (*notes.Mutation, error) {
	var m updateEvent
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.Data == nil {
		return nil, missing("Missing data", "data")
	}
	edit := notes.Edit{ExpectedVersion: m.ExpectedVersion, BaseVersion: m.BaseVersion, BaseMutation: m.BaseMutation}
	edit.Changes.Blob, edit.Changes.Content = m.Data.Blob, m.Data.Content
	if m.Data.Title != nil {
		edit.Changes.Title = notes.Some(m.Data.Title)
	}
	return &notes.Mutation{ID: m.MutationID, Note: note, Op: edit}, nil
}
