package transporttest

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
	"notewire/transport"
)

// server is a real server whose connections are pipes, each written to as fast as it is read.
type server struct {
	*transport.Sessions
	http   *http.Client // its connections go to the server
	ids    atomic.Int64
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func serve(t *testing.T, store notes.Store, over []Transport) *server {
	s := &server{conns: make(chan net.Conn), closed: make(chan struct{})}
	newID := func() string { return fmt.Sprintf("id-%d", s.ids.Add(1)) }
	service := notes.NewService(notes.Config{Store: store, Publisher: s, Limits: notes.DefaultLimits(), NewID: newID})
	s.Sessions = transport.NewSessions(&transport.Sessions{
		Service: service, Hub: transport.NewHub(transport.NotesLog{Service: service}), NewID: newID,
		Options: transport.DefaultOptions(), Log: slog.New(slog.DiscardHandler),
	})
	mux := http.NewServeMux()
	for _, tr := range over {
		mux.HandleFunc(path(tr), func(w http.ResponseWriter, r *http.Request) {
			tr.Serve(w, r, s.Sessions, subscriptionOf(r.URL.Query()))
		})
	}
	h := &http.Server{Handler: mux, ErrorLog: log.New(io.Discard, "", 0)}
	go h.Serve(s)
	carrier := &http.Transport{DialContext: s.connect}
	s.http = &http.Client{Transport: carrier}
	t.Cleanup(func() {
		carrier.CloseIdleConnections()
		_ = h.Close()
		time.Sleep(time.Hour) // a bubble's clock stops with the test: let all deadlines pass
		synctest.Wait()
	})
	return s
}

func path(tr Transport) string { return "/" + strings.ReplaceAll(tr.Name, " ", "-") }

// dial opens a stream.
func (s *server) dial(over Transport, what Subscription) (Client, error) {
	return over.Dial(s.http, "http://notewire.test"+path(over)+"?"+what.query(), what)
}

func (s *server) connect(context.Context, string, string) (net.Conn, error) {
	client, served := net.Pipe()
	select {
	case s.conns <- served:
		return client, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

// Publish implements notes.Publisher.
func (s *server) Publish(topic notes.Topic, seq int64) { s.Hub.Publish(topic, seq) }

// Accept implements net.Listener.
func (s *server) Accept() (net.Conn, error) {
	select {
	case c := <-s.conns:
		return c, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (s *server) Close() error { s.once.Do(func() { close(s.closed) }); return nil }

// Addr implements net.Listener.
func (s *server) Addr() net.Addr { return &net.TCPAddr{} }
