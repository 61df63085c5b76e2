package wire

import (
	"errors"

	"notewire/notes"
)

// Problem is a refusal as JSON: the body of an HTTP error, and the members of an error
// frame.
type Problem struct {
	Code         string           `json:"code"`
	Message      string           `json:"message"`
	Reason       string           `json:"reason,omitempty"` // detail for a developer
	MutationID   notes.MutationID `json:"mutationId,omitempty"`
	NoteID       notes.NoteID     `json:"noteId,omitempty"`
	FolderID     notes.FolderID   `json:"folderId,omitempty"`
	RetryAfterMS int64            `json:"retryAfterMs,omitzero"`
	ErrorID      string           `json:"errorId,omitempty"` // names the line in the server's log
	Current      *Note            `json:"current,omitzero"`
	Base         *Note            `json:"base,omitzero"` // what the author had before him, where he must merge
}

// ProblemOf describes err. An error that is neither a refusal nor a format error is ours:
// it says nothing of itself. Refs that are no ids are left out: they may be long, or no text.
func ProblemOf(err error, refs Refs) Problem {
	p := Problem{
		Code: string(notes.Internal), Message: "Internal error",
		MutationID: mutationID(string(refs.MutationID)), NoteID: noteID(string(refs.NoteID)),
		FolderID: folderID(string(refs.FolderID)),
	}
	if f, ok := errors.AsType[*FormatError](err); ok {
		p.Code, p.Message, p.Reason = string(f.Code), f.Message, f.Detail
		return p
	}
	if e, ok := errors.AsType[*notes.Error](err); ok {
		p.Code, p.Message, p.RetryAfterMS = string(e.Code), e.Message, e.RetryAfter
		if e.Current != nil {
			p.Current = NoteOf(e.Current)
		}
		if e.Base != nil {
			p.Base = NoteOf(e.Base)
		}
	}
	return p
}

// ErrorFrame is a refusal in either dialect.
func ErrorFrame(p Problem) []byte {
	return Encode(struct {
		Type    string `json:"type"`
		Problem `json:",inline"`
	}{"error", p})
}

// AccountError is a refusal in the account dialect, in the ancestor's words (A1.4), which
// do not tell a note that is not there from one that is not the sender's; code and reason do.
func AccountError(err error, refs Refs) []byte {
	p := ProblemOf(err, refs)
	switch notes.Code(p.Code) {
	case notes.NotFound, notes.Forbidden:
		if p.FolderID == "" {
			p.Reason, p.Message = p.Message, "Note not found or access denied"
		}
	case notes.Internal:
		p.Message = "Failed to update note"
		if p.FolderID != "" {
			p.Message = "Failed to update folder"
		}
	}
	return ErrorFrame(p)
}
