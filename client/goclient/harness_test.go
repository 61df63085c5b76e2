package goclient

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// serve runs a real HTTP server over pipes, which also work in a bubble of synctest, and
// returns a client of it.
func serve(t *testing.T, o Options, h http.HandlerFunc) *Client {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	transport := &http.Transport{DialContext: l.dial}
	o.HTTP = &http.Client{Transport: transport}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	})
	c, err := New("http://notewire.test", o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// stream answers with an event stream of these frames, and leaves it open.
func stream(w http.ResponseWriter, _ *http.Request, frames ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, f := range frames {
		fmt.Fprintf(w, "data: %s\n\n", f)
	}
	_ = http.NewResponseController(w).Flush()
}

// socket answers with a WebSocket of these frames, read up to the auth frame, and returns it.
func socket(w http.ResponseWriter, r *http.Request, frames ...string) *websocket.Conn {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return nil
	}
	if !strings.HasPrefix(r.URL.Path, "/ws/note/") {
		_, _, _ = ws.Read(r.Context()) // the auth frame
	}
	for _, f := range frames {
		_ = ws.Write(context.Background(), websocket.MessageText, []byte(f))
	}
	return ws
}

const hello = `{"type":"auth_success","userId":"ada","cursor":"e-0"}`

// change returns an event of the account's log.
func change(seq int) string {
	return fmt.Sprintf(`{"type":"note_sync","noteId":"n","version":%d,"cursor":"e-%d"}`, seq, seq)
}

// refuse answers with a refusal.
func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":{"code":%q,"message":"No"}}`, code)
}
