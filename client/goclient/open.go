package goclient

import (
	"context"
	"encoding/json"
	"net/url"
	"time"
)

// OpenAccount opens a stream of the account's log, from a cursor, or without one from now.
// It is signed in when it returns; Hello has the server's word. The error is a *Refusal or
// a *Closed if the server will not have it.
func (c *Client) OpenAccount(ctx context.Context, t Transport, cursor string) (*Stream, error) {
	token, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	return c.openAccount(ctx, c.wayOf(t), token, cursor)
}

// OpenNote opens a stream of a note's versions, from a cursor of its own, or without one
// from the note as it is now.
func (c *Client) OpenNote(ctx context.Context, t Transport, noteID, cursor string) (*Stream, error) {
	token, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	return c.openNote(ctx, c.wayOf(t), noteID, token, cursor)
}

// way is how a stream is opened.
type way struct {
	transport Transport
	padding   int           // of an event stream
	opening   time.Duration // how long opening it may take; negative: for ever
	silence   time.Duration // how long it may be silent then
}

func (c *Client) wayOf(t Transport) way {
	return way{t, c.opts.Padding, c.opts.Silence, c.opts.Silence}
}

func (c *Client) openAccount(ctx context.Context, w way, token, cursor string) (*Stream, error) {
	ctx, _, stop := watch(ctx, w.opening)
	defer stop()
	conn, err := c.dialAccount(ctx, w, token, cursor)
	if err != nil {
		return nil, cause(ctx, err)
	}
	s := &Stream{conn: conn, silence: w.silence}
	if p, ok := conn.(*pollConn); ok {
		s.heard.Store(true)
		s.hello, err = p.hello()
		return s, err
	}
	if err := s.signIn(ctx, w.transport == WebSocket && !c.byRequest(token), token, cursor); err != nil {
		_ = s.Close()
		return nil, cause(ctx, err)
	}
	return s, nil
}

func (c *Client) dialAccount(ctx context.Context, w way, token, cursor string) (conn, error) {
	switch w.transport {
	case SSE:
		return c.openSSE(ctx, "/api/events", token, cursor, w.padding)
	case Poll:
		return c.openPoll(ctx, "/api/changes", token, cursor, w.silence)
	case WebSocket:
		address, err := c.accountSocket()
		if err != nil {
			return nil, err
		}
		if c.byRequest(token) {
			return c.openSocket(ctx, address, token, cursor)
		}
		return c.openSocket(ctx, address, "", "") // the auth frame brings both
	}
	return nil, noTransport(w.transport)
}

func (c *Client) accountSocket() (string, error) {
	if c.opts.WebSocketURL != "" {
		return c.opts.WebSocketURL, nil
	}
	return c.address("/ws")
}

// byRequest says whether the request of an account's socket signs it in.
func (c *Client) byRequest(token string) bool { return c.opts.TokenInSubprotocol && token != "" }

// signIn sends the auth frame, if one is needed, and waits for the server's word.
func (s *Stream) signIn(ctx context.Context, byFrame bool, token, cursor string) error {
	if byFrame {
		auth := struct {
			Type   string `json:"type"`
			Token  string `json:"token,omitempty"`
			Cursor string `json:"cursor,omitempty"`
		}{"auth", token, cursor}
		if err := s.Send(ctx, auth); err != nil {
			return err
		}
	}
	for {
		e, err := s.Next(ctx)
		if err != nil {
			return err
		}
		switch e.Type {
		case "auth_success":
			s.hello = e
			return nil
		case "error": // the token could not be checked now, or there are too many connections
			return refusalOf(&e)
		case "connection_established":
		}
	}
}

// refusalOf is an error frame as a Refusal without a status.
func refusalOf(e *Event) error {
	body, err := json.Marshal(map[string]json.RawMessage{"error": e.Data})
	if err != nil {
		return err
	}
	return failure(0, body)
}

func (c *Client) openNote(ctx context.Context, w way, noteID, token, cursor string) (*Stream, error) {
	below, err := notePath(noteID, "")
	if err != nil {
		return nil, err
	}
	ctx, _, stop := watch(ctx, w.opening)
	defer stop()
	s := &Stream{note: noteID, silence: w.silence}
	switch w.transport {
	case SSE:
		s.conn, err = c.openSSE(ctx, below+"/events", token, cursor, w.padding)
	case Poll:
		s.conn, err = c.openPoll(ctx, below+"/changes", token, cursor, w.silence)
	case WebSocket:
		var address string
		if address, err = c.noteSocket(noteID); err == nil {
			s.opening = w.opening
			s.conn, err = c.openSocket(ctx, address, token, cursor)
		}
	default:
		err = noTransport(w.transport)
	}
	if err != nil {
		return nil, cause(ctx, err)
	}
	return s, nil
}

func (c *Client) noteSocket(id string) (string, error) {
	if !c.opts.NoteInQuery {
		return c.address("/ws/note/" + url.PathEscape(id))
	}
	address, err := c.accountSocket()
	if err != nil {
		return "", err
	}
	return withQuery(address, "note", id)
}

// cause is why ctx ended, if it did, and otherwise err.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
