package wire

import (
	"encoding/json"

	"notewire/notes"
)

// Up is a message from a client of the account dialect (seed 000, A1.2).
type Up interface{ up() }

type (
	// Auth signs the connection in; again at any time, it refreshes the token.
	Auth struct {
		Token  string `json:"token"`
		Cursor string `json:"cursor"` // where to resume; empty: from now on
	}
	// JoinNote says that the client looks at a note.
	JoinNote struct {
		NoteID notes.NoteID `json:"noteId"`
	}
	// LeaveNote says that it no longer does.
	LeaveNote struct {
		NoteID notes.NoteID `json:"noteId"`
	}
	// Ping asks for a pong, also before auth.
	Ping struct{}
	// Mutate asks for a change: note_update, note_created or note_deleted.
	Mutate struct {
		notes.Mutation
		Owner notes.UserID // note_created: who the client says owns the note; empty: the sender
	}
)

func (Auth) up()      {}
func (JoinNote) up()  {}
func (LeaveNote) up() {}
func (Ping) up()      {}
func (Mutate) up()    {}

type noteUpdate struct {
	NoteID     notes.NoteID     `json:"noteId"`
	MutationID notes.MutationID `json:"mutationId"`
	notes.Edit
}

type noteCreated struct {
	NoteID     notes.NoteID     `json:"noteId"`
	MutationID notes.MutationID `json:"mutationId"`
	NoteData   *struct {
		ID     notes.NoteID `json:"id"`
		UserID notes.UserID `json:"userId"`
		notes.Create
	} `json:"noteData"`
}

type noteDeleted struct {
	NoteID     notes.NoteID     `json:"noteId"`
	MutationID notes.MutationID `json:"mutationId"`
}

// Refs are the ids that a message carries, readable even where the rest of it is wrong, so
// that a refusal can name what it refuses.
type Refs struct {
	NoteID     notes.NoteID
	MutationID notes.MutationID
}

// DecodeUp reads a message of the account dialect. Errors are *FormatError.
func DecodeUp(data []byte) (Up, Refs, error) {
	head := struct {
		Type       *string         `json:"type"`
		NoteID     json.RawMessage `json:"noteId"`
		MutationID json.RawMessage `json:"mutationId"`
	}{}
	if string(data) == "null" { // the ancestor's answer to null, A1.5
		return nil, Refs{}, &FormatError{WrongType, "Message authentication failed", "the message is null"}
	}
	if err := decodeFrame(data, &head); err != nil {
		return nil, Refs{}, err
	}
	refs := Refs{NoteID: notes.NoteID(id(head.NoteID)), MutationID: notes.MutationID(id(head.MutationID))}
	if head.Type == nil {
		return nil, refs, &FormatError{UnknownType, "Unknown message type", "type is missing"}
	}
	decoder := decoders[*head.Type]
	if decoder == nil {
		return nil, refs, &FormatError{UnknownType, "Unknown message type", *head.Type}
	}
	up, err := decoder(data)
	return up, refs, err
}

// id returns a JSON string if it is an id, and else nothing.
func id(raw []byte) string {
	var s string
	if json.Unmarshal(raw, &s) != nil || !notes.ValidID(s) {
		return ""
	}
	return s
}

var decoders = map[string]func([]byte) (Up, error){
	"auth":       decodeAs[Auth],
	"join_note":  decodeJoin,
	"leave_note": decodeLeave,
	"ping":       func([]byte) (Up, error) { return Ping{}, nil },

	"note_update":  decodeUpdate,
	"note_created": decodeCreated,
	"note_deleted": decodeDeleted,
}

func decodeAs[T Up](data []byte) (Up, error) {
	var m T
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	return m, nil
}

func missing(message, member string) error {
	return &FormatError{MissingMember, message, member + " is missing"}
}

func decodeJoin(data []byte) (Up, error) {
	var m JoinNote
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.NoteID == "" {
		return nil, missing("Missing noteId or userId", "noteId")
	}
	return m, nil
}

func decodeLeave(data []byte) (Up, error) {
	var m LeaveNote
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.NoteID == "" {
		return nil, missing("Missing noteId", "noteId")
	}
	return m, nil
}

func decodeUpdate(data []byte) (Up, error) {
	var m noteUpdate
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.NoteID == "" {
		return nil, missing("Missing userId or noteId", "noteId")
	}
	return Mutate{Mutation: notes.Mutation{ID: m.MutationID, Note: m.NoteID, Op: m.Edit}}, nil
}

func decodeCreated(data []byte) (Up, error) {
	var m noteCreated
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.NoteData == nil {
		return nil, missing("Missing noteData", "noteData")
	}
	note := m.NoteData.ID
	if note == "" {
		note = m.NoteID
	}
	m.NoteData.IfAbsent = true
	return Mutate{
		Mutation: notes.Mutation{ID: m.MutationID, Note: note, Op: m.NoteData.Create},
		Owner:    m.NoteData.UserID,
	}, nil
}

func decodeDeleted(data []byte) (Up, error) {
	var m noteDeleted
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	if m.NoteID == "" {
		return nil, missing("Missing noteId", "noteId")
	}
	return Mutate{Mutation: notes.Mutation{ID: m.MutationID, Note: m.NoteID, Op: notes.Trash{}}}, nil
}
