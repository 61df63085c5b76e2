package proxy

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// origin is the server behind a proxy.
type origin struct {
	*testing.T
	*httptest.Server
	heard atomic.Int64 // messages by WebSocket
}

// before starts an origin that answers GET with stream, which may be nil, and echoes on
// WebSockets.
func before(t *testing.T, stream func(w io.Writer, r *http.Request)) *origin {
	t.Helper()
	o := &origin{T: t}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			o.echo(w, r)
			return
		}
		w.Header().Set("X-Seen", fmt.Sprint(r.Header.Get("X-Mine"), r.Header.Get("Last-Event-ID"), r.Header.Get("Authorization")))
		if stream != nil {
			stream(flushed{w}, r)
		}
	}))
	t.Cleanup(o.Server.Close)
	return o
}

func (o *origin) echo(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		o.Error(err)
		return
	}
	for {
		kind, data, err := ws.Read(context.Background())
		if err != nil {
			return
		}
		o.heard.Add(1)
		_ = ws.Write(context.Background(), kind, data)
	}
}

type flushed struct{ http.ResponseWriter }

func (f flushed) Write(p []byte) (int, error) {
	n, err := f.ResponseWriter.Write(p)
	_ = http.NewResponseController(f.ResponseWriter).Flush()
	return n, err
}

// through starts a proxy before the origin.
func (o *origin) through(options Options) *Proxy {
	o.Helper()
	p, err := Start("127.0.0.1:0", o.URL, options)
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(p.Close)
	return p
}

// get asks through a proxy, by a connection of its own.
func get(t *testing.T, p *Proxy, headers ...string) (*http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", p.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err == nil {
		t.Cleanup(func() { res.Body.Close() })
	}
	return res, err
}

// dial opens a WebSocket through a proxy.
func dial(t *testing.T, p *Proxy) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	ws, res, err := websocket.Dial(t.Context(), p.URL(), nil)
	if err == nil {
		t.Cleanup(func() { _ = ws.CloseNow() })
	}
	return ws, res, err
}

// said sends a message and returns what comes back within some time.
func said(t *testing.T, ws *websocket.Conn, within time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	if err := ws.Write(ctx, websocket.MessageText, []byte("hello")); err != nil {
		return err
	}
	_, data, err := ws.Read(ctx)
	if err == nil && string(data) != "hello" {
		t.Errorf("back comes %q", data)
	}
	return err
}
