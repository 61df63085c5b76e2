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
	RetryAfterMS int64            `json:"retryAfterMs,omitzero"`
	ErrorID      string           `json:"errorId,omitempty"` // names the line in the server's log
	Current      *Note            `json:"current,omitzero"`
}

// ProblemOf describes err. An error that is neither a refusal nor a format error is ours:
// it says nothing of itself.
func ProblemOf(err error, refs Refs) Problem {
	p := Problem{Code: string(notes.Internal), Message: "Internal error", MutationID: refs.MutationID, NoteID: refs.NoteID}
	if f, ok := errors.AsType[*FormatError](err); ok {
		p.Code, p.Message, p.Reason = string(f.Code), f.Message, oneLine(f.Detail)
		return p
	}
	if e, ok := errors.AsType[*notes.Error](err); ok {
		p.Code, p.Message, p.RetryAfterMS = string(e.Code), e.Message, e.RetryAfter
		if e.Current != nil {
			p.Current = NoteOf(e.Current)
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

// AccountError is a refusal in the account dialect, in the ancestor's words (A1.4): it
// does not tell a note that is not there from one that is not the sender's.
func AccountError(err error, refs Refs) []byte {
	p := ProblemOf(err, refs)
	switch notes.Code(p.Code) {
	case notes.NotFound, notes.Forbidden:
		p.Reason, p.Message = p.Message, "Note not found or access denied"
	case notes.Internal:
		p.Message = "Failed to update note"
	}
	return ErrorFrame(p)
}
