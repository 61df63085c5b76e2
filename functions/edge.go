package functions

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/edge"
	"notewire/transport/wire"
)

// Edge is what the surface for an edge in front of this server is made of. All of its
// requests are signed: they act for any user.
type Edge struct {
	Secret []byte
	Policy EdgePolicy
}

// edgeRoutes adds what only the edge may ask (edge/DESIGN.md).
func (s *surface) edgeRoutes(e *echo.Echo) {
	g := e.Group("/edge", s.onlyEdge)
	g.POST("/policy", s.edgePolicy)
	g.POST("/log", s.edgeLog)
	g.POST("/access", s.edgeAccess)
	g.POST("/frame", s.edgeFrame)
}

// signedBody is the context's key of a body that was read to check its signature.
const signedBody = "signedBody"

// onlyEdge lets only requests in that are signed with the secret.
func (s *surface) onlyEdge(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, 2*s.BodyBytes)) // JSON in JSON
		if err != nil {
			return bodyError(err)
		}
		if edge.Verify(s.Edge.Secret, r, body, time.Now()) != nil {
			return notes.Refuse(notes.Unauthenticated, "Only the edge may ask this, and signs what it asks")
		}
		c.Set(signedBody, body)
		return next(c)
	}
}

// edgeBody reads what a signed request asks.
func edgeBody(c echo.Context, v any) error {
	body, _ := c.Get(signedBody).([]byte)
	return wire.DecodeStrict(body, v)
}

// edgeLog answers what a log has after a place, as the frames that everybody gets.
func (s *surface) edgeLog(c echo.Context) error {
	var ask struct {
		User      notes.UserID `json:"user"`
		Note      notes.NoteID `json:"note"`
		PassersBy bool         `json:"passersBy"`
		After     int64        `json:"after"` // -1: only the head is asked for
	}
	if err := edgeBody(c, &ask); err != nil {
		return err
	}
	ctx := c.Request().Context()
	log := transport.NotesLog{Service: s.Service}
	stream := transport.Stream{Topic: notes.Topic{User: ask.User, Note: ask.Note}, PassersBy: ask.PassersBy}
	head, err := log.Head(ctx, stream) // before the events: it may be behind them, not ahead
	if err != nil {
		return err
	}
	var events []transport.Event
	if ask.After >= 0 {
		if events, err = log.Read(ctx, stream, ask.After); err != nil {
			return err
		}
	}
	answer := struct {
		Epoch  string      `json:"epoch"`
		Head   int64       `json:"head"`
		Events []edgeEvent `json:"events"`
	}{s.Service.Epoch(), head, make([]edgeEvent, len(events))}
	for i := range events {
		answer.Events[i] = edgeEventOf(&events[i])
		answer.Head = max(answer.Head, events[i].Seq)
	}
	return c.JSONBlob(http.StatusOK, wire.Encode(answer))
}

// edgeEvent is transport.Event. Frames are strings: they are sent as they are.
type edgeEvent struct {
	Seq          int64        `json:"seq"`
	Cursor       string       `json:"cursor"`
	Frame        string       `json:"frame"`
	Via          string       `json:"via,omitempty"`
	Confirmation string       `json:"confirmation,omitempty"`
	Hides        bool         `json:"hides,omitzero"`
	Readers      *edgeReaders `json:"readers,omitzero"` // of a note's log
}

// edgeReaders is what a version says of who may read it.
type edgeReaders struct {
	Owner   notes.UserID   `json:"owner"`
	Members []notes.UserID `json:"members"`
	Access  notes.Access   `json:"access"`
	Deleted bool           `json:"deleted"`
	Deletes bool           `json:"deletes"`
}

func edgeEventOf(e *transport.Event) edgeEvent {
	out := edgeEvent{
		Seq: e.Seq, Cursor: e.Frame.Cursor, Frame: string(e.Frame.Data), Via: e.Via, Confirmation: string(e.Confirmation), Hides: e.Hides,
	}
	if v := e.Version; v != nil {
		out.Readers = &edgeReaders{Owner: v.Owner, Access: v.Access, Deleted: v.Note.Deleted, Deletes: v.Deletes(), Members: v.Accounts()[1:]}
	}
	return out
}

// edgeAccess answers what somebody is to a note, and the note as he sees it now.
func (s *surface) edgeAccess(c echo.Context) error {
	var ask struct {
		User         notes.UserID `json:"userId"`
		Note         notes.NoteID `json:"noteId"`
		ConnectionID string       `json:"connectionId"`
	}
	if err := edgeBody(c, &ask); err != nil {
		return err
	}
	head, err := s.Service.NoteHead(c.Request().Context(), ask.User, ask.Note)
	if err != nil {
		return refused{err, wire.Refs{NoteID: ask.Note}}
	}
	member := head.RoleOf(ask.User) != notes.Stranger
	cursor := notes.Cursor{Epoch: s.Service.Epoch(), Seq: head.Note.Version}.String()
	return c.JSONBlob(http.StatusOK, wire.Encode(struct {
		Role    notes.Role `json:"role"`
		Member  bool       `json:"member"`
		Epoch   string     `json:"epoch"`
		Version int64      `json:"version"`
		Cursor  string     `json:"cursor"`
		Initial string     `json:"initial"`
	}{
		head.RoleOf(ask.User), member, s.Service.Epoch(), head.Note.Version, cursor,
		string(wire.Initial(head.Note, wire.Audience(member), ask.ConnectionID, cursor)),
	}))
}
