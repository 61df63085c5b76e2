package goclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// longestPoll is how long a server holds a poll for which it has no news.
const longestPoll = 25 * time.Second

// pollConn is a connection by long-polls: one request after another, each from where the last
// answer ended.
type pollConn struct {
	client *Client
	path   string
	wait   time.Duration
	cursor string
	ready  []json.RawMessage // frames that were not read yet
	last   string            // type of the last frame that was
	more   bool              // the last answer was not all
	closed context.Context
	end    context.CancelFunc
}

// openPoll asks for what there is at once, so that whoever is refused learns it here. The end
// of ctx ends the connection only while it is being opened.
func (c *Client) openPoll(ctx context.Context, path, token, cursor string, silence time.Duration) (*pollConn, error) {
	p := &pollConn{client: c, path: path, wait: longestPoll, cursor: cursor}
	if silence > 0 {
		p.wait = min(p.wait, silence/2)
	}
	p.closed, p.end = context.WithCancel(context.Background())
	if err := p.poll(ctx, token, 0, func() {}); err != nil {
		p.end()
		return nil, err
	}
	return p, nil
}

// hello stands for the frame that polls do not have.
func (p *pollConn) hello() (Event, error) {
	data, err := json.Marshal(struct {
		Type   string `json:"type"`
		Cursor string `json:"cursor"`
	}{"auth_success", p.cursor})
	return Event{Type: "auth_success", Cursor: p.cursor, Data: data}, err
}

// poll makes one request.
func (p *pollConn) poll(ctx context.Context, token string, wait time.Duration, alive func()) error {
	q := url.Values{"wait": {strconv.FormatFloat(wait.Seconds(), 'f', -1, 64)}}
	if p.cursor != "" {
		q.Set("cursor", p.cursor)
	}
	address, err := p.client.address(p.path + "?" + q.Encode())
	if err != nil {
		return err
	}
	req, err := newRequest(ctx, http.MethodGet, address, token, nil)
	if err != nil {
		return err
	}
	res, err := p.client.streams.Do(req)
	if err != nil {
		return fmt.Errorf("goclient: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(living{io.LimitReader(res.Body, maxAnswer+1), alive})
	switch {
	case err != nil:
		return fmt.Errorf("goclient: the answer broke off: %w", err)
	case len(body) > maxAnswer:
		return fmt.Errorf("goclient: %w: the answer has more than %d bytes", ErrTooLarge, maxAnswer)
	case res.StatusCode != http.StatusOK:
		return failure(res.StatusCode, body)
	}
	var answer struct {
		Cursor *string
		More   bool
		Events []json.RawMessage
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Cursor == nil {
		return &AnswerError{Status: res.StatusCode, Body: body}
	}
	alive()
	p.cursor, p.more, p.ready = *answer.Cursor, answer.More, answer.Events
	return nil
}

func (p *pollConn) read(ctx context.Context, alive func()) (frame, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.closed, cancel)()
	for len(p.ready) == 0 {
		if p.over() {
			return frame{}, io.EOF
		}
		if p.closed.Err() != nil {
			return frame{}, net.ErrClosed
		}
		token, err := p.client.token(ctx)
		if err != nil {
			return frame{}, err
		}
		if err := p.poll(ctx, token, p.wait, alive); err != nil {
			return frame{}, p.ending(err)
		}
	}
	f := frame{data: p.ready[0]}
	p.ready = p.ready[1:]
	if int64(len(f.data)) > p.client.opts.MaxFrame {
		return frame{}, fmt.Errorf("goclient: %w: a frame is above the client's limit", ErrTooLarge)
	}
	var m struct{ Type string }
	_ = json.Unmarshal(f.data, &m) // who reads the frame says if it is none
	p.last = m.Type
	return f, nil
}

// over says whether the server ends the connection after what was read, as it would end a
// stream.
func (p *pollConn) over() bool {
	switch p.last {
	case "reconnect", "auth_failed", "error":
		return true
	}
	return p.last == "delete" && !p.more
}

// ending is why a poll failed. Whoever lost his access between two polls learns it by the
// status of the next.
func (p *pollConn) ending(err error) error {
	if r, ok := errors.AsType[*Refusal](err); ok && (r.Status == http.StatusForbidden || r.Status == http.StatusNotFound) {
		return closed(CodeAccessLost, r.Message, 0)
	}
	return err
}

func (p *pollConn) write(context.Context, []byte) error { return errOneWay }

func (p *pollConn) close() error {
	p.end()
	return nil
}
