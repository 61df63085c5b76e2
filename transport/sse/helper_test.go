package sse

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"notewire/transport"
)

func TestMain(m *testing.M) {
	if job := os.Getenv("SSE_READERS"); job != "" {
		read(job) // this process is the clients of a benchmark
	}
	goleak.VerifyTestMain(m)
}

type run = func(context.Context, transport.Conn) error

// server serves HTTP over pipes, so that a test in a synctest bubble sees every write
// block and every deadline pass, in no time. Its own deadlines are shorter than any
// stream.
type server struct {
	http  *http.Server
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newServer(t *testing.T, h http.Handler, change ...func(*http.Server)) *server {
	s := &server{conns: make(chan net.Conn), done: make(chan struct{})}
	s.http = &http.Server{
		Handler: h, ReadTimeout: time.Second, WriteTimeout: time.Second,
		ErrorLog: log.New(io.Discard, "", 0), Protocols: new(http.Protocols),
	}
	s.http.Protocols.SetHTTP1(true)
	s.http.Protocols.SetUnencryptedHTTP2(true)
	for _, change := range change {
		change(s.http)
	}
	go s.http.Serve(s)
	t.Cleanup(func() {
		s.http.Close()
		time.Sleep(time.Hour) // a bubble's clock stops with the test: let all deadlines pass
	})
	return s
}

func (s *server) Accept() (net.Conn, error) {
	select {
	case c := <-s.conns:
		return c, nil
	case <-s.done:
		return nil, net.ErrClosed
	}
}
func (s *server) Close() error   { s.once.Do(func() { close(s.done) }); return nil }
func (s *server) Addr() net.Addr { return &net.TCPAddr{} }

func (s *server) connect(t *testing.T) net.Conn {
	client, served := net.Pipe()
	s.conns <- served
	t.Cleanup(func() { client.Close() })
	return client
}

// get sends a request over a connection of its own and returns it; nothing is read.
func (s *server) get(t *testing.T, target string, headers ...string) net.Conn {
	t.Helper()
	c := s.connect(t)
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: notewire.test\r\n%s\r\n", target, strings.Join(append(headers, ""), "\r\n"))
	return c
}

// stream reads the head of the response.
func stream(t *testing.T, c net.Conn) *http.Response {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// http2 returns a client that speaks HTTP/2 only.
func (s *server) http2(t *testing.T, wrap ...func(net.Conn) net.Conn) *http.Client {
	tr := &http.Transport{
		Protocols: new(http.Protocols),
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			c := s.connect(t)
			for _, wrap := range wrap {
				c = wrap(c)
			}
			return c, nil
		},
	}
	tr.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// serving returns a handler that serves run, and a channel of what Serve returned.
func serving(opts Options, run run) (http.Handler, <-chan error) {
	served := make(chan error, 1000)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served <- Serve(w, r, opts, run)
	}), served
}

// dump returns the whole body of a stream that run writes.
func dump(t *testing.T, opts Options, run run) string {
	t.Helper()
	h, served := serving(opts, run)
	resp := stream(t, newServer(t, h).get(t, "/"))
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	return string(body)
}

// forever is a session that does nothing until it is told to end.
func forever(ctx context.Context, _ transport.Conn) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func frame(data string) transport.Frame { return transport.Frame{Data: []byte(data)} }
func at(cursor, data string) transport.Frame {
	return transport.Frame{Cursor: cursor, Data: []byte(data)}
}
func big(n int) string { return strings.Repeat("x", n) }

// event is what an EventSource makes of a stream.
type event struct{ id, name, data string }

// parse reads events as the standard says, in its words: lines end with CR, LF or both,
// and an id holds until the next one.
func parse(body string) (events []event, retry int) {
	var e event
	body = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(body)
	hasData := false
	for _, line := range strings.SplitAfter(body, "\n") {
		if !strings.HasSuffix(line, "\n") {
			break
		}
		line = strings.TrimSuffix(line, "\n")
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if hasData {
				e.data = strings.TrimSuffix(e.data, "\n")
				events = append(events, e)
			}
			e = event{id: e.id}
			hasData = false
		case field == "data":
			e.data += value + "\n"
			hasData = true
		case field == "id":
			e.id = value
		case field == "event":
			e.name = value
		case field == "retry":
			retry, _ = strconv.Atoi(value)
		}
	}
	return events, retry
}
