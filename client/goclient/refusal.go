package goclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// ErrTooLarge is wrapped by the error for a frame or an answer above the client's limit.
var ErrTooLarge = errors.New("too large")

// Refusal is the server's word that it did not do what it was asked: nothing was written,
// unless Code is "unavailable": then the outcome is unknown, and the same mutation may be
// sent again. The codes are those of PROTOCOL.md, section 6.
type Refusal struct {
	Status       int
	Code         string
	Message      string
	Reason       string // a detail for a developer; may be empty
	MutationID   string
	RetryAfterMs int64           // 0: the server does not say
	Current      json.RawMessage // the note as it is, with version_mismatch, conflict, base_gone and note_expired
	Base         json.RawMessage // the note as it was edited, with a conflict of ciphertexts
	Body         []byte          // the whole answer
}

func (r *Refusal) Error() string {
	if r.Reason != "" {
		return fmt.Sprintf("%s (%s: %s)", r.Message, r.Code, r.Reason)
	}
	return fmt.Sprintf("%s (%s)", r.Message, r.Code)
}

// AnswerError is an answer that is not Notewire's: a proxy's, or another program's at that
// address. What became of a request that writes is unknown.
type AnswerError struct {
	Status int
	Body   []byte // what was read of it
}

func (e *AnswerError) Error() string {
	return fmt.Sprintf("the answer is not Notewire's: %d %s: %.200q", e.Status, http.StatusText(e.Status), e.Body)
}

// failure returns what an answer other than a success says: a *Refusal or an *AnswerError.
func failure(status int, body []byte) error {
	var answer struct {
		Error struct {
			Code, Message, Reason, MutationID string
			RetryAfterMs                      int64
			Current, Base                     json.RawMessage
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Error.Code == "" {
		return &AnswerError{Status: status, Body: body}
	}
	e := answer.Error
	return &Refusal{
		Status: status, Code: e.Code, Message: e.Message, Reason: e.Reason, MutationID: e.MutationID,
		RetryAfterMs: e.RetryAfterMs, Current: e.Current, Base: e.Base, Body: body,
	}
}

// statusOf is the HTTP status that err is about, or 0.
func statusOf(err error) int {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Status
	}
	if a, ok := errors.AsType[*AnswerError](err); ok {
		return a.Status
	}
	return 0
}
