package ws

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"notewire/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server serves HTTP over pipes, so that a test in a synctest bubble sees every write
// block and every deadline pass, in no time.
type server struct {
	http  *http.Server
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newServer(t *testing.T, h http.Handler) *server {
	s := &server{conns: make(chan net.Conn), done: make(chan struct{})}
	s.http = &http.Server{
		Handler: h, ReadTimeout: time.Second, WriteTimeout: time.Second,
		ErrorLog: log.New(io.Discard, "", 0),
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

func (s *server) connect() net.Conn {
	client, served := net.Pipe()
	s.conns <- served
	return client
}

// dial returns a client of the library, as friendly as a browser.
func (s *server) dial(t *testing.T, opts websocket.DialOptions) (*websocket.Conn, *http.Response) {
	t.Helper()
	opts.HTTPClient = &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return s.connect(), nil },
	}}
	c, resp, err := websocket.Dial(context.Background(), "ws://notewire.test/", &opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseNow() })
	return c, resp
}

// raw is a client that does only what the test tells it.
type raw struct {
	net.Conn
	r *bufio.Reader
}

func (s *server) raw(t *testing.T) raw {
	t.Helper()
	c := s.connect()
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, handshake); err != nil {
		t.Fatal(err)
	}
	r := raw{c, bufio.NewReader(c)}
	resp, err := http.ReadResponse(r.r, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(resp, err)
	}
	return r
}

const handshake = "GET / HTTP/1.1\r\nHost: notewire.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

const (
	continuation, text, binaryType = 0, 1, 2
	closing, ping, pong            = 8, 9, 10
	fin                            = 0x80
)

// send writes a frame, masked with zeros.
func (r raw) send(op byte, payload []byte) error {
	_, err := r.Write(append(head(op, len(payload)), payload...))
	return err
}

func head(op byte, n int) []byte {
	h := binary.BigEndian.AppendUint64([]byte{op, 0x80 | 127}, uint64(n))
	return append(h, 0, 0, 0, 0)
}

// receive reads one short frame.
func (r raw) receive() (op byte, payload []byte, err error) {
	var h [2]byte
	if _, err = io.ReadFull(r.r, h[:]); err != nil {
		return 0, nil, err
	}
	if h[1] > 125 {
		return 0, nil, errors.New("not a short frame")
	}
	payload = make([]byte, h[1])
	_, err = io.ReadFull(r.r, payload)
	return h[0], payload, err
}

// accept returns a server whose connections are handed to the test.
func accept(t *testing.T, opts Options) (*server, <-chan *Conn) {
	conns := make(chan *Conn, 1)
	s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := Accept(w, r, opts); err == nil {
			conns <- c
		}
	}))
	return s, conns
}

// pair returns both ends of a connection. The server's is closed at the end of the test.
func pair(t *testing.T, opts Options) (*Conn, *websocket.Conn) {
	s, conns := accept(t, opts)
	client, _ := s.dial(t, websocket.DialOptions{})
	c := <-conns
	t.Cleanup(func() { c.Close(transport.CloseNormal, "") })
	return c, client
}

func rawPair(t *testing.T, opts Options) (*Conn, raw) {
	s, conns := accept(t, opts)
	client := s.raw(t)
	c := <-conns
	t.Cleanup(func() { client.Close(); c.Close(transport.CloseNormal, "") })
	return c, client
}

func frame(data string) transport.Frame { return transport.Frame{Data: []byte(data)} }

func big(n int) string { return strings.Repeat("x", n) }
