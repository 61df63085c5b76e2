package core

import (
	"notewire/notes"
	"notewire/transport/wire"
)

// refusal is a *notes.Error with what it refuses, and where it is said.
type refusal struct {
	Code         notes.Code       `json:"code"`
	Message      string           `json:"message"`
	RetryAfterMS int64            `json:"retryAfterMs"`
	Note         notes.NoteID     `json:"noteId"`
	Folder       notes.FolderID   `json:"folderId"`
	Mutation     notes.MutationID `json:"mutationId"`
	Account      bool             `json:"account"` // in the account dialect's words
}

func (r *refusal) err() error {
	return &notes.Error{Code: r.Code, Message: r.Message, RetryAfter: r.RetryAfterMS}
}

func (r *refusal) refs() wire.Refs {
	return wire.Refs{NoteID: r.Note, FolderID: r.Folder, MutationID: r.Mutation}
}

func (r *refusal) frame() []byte {
	if r.Account {
		return wire.AccountError(r.err(), r.refs())
	}
	return wire.ErrorFrame(wire.ProblemOf(r.err(), r.refs()))
}

// answer is a refusal as an HTTP answer.
type answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
	// RetryAfter is the header's value, in seconds; 0: none.
	RetryAfter int64 `json:"retryAfter,omitempty"`
}

// statuses is what the edge itself may refuse; anything else comes from the origin.
var statuses = map[notes.Code]int{
	notes.Unauthenticated: 401,
	notes.Forbidden:       403,
	notes.NotFound:        404,
	notes.RateLimited:     429,
	notes.Unavailable:     503,
}

// refuse is a refusal as the server's HTTP surface would say it.
func refuse(in refusal) (answer, error) {
	status, ok := statuses[in.Code]
	if !ok {
		status = 500
	}
	p := wire.ProblemOf(in.err(), in.refs())
	return answer{status, string(wire.ErrorBody(p)), (p.RetryAfterMS + 999) / 1000}, nil
}
