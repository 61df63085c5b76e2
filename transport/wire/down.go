package wire

import "notewire/notes"

// Messages to clients of the account dialect that are not in the log (seed 000, A1.3).

// ConnectionEstablished is the first message on a WebSocket.
func ConnectionEstablished(connectionID string) []byte {
	return Encode(struct {
		Type         string `json:"type"`
		Message      string `json:"message"`
		ConnectionID string `json:"connectionId"`
	}{"connection_established", "Please authenticate to continue", connectionID})
}

// AuthSuccess says who the connection is, and where in the log it stands.
type AuthSuccess struct {
	UserID        notes.UserID
	SessionSecret string // 64 hex digits; empty where frames cannot be signed
	Cursor        string
	ConnectionID  string
}

// Encode returns the frame.
func (m AuthSuccess) Encode() []byte {
	return Encode(struct {
		Type          string       `json:"type"`
		Message       string       `json:"message"`
		UserID        notes.UserID `json:"userId"`
		SessionSecret string       `json:"sessionSecret,omitempty"`
		Cursor        string       `json:"cursor"`
		ConnectionID  string       `json:"connectionId"`
	}{"auth_success", "Authentication successful", m.UserID, m.SessionSecret, m.Cursor, m.ConnectionID})
}

// AuthFailed refuses a token.
func AuthFailed(expired bool) []byte {
	m := struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		Reason  string `json:"reason"`
	}{"auth_failed", "Authentication failed", "auth-failed"}
	if expired {
		m.Message, m.Reason = "Token expired", "token-expired"
	}
	return Encode(m)
}

// AuthEnded says that the sign-in has ended: another token of it is of no use.
func AuthEnded() []byte {
	return Encode(struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		Reason  string `json:"reason"`
	}{"auth_failed", "Signed out", "signed-out"})
}

// TokenExpiring tells the client of either dialect that the connection ends at a time, in so
// many milliseconds, unless a fresh token comes before.
func TokenExpiring(connectionID string, expiresAt notes.Millis, inMS int64) []byte {
	return Encode(struct {
		Type         string       `json:"type"`
		ConnectionID string       `json:"connectionId"`
		ExpiresAt    notes.Millis `json:"expiresAt"`
		InMS         int64        `json:"inMs"`
	}{"token_expiring", connectionID, expiresAt, inMS})
}

// NoteJoined answers join_note.
func NoteJoined(id notes.NoteID) []byte {
	return Encode(struct {
		Type    string       `json:"type"`
		NoteID  notes.NoteID `json:"noteId"`
		Message string       `json:"message"`
	}{"note_joined", id, "Successfully joined note for real-time sync"})
}

// NoteLeft answers leave_note.
func NoteLeft(id notes.NoteID) []byte {
	return Encode(struct {
		Type   string       `json:"type"`
		NoteID notes.NoteID `json:"noteId"`
	}{"note_left", id})
}

// Pong answers ping.
func Pong(now notes.Millis) []byte {
	return Encode(struct {
		Type      string       `json:"type"`
		Timestamp notes.Millis `json:"timestamp"`
	}{"pong", now})
}

// Resync tells the client that the log does not go on from its cursor: it lists the notes
// again and goes on from this one.
func Resync(cursor, reason string) []byte {
	return Encode(struct {
		Type   string `json:"type"`
		Cursor string `json:"cursor"`
		Reason string `json:"reason"`
	}{"resync", cursor, reason})
}

// Reconnect tells the client that this connection ends, and when to come back.
func Reconnect(code int, reason string, retryAfterMS int64) []byte {
	return Encode(struct {
		Type         string `json:"type"`
		Reason       string `json:"reason"`
		Code         int    `json:"code"`
		RetryAfterMS int64  `json:"retryAfterMs"`
	}{"reconnect", reason, code, retryAfterMS})
}

// Ack confirms a mutation that has no place in the log: a repeated one, or one that found
// its effect already there.
func Ack(out *notes.Outcome) []byte {
	if out.FolderID != "" {
		return Encode(folderAck{
			Type: "mutation_ack", FolderID: out.FolderID, Op: out.Op, Folder: out.Folder, Timestamp: out.At,
			Cursor: out.Cursor.String(), MutationID: out.Mutation,
		})
	}
	m := ack{
		Type: "mutation_ack", MutationID: out.Mutation, Op: out.Op, NoteID: out.Note,
		Version: out.Version, Cursor: out.Cursor.String(), Timestamp: out.At,
	}
	if out.View != nil {
		m.UpdatedNote = NoteOf(out.View)
		m.merge = mergeFrom(out.Merged, out.Conflicts, out.Kept, out.Note, out.Version)
	}
	if m.Op == (notes.Edit{}).Name() {
		m.Type, m.Op = "note_update_success", ""
	}
	return Encode(m)
}

// ack is note_update_success and mutation_ack.
type ack struct {
	Type        string           `json:"type"`
	NoteID      notes.NoteID     `json:"noteId"`
	Op          string           `json:"op,omitempty"`
	UpdatedNote *Note            `json:"updatedNote,omitzero"`
	Timestamp   notes.Millis     `json:"timestamp"`
	Version     int64            `json:"version"`
	Cursor      string           `json:"cursor"`
	MutationID  notes.MutationID `json:"mutationId"`
	merge       `json:",inline"`
}
