package goclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
)

// sseConn is a connection by Server-Sent Events.
type sseConn struct {
	body   io.ReadCloser
	cancel context.CancelFunc // of the request, and so of every read
	events *eventReader       // of the body
	living *living
}

// openSSE asks for a stream. An answer that is none is a *Refusal or an *AnswerError. The
// end of ctx ends it only while it is being opened.
func (c *Client) openSSE(ctx context.Context, path, token, cursor string, padding int) (*sseConn, error) {
	q := url.Values{}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if padding > 0 {
		q.Set("padding", strconv.Itoa(padding))
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	address, err := c.address(path)
	if err != nil {
		return nil, err
	}
	lasting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, cancel)()
	req, err := newRequest(lasting, http.MethodGet, address, token, nil)
	if err != nil {
		cancel()
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "identity") // a proxy that compresses also holds events back
	res, err := c.streams.Do(req)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("goclient: %w", err)
	}
	if media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); res.StatusCode != http.StatusOK || media != "text/event-stream" {
		defer cancel()
		defer res.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20)) // the status says enough without it
		return nil, failure(res.StatusCode, body)
	}
	s := &sseConn{body: res.Body, cancel: cancel, living: &living{Reader: res.Body}}
	s.events = newEventReader(s.living, c.opts.MaxFrame)
	return s, nil
}

func (s *sseConn) read(ctx context.Context, alive func()) (frame, error) {
	defer context.AfterFunc(ctx, s.cancel)()
	s.living.alive = alive
	return s.events.next()
}

var errOneWay = errors.New("goclient: an event stream carries nothing up; send by Mutate")

func (s *sseConn) write(context.Context, []byte) error { return errOneWay }

func (s *sseConn) close() error {
	s.cancel()
	return s.body.Close()
}
