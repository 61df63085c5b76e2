package wire

import "notewire/notes"

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
	// Mutate asks for a change: note_update, note_created, note_deleted, or of a folder.
	Mutate struct {
		notes.Mutation
		Owner notes.UserID // who the client says owns what it created; empty: the sender
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

// DecodeUp reads a message of the account dialect. Errors are *FormatError.
func DecodeUp(data []byte) (Up, Refs, error) {
	if isNull(data) { // the ancestor's answer to null, A1.5
		return nil, Refs{}, malformed(WrongType, "Message authentication failed", "the message must not be null")
	}
	h := readHead(data)
	decoder := decoders[h.kind]
	if decoder == nil {
		return nil, h.Refs, unknownType(data)
	}
	up, err := decoder(data)
	return up, h.Refs, err
}

// unknownType says why no decoder was found for a message.
func unknownType(data []byte) error {
	var m struct {
		Type *string `json:"type"`
	}
	if err := decodeFrame(data, &m); err != nil {
		return err
	}
	if m.Type == nil {
		return malformed(UnknownType, "Unknown message type", "type is missing")
	}
	return malformed(UnknownType, "Unknown message type", *m.Type)
}

var decoders = map[string]func([]byte) (Up, error){
	"auth":       decodeAs[Auth],
	"join_note":  decodeJoin,
	"leave_note": decodeLeave,
	"ping":       decodeAs[Ping],

	"note_update":  decodeUpdate,
	"note_created": decodeCreated,
	"note_deleted": decodeDeleted,

	"folder_created": decodeFolderCreated,
	"folder_updated": decodeFolderUpdated,
	"folder_deleted": decodeFolderDeleted,

	"presence": decodePresence,
	"custom":   decodeCustom,
}

func decodeAs[T Up](data []byte) (Up, error) {
	var m T
	if err := decodeFrame(data, &m); err != nil {
		return nil, err
	}
	return m, nil
}

func missing(message, member string) error {
	return malformed(MissingMember, message, member+" is missing")
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
