package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/coder/websocket"
)

// program is the server as a user starts it, on a free port and a fresh directory.
type program struct {
	t    testing.TB
	URL  string // http://127.0.0.1:port
	stop func() // as Ctrl-C does; returns when the program has ended
}

// start runs the program inside the test with these flags.
func start(t testing.TB, flags ...string) *program {
	t.Helper()
	return startIn(t, t.TempDir(), flags...)
}

func startIn(t testing.TB, dir string, flags ...string) *program {
	t.Helper()
	var cli commands
	parser, err := kong.New(&cli, kong.Name("notewire"))
	if err != nil {
		t.Fatal(err)
	}
	flags = append([]string{"serve", "--port=0", "--data-dir=" + dir, "--reconnect-within=100ms"}, flags...)
	if _, err := parser.Parse(flags); err != nil {
		t.Fatal(err)
	}
	ready := make(chan net.Addr, 1)
	cli.Serve.ready, cli.Serve.out = ready, io.Discard
	cli.Serve.LogLevel = slog.LevelError
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- cli.Serve.Run(ctx) }()
	p := &program{t: t}
	select {
	case addr := <-ready:
		p.URL = "http://" + addr.String()
	case err := <-ended:
		cancel()
		t.Fatal(err)
	}
	stopped := false
	p.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the program ended with %v", err)
		}
	}
	t.Cleanup(p.stop)
	return p
}

// reply is an HTTP answer.
type reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON returns the answer as a JSON object.
func (r reply) JSON(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(r.Body, &v); err != nil {
		t.Fatalf("%v in %s", err, r.Body)
	}
	return v
}

// code is the code of an error answer.
func (r reply) code(t testing.TB) string {
	t.Helper()
	problem, _ := r.JSON(t)["error"].(map[string]any)
	code, _ := problem["code"].(string)
	return code
}

// do sends a request; headers are "Name: value".
func (p *program) do(method, path, body string, headers ...string) reply {
	p.t.Helper()
	req, err := http.NewRequest(method, p.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	setHeaders(req, headers)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, data}
}

func setHeaders(req *http.Request, headers []string) {
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		switch name {
		case "":
		case "Host":
			req.Host = value
		default:
			req.Header.Set(name, value)
		}
	}
}

func (p *program) get(path string, headers ...string) reply { return p.do("GET", path, "", headers...) }

func (p *program) post(path, body string, headers ...string) reply {
	return p.do("POST", path, body, headers...)
}

// must posts, and fails the test unless the answer is a success.
func (p *program) must(path, body string, headers ...string) map[string]any {
	p.t.Helper()
	r := p.post(path, body, headers...)
	if r.Status/100 != 2 {
		p.t.Fatalf("POST %s %s: %d %s", path, body, r.Status, r.Body)
	}
	return r.JSON(p.t)
}

// token returns a token for a user, as a header.
func (p *program) token(user string) string { return "Authorization: Bearer " + p.rawToken(user) }

func (p *program) rawToken(user string) string {
	return p.get("/dev/token?user=" + user).JSON(p.t)["token"].(string)
}

// frames is a stream of messages, whatever carries them.
type frames struct {
	t    testing.TB
	send func(string)
	ch   chan []byte // closed at the end
	end  func() error
	quit func()
}

// patience is for what a quiet machine does at once, on one that is not.
const patience = 30 * time.Second

// raw returns the next message.
func (f *frames) raw() []byte {
	f.t.Helper()
	select {
	case data, ok := <-f.ch:
		if !ok {
			f.t.Fatalf("the stream has ended: %v", f.end())
		}
		return data
	case <-time.After(patience):
		f.t.Fatal("no message came")
		return nil
	}
}

// next returns the next message, which must be of that type.
func (f *frames) next(kind string) map[string]any {
	f.t.Helper()
	data := f.raw()
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		f.t.Fatalf("%v in %s", err, data)
	}
	if m["type"] != kind {
		f.t.Fatalf("want %s, got %s", kind, data)
	}
	return m
}

// over waits for the end of the stream and returns why it ended.
func (f *frames) over() error {
	f.t.Helper()
	for {
		select {
		case _, ok := <-f.ch:
			if !ok {
				return f.end()
			}
		case <-time.After(patience):
			f.t.Fatal("the stream does not end")
		}
	}
}

// dial opens a WebSocket. An HTTP refusal is returned as its answer.
func (p *program) dial(path string, headers ...string) (*frames, *http.Response) {
	p.t.Helper()
	return p.dialWith(path, &websocket.DialOptions{}, headers...)
}

func (p *program) dialWith(path string, opts *websocket.DialOptions, headers ...string) (*frames, *http.Response) {
	p.t.Helper()
	req := &http.Request{Header: http.Header{}}
	setHeaders(req, headers)
	opts.HTTPHeader, opts.Host = req.Header, req.Host
	ctx, cancel := context.WithCancel(context.Background())
	c, res, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(p.URL, "http")+path, opts)
	if err != nil {
		cancel()
		return nil, res
	}
	c.SetReadLimit(64 << 20)
	f := &frames{t: p.t, ch: make(chan []byte, 1024), quit: func() { cancel(); c.CloseNow() }}
	f.send = func(text string) {
		if err := c.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			p.t.Errorf("send %.80s: %v", text, err)
		}
	}
	var end error
	f.end = func() error { return end }
	go func() {
		defer close(f.ch)
		for {
			_, data, err := c.Read(ctx)
			if err != nil {
				end = err
				return
			}
			f.ch <- data
		}
	}()
	p.t.Cleanup(f.quit)
	return f, res
}

// socket opens a WebSocket that must be let in.
func (p *program) socket(path string, headers ...string) *frames {
	p.t.Helper()
	f, res := p.dial(path, headers...)
	if f == nil {
		p.t.Fatalf("dial %s: %+v", path, res)
	}
	return f
}

// signedIn opens a WebSocket and signs in; token may be empty.
func (p *program) signedIn(token string) *frames {
	p.t.Helper()
	f := p.socket("/ws")
	f.next("connection_established")
	f.send(`{"type":"auth","token":"` + token + `"}`)
	f.next("auth_success")
	return f
}

// stream opens an event stream; the data of its events are the messages.
func (p *program) stream(path string, headers ...string) *frames {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "GET", p.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	setHeaders(req, headers)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(res.Body)
		p.t.Fatalf("stream %s: %d %s", path, res.StatusCode, body)
	}
	f := &frames{t: p.t, ch: make(chan []byte, 1024), quit: func() { cancel(); res.Body.Close() }}
	var end error
	f.end = func() error { return end }
	go func() {
		defer close(f.ch)
		end = readEvents(res.Body, func(data []byte) { f.ch <- data })
	}()
	p.t.Cleanup(f.quit)
	return f
}

// readEvents calls each with the data of every event.
func readEvents(r io.Reader, each func([]byte)) error {
	buf, chunk := []byte(nil), make([]byte, 64<<10)
	for {
		n, err := r.Read(chunk)
		buf = append(buf, chunk[:n]...)
		for {
			event, rest, ok := bytes.Cut(buf, []byte("\n\n"))
			if !ok {
				break
			}
			buf = rest
			for line := range bytes.SplitSeq(event, []byte("\n")) {
				if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
					each(bytes.Clone(data))
				}
			}
		}
		if err != nil {
			return err
		}
	}
}
