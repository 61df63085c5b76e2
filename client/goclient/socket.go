package goclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/coder/websocket"
)

// socketConn is a connection by WebSocket.
type socketConn struct {
	ws    *websocket.Conn
	alive func() // of the read in progress, which is where pings come in
}

// subprotocol is what a client speaks that shows its token as a subprotocol.
const subprotocol = "notewire.v1"

// openSocket connects. An answer that is no upgrade is a *Refusal or an *AnswerError. The
// end of ctx ends it only while it is being opened.
func (c *Client) openSocket(ctx context.Context, address, token, cursor string) (*socketConn, error) {
	if cursor != "" {
		var err error
		if address, err = withQuery(address, "cursor", cursor); err != nil {
			return nil, err
		}
	}
	s := &socketConn{}
	header, subprotocols := http.Header{}, []string(nil)
	if c.opts.TokenInSubprotocol && token != "" {
		subprotocols = []string{subprotocol, "bearer." + token}
	} else {
		authorize(header, token)
	}
	ws, res, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient: c.streams, HTTPHeader: header, Subprotocols: subprotocols,
		OnPingReceived: func(context.Context, []byte) bool { s.alive(); return true },
	})
	switch {
	case err != nil && res != nil && res.StatusCode != http.StatusSwitchingProtocols:
		body, _ := io.ReadAll(res.Body) // the status says enough without it
		return nil, failure(res.StatusCode, body)
	case err != nil:
		return nil, fmt.Errorf("goclient: %w", err)
	}
	ws.SetReadLimit(c.opts.MaxFrame)
	s.ws = ws
	return s, nil
}

func (s *socketConn) read(ctx context.Context, alive func()) (frame, error) {
	s.alive = alive
	_, r, err := s.ws.Reader(ctx)
	if err == nil {
		var data []byte
		if data, err = io.ReadAll(living{r, alive}); err == nil {
			return frame{data: data}, nil
		}
	}
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return frame{}, fmt.Errorf("goclient: %w: a frame is above the client's limit", ErrTooLarge)
	}
	if end, ok := errors.AsType[websocket.CloseError](err); ok {
		return frame{}, closed(int(end.Code), end.Reason, 0)
	}
	return frame{}, err
}

// living says at every read that the connection lives: a large frame may take long.
type living struct {
	io.Reader
	alive func()
}

func (l living) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if n > 0 {
		l.alive()
	}
	return n, err
}

func (s *socketConn) write(ctx context.Context, data []byte) error {
	if err := s.ws.Write(ctx, websocket.MessageText, data); err != nil {
		return fmt.Errorf("goclient: %w", err)
	}
	return nil
}

// close does not wait for the server's word: what it still has to say is for the cursor.
func (s *socketConn) close() error {
	_ = s.ws.CloseNow() // an error says that it is closed
	return nil
}

// withQuery adds a parameter to a URL.
func withQuery(address, name, value string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("goclient: %w", err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String(), nil
}
