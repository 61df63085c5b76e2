package transporttest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"notewire/transport"
	"notewire/transport/sse"
	"notewire/transport/transporttest"
)

const lastEventID = "Last-Event-ID"

func events(name string, opts sse.Options) transporttest.Transport {
	serve := func(w http.ResponseWriter, r *http.Request, x *transport.Sessions, what transporttest.Subscription) {
		release, err := x.Admit(what.Login.User, false)
		if err != nil {
			http.Error(w, err.Error(), http.StatusTooManyRequests)
			return
		}
		defer release()
		opts := opts
		opts.LastID = r.Header.Get(lastEventID)
		_ = sse.Serve(w, r, opts, func(ctx context.Context, conn transport.Conn) error {
			if what.Note != "" {
				return x.StreamNote(ctx, conn, what.Login, what.Note, what.Cursor)
			}
			return x.StreamAccount(ctx, conn, what.Login, what.Cursor)
		})
	}
	return transporttest.Transport{Name: name, Serve: serve, Dial: dialEvents}
}

func dialEvents(c *http.Client, address string, what transporttest.Subscription) (transporttest.Client, error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set(lastEventID, what.Cursor)
	resp, err := c.Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("answer %s", resp.Status)
	}
	return &eventStream{body: resp.Body, lines: bufio.NewReader(resp.Body)}, nil
}

// eventStream reads events as an EventSource does, of what the server writes: one line of data.
type eventStream struct {
	body  io.ReadCloser
	lines *bufio.Reader
}

func (s *eventStream) Next() (f transport.Frame, err error) {
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return transport.Frame{}, err
		}
		line = strings.TrimSuffix(line, "\n")
		field, value, _ := strings.Cut(line, ": ")
		switch {
		case field == "data":
			f.Data = append(f.Data, value...)
		case field == "id":
			f.Cursor = value
		case line == "" && f.Data != nil:
			return f, nil
		}
	}
}

func (s *eventStream) Close() { _ = s.body.Close() }
