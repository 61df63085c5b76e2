package core

import (
	"errors"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// upIn is a message from a client, and what its session knows.
type upIn struct {
	Frame string       `json:"frame"`
	Note  notes.NoteID `json:"noteId"` // the note dialect's; empty: the account dialect
	User  notes.UserID `json:"userId"` // who signed in; empty: nobody yet
	Now   notes.Millis `json:"now"`
	Rate  rate         `json:"rate"`
	// Discarded says that the message was thrown away unread: too_large, or not_text.
	Discarded string `json:"discarded"`
}

// rate is a fixed window: how many messages it may have, and how many it had.
type rate struct {
	Limit    int          `json:"limit"`
	WindowMS int64        `json:"windowMs"`
	Begun    notes.Millis `json:"begun"`
	Count    int          `json:"count"`
}

// take counts a message, and returns how long to wait if it is one too many.
func (r *rate) take(now notes.Millis) time.Duration {
	if int64(now-r.Begun) >= r.WindowMS {
		r.Begun, r.Count = now, 0
	}
	r.Count++
	if r.Count <= r.Limit {
		return 0
	}
	return time.Duration(int64(r.Begun)+r.WindowMS-int64(now)) * time.Millisecond
}

// upOut is what a message asks for: at most one of Frame, Auth and Forward.
type upOut struct {
	Rate  rate    `json:"rate"`
	Frame string  `json:"frame,omitempty"` // the answer, at once
	Auth  *authIn `json:"auth,omitempty"`  // to check this token
	// Forward asks the origin: a mutation, or whether a note may be looked at. Refs name
	// what an error about it would.
	Forward bool             `json:"forward,omitempty"`
	Note    notes.NoteID     `json:"noteId,omitempty"`
	Folder  notes.FolderID   `json:"folderId,omitempty"`
	ID      notes.MutationID `json:"mutationId,omitempty"`
}

type authIn struct {
	Token  string `json:"token"`
	Cursor string `json:"cursor"`
}

// up reads a message, in the order of the server's checks: size, rate, format, who asks, and
// what is wrong whatever the store holds.
func up(in upIn) (upOut, error) {
	if in.Discarded != "" {
		err, known := discarded[in.Discarded]
		if !known {
			return upOut{}, errors.New("no reason to discard: " + in.Discarded)
		}
		return upOut{Rate: in.Rate, Frame: in.refusal(err, wire.Refs{NoteID: in.Note})}, nil
	}
	late := in.Rate.take(in.Now)
	out := upOut{Rate: in.Rate}
	if in.Note != "" {
		in.upNote(&out, late)
	} else {
		in.upAccount(&out, late)
	}
	return out, nil
}

var discarded = map[string]error{
	"too_large": notes.Refuse(notes.TooLarge, "Message too large. Maximum size is 1MB."),
	"not_text":  &wire.FormatError{Code: wire.InvalidJSON, Message: "Invalid message format", Detail: "a message is a text frame"},
}

var errNoPresence = notes.Refuse(notes.Invalid, "not available here: presence and custom messages need a connection to a server")

func tooFast(wait time.Duration) error {
	return &notes.Error{Code: notes.RateLimited, Message: "Rate limit exceeded. Please slow down.", RetryAfter: wait.Milliseconds()}
}

// refusal is in the words of the dialect.
func (in *upIn) refusal(err error, refs wire.Refs) string {
	if in.Note != "" {
		return string(wire.ErrorFrame(wire.ProblemOf(err, refs)))
	}
	return string(wire.AccountError(err, refs))
}

func (in *upIn) upAccount(out *upOut, late time.Duration) {
	up, refs, err := wire.DecodeUp([]byte(in.Frame))
	if late > 0 {
		err = tooFast(late)
	}
	if err != nil {
		out.Frame = in.refusal(err, refs)
		return
	}
	switch m := up.(type) {
	case wire.Ping:
		out.Frame = string(wire.Pong(in.Now))
		return
	case wire.Auth:
		out.Auth = &authIn{m.Token, m.Cursor}
		return
	}
	if in.User == "" {
		out.Frame = in.refusal(notes.Refuse(notes.Unauthenticated, "Authentication required"), refs)
		return
	}
	switch m := up.(type) {
	case wire.LeaveNote:
		out.Frame = string(wire.NoteLeft(m.NoteID))
		return
	case wire.SetPresence, wire.SendCustom:
		out.Frame = in.refusal(errNoPresence, refs)
		return
	case wire.Mutate:
		if m.Owner != "" && m.Owner != in.User {
			out.Frame = string(wire.ErrorFrame(wire.Problem{
				Code: string(notes.Forbidden), Message: "Access denied: Cannot broadcast resource created by another user",
				MutationID: refs.MutationID, NoteID: refs.NoteID, FolderID: refs.FolderID,
			}))
			return
		}
	}
	out.forward(refs)
}

func (in *upIn) upNote(out *upOut, late time.Duration) {
	up, refs, err := wire.DecodeNoteUp([]byte(in.Frame), in.Note)
	if late > 0 {
		err = tooFast(late)
	}
	switch {
	case err != nil:
		out.Frame = in.refusal(err, wire.Refs{NoteID: in.Note, MutationID: refs.MutationID})
	case up.Ping:
		out.Frame = string(wire.Pong(in.Now))
	case up.Ephemeral != nil || up.Custom != nil:
		out.Frame = in.refusal(errNoPresence, wire.Refs{NoteID: in.Note})
	default:
		out.forward(refs)
	}
}

// forward leaves the bounds of a mutation to the origin: an operator may have changed them.
func (out *upOut) forward(refs wire.Refs) {
	out.Forward, out.Note, out.Folder, out.ID = true, refs.NoteID, refs.FolderID, refs.MutationID
}
