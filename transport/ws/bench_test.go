package ws

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"notewire/transport"
)

// BenchmarkWrite measures one write of a 1 KB event by one goroutine, beside the library
// alone: once with a deadline made its own way, once with none, which is the floor.
func BenchmarkWrite(b *testing.B) {
	for _, network := range []struct {
		name string
		pair func(*testing.B) (net.Conn, func())
	}{{"memory", memory}, {"loopback", loopback}} {
		for _, way := range []struct {
			name  string
			write func(*testing.B, http.ResponseWriter, *http.Request) func([]byte) error
		}{{"adapter", adapter}, {"library-deadline", libraryDeadline}, {"library-none", libraryNone}} {
			b.Run(network.name+"/"+way.name, func(b *testing.B) {
				conn, done := network.pair(b)
				defer done()
				write := way.write(b, hijacked{httptest.NewRecorder(), conn}, request(b))
				event := []byte(big(1024))
				b.ReportAllocs()
				b.SetBytes(int64(len(event)))
				for b.Loop() {
					if err := write(event); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func adapter(b *testing.B, w http.ResponseWriter, r *http.Request) func([]byte) error {
	c, err := Accept(w, r, Options{})
	if err != nil {
		b.Fatal(err)
	}
	return func(p []byte) error { return c.Write(context.Background(), transport.Frame{Data: p}) }
}

func libraryDeadline(b *testing.B, w http.ResponseWriter, r *http.Request) func([]byte) error {
	c := library(b, w, r)
	return func(p []byte) error {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return c.Write(ctx, websocket.MessageText, p)
	}
}

func libraryNone(b *testing.B, w http.ResponseWriter, r *http.Request) func([]byte) error {
	c := library(b, w, r)
	return func(p []byte) error { return c.Write(context.Background(), websocket.MessageText, p) }
}

func library(b *testing.B, w http.ResponseWriter, r *http.Request) *websocket.Conn {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// hijacked is a ResponseWriter on a connection of the benchmark's.
type hijacked struct {
	*httptest.ResponseRecorder
	conn net.Conn
}

func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReader(h.conn), bufio.NewWriter(h.conn)), nil
}

func request(tb testing.TB) *http.Request {
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(handshake)))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// sink is a network without a kernel, so that only the code above it is measured.
type sink struct{ net.Conn }

func (sink) Write(p []byte) (int, error) { return len(p), nil }

func memory(*testing.B) (net.Conn, func()) {
	near, far := net.Pipe()
	return sink{near}, func() { near.Close(); far.Close() }
}

func loopback(b *testing.B) (net.Conn, func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	near, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	drained := make(chan struct{})
	go func() { defer close(drained); io.Copy(io.Discard, far) }()
	return near, func() { near.Close(); <-drained; far.Close() }
}
