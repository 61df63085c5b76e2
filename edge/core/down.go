package core

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// downIn names a frame outside of the log, and what is in it.
type downIn struct {
	Type         string       `json:"type"`
	ConnectionID string       `json:"connectionId"`
	User         notes.UserID `json:"userId"`
	Note         notes.NoteID `json:"noteId"`
	Cursor       string       `json:"cursor"`
	Reason       string       `json:"reason"`
	Code         int          `json:"code"`
	RetryAfterMS int64        `json:"retryAfterMs"`
	Now          notes.Millis `json:"now"`
	Expired      bool         `json:"expired"`
	// Secret is what the sessionSecret is made of: the token, or without one something
	// random. Empty: there is none, on an event stream.
	Secret string `json:"secret"`
	// Outcome is of a mutation_ack.
	Outcome *outcome `json:"outcome"`
	// Error is of an error frame.
	Error *refusal `json:"error"`
}

// outcome is notes.Outcome, whose view is of types that share a name.
type outcome struct {
	Op       string           `json:"op"`
	Mutation notes.MutationID `json:"mutationId"`
	Note     notes.NoteID     `json:"noteId"`
	Version  int64            `json:"version"`
	Cursor   notes.Cursor     `json:"cursor"`
	At       notes.Millis     `json:"at"`
	Head     *notes.Note      `json:"note"` // absent after leave
	Fields   *notes.Fields    `json:"fields"`
	// Merged, Conflicts and Kept are of the version that an edit made.
	Merged    bool     `json:"merged"`
	Conflicts []string `json:"conflicts"`
	Kept      bool     `json:"kept"`
	// FolderID and Folder are of a mutation of a folder; after its delete there is no Folder.
	FolderID notes.FolderID `json:"folderId"`
	Folder   *notes.Folder  `json:"folder"`
}

type downOut struct {
	Frame string `json:"frame"`
}

func down(in downIn) (downOut, error) {
	frame, err := frameOf(in)
	return downOut{string(frame)}, err
}

func frameOf(in downIn) ([]byte, error) {
	switch in.Type {
	case "connection_established":
		return wire.ConnectionEstablished(in.ConnectionID), nil
	case "auth_success":
		m := wire.AuthSuccess{UserID: in.User, Cursor: in.Cursor, ConnectionID: in.ConnectionID}
		if in.Secret != "" {
			m.SessionSecret = sessionSecret(in.Secret, in.User, in.Now)
		}
		return m.Encode(), nil
	case "auth_failed":
		return wire.AuthFailed(in.Expired), nil
	case "note_joined":
		return wire.NoteJoined(in.Note), nil
	case "note_left":
		return wire.NoteLeft(in.Note), nil
	case "pong":
		return wire.Pong(in.Now), nil
	case "resync":
		return wire.Resync(in.Cursor, in.Reason), nil
	case "reconnect":
		return wire.Reconnect(in.Code, in.Reason, in.RetryAfterMS), nil
	case "mutation_ack":
		if in.Outcome != nil {
			return wire.Ack(in.Outcome.domain()), nil
		}
	case "error":
		if in.Error != nil {
			return in.Error.frame(), nil
		}
	}
	return nil, errors.New("there is no such frame, or it lacks what is in it: " + in.Type)
}

func (o *outcome) domain() *notes.Outcome {
	out := &notes.Outcome{
		Op: o.Op, Mutation: o.Mutation, Note: o.Note, Version: o.Version, Cursor: o.Cursor, At: o.At,
		Merged: o.Merged, Conflicts: o.Conflicts, Kept: o.Kept, FolderID: o.FolderID, Folder: o.Folder,
	}
	if o.Head != nil {
		out.View = &notes.View{Note: o.Head, Fields: o.Fields}
	}
	return out
}

const secretWindow = 5 * time.Minute

// sessionSecret is what old clients expect: a hash of the token, the user and the five-minute
// window (the server's transport has the same).
func sessionSecret(token string, user notes.UserID, now notes.Millis) string {
	window := int64(now) - int64(now)%secretWindow.Milliseconds()
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%s:%d", token, user, window))
	return hex.EncodeToString(sum[:])
}
