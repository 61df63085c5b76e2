package functions

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport/wire"
)

// edgeAsk is a client's frame that the edge may not answer itself, and who sent it.
type edgeAsk struct {
	User     notes.UserID `json:"userId"`   // whose token the edge checked
	IssuedAt notes.Millis `json:"issuedAt"` // the token; 0: the login does not get stale
	Via      string       `json:"via"`      // the connection, whose confirmation it is
	Note     notes.NoteID `json:"noteId"`   // of the note dialect; empty: the account dialect
	Address  string       `json:"address"`  // where the client is; empty: the edge cannot tell
	Frame    string       `json:"frame"`
	// ID is the mutation's, if the frame has none: a request that is sent again is the same
	// mutation.
	ID notes.MutationID `json:"id"`
}

// edgeFrame does what a client's frame asks, as a session of the server would. The answer is
// the frame that the client gets at once, if any: a confirmation has its place in the log.
func (s *surface) edgeFrame(c echo.Context) error {
	var ask edgeAsk
	if err := edgeBody(c, &ask); err != nil {
		return err
	}
	if ask.IssuedAt != 0 && time.Since(time.UnixMilli(int64(ask.IssuedAt))) >= s.Sessions.Options.TokenStaleness {
		return notes.Refuse(notes.Unauthenticated, "the token is too old")
	}
	frame := s.doFrame(c.Request().Context(), &ask)
	return c.JSONBlob(http.StatusOK, wire.Encode(struct {
		Frame string `json:"frame,omitempty"`
	}{string(frame)}))
}

func (s *surface) doFrame(ctx context.Context, ask *edgeAsk) []byte {
	if ask.Note != "" {
		return s.doNoteFrame(ctx, ask)
	}
	up, refs, err := wire.DecodeUp([]byte(ask.Frame))
	switch m := up.(type) {
	case wire.JoinNote:
		if _, err = s.Service.NoteHead(ctx, ask.User, m.NoteID); err == nil {
			return wire.NoteJoined(m.NoteID)
		}
	case wire.Mutate:
		if m.Owner != "" && m.Owner != ask.User {
			err = notes.Refuse(notes.Forbidden, "Access denied: Cannot broadcast resource created by another user")
			break
		}
		var out *notes.Outcome
		if out, err = s.doMutation(ctx, ask, ask.Via, m.Mutation); err == nil {
			return ackOf(out)
		}
	default:
		if err == nil {
			err = notes.Refuse(notes.Invalid, "the edge answers this itself")
		}
	}
	s.logFault(err)
	return wire.AccountError(err, refs)
}

func (s *surface) doNoteFrame(ctx context.Context, ask *edgeAsk) []byte {
	up, refs, err := wire.DecodeNoteUp([]byte(ask.Frame), ask.Note)
	if err == nil && up.Edit == nil {
		err = notes.Refuse(notes.Invalid, "the edge answers this itself")
	}
	if err == nil {
		var out *notes.Outcome
		if out, err = s.doMutation(ctx, ask, "", *up.Edit); err == nil {
			return ackOf(out)
		}
	}
	s.logFault(err)
	refs.NoteID = ask.Note
	return wire.ErrorFrame(wire.ProblemOf(err, refs))
}

func (s *surface) doMutation(ctx context.Context, ask *edgeAsk, via string, m notes.Mutation) (*notes.Outcome, error) {
	if m.ID == "" {
		m.ID = ask.ID
	}
	if s.Sessions.Quota != nil {
		address, _ := netip.ParseAddr(ask.Address) // invalid if there is none: not counted
		if err := s.Sessions.Quota.Take(ask.User, address.Unmap(), 1, len(ask.Frame)); err != nil {
			return nil, err
		}
	}
	return s.Service.Mutate(ctx, ask.User, via, m)
}

// ackOf is the confirmation of a mutation that has no place in the log.
func ackOf(out *notes.Outcome) []byte {
	if out.Repeated || !out.Logged {
		return wire.Ack(out)
	}
	return nil
}

// logFault logs what is our fault: a frame has no place for an id.
func (s *surface) logFault(err error) {
	if _, theirs := errors.AsType[*wire.FormatError](err); theirs {
		return
	}
	if code := notes.CodeOf(err); code == notes.Unavailable || code == notes.Internal {
		s.Log.Error("a frame from the edge failed", "error", err)
	}
}
