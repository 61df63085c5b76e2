package proxy

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
)

// exchange is one request with its answer, or an upgraded connection.
type exchange struct {
	*Options
	number uint64
	ctx    context.Context // of the request
	conn   net.Conn        // of the client
	moved  func()          // something passed; nil: nobody wants to know
}

// fate says whether a shape hits this exchange, and after how many bytes down.
func (x *exchange) fate(s Shape) (hit bool, after int) {
	which := uint64(slices.Index(Shapes(), s))
	r := rand.New(rand.NewPCG(x.Seed, x.number<<8|which))
	return r.Float64() < x.Rate, r.IntN(x.Within + 1)
}

// reset ends the client's connection as a crash does.
func (x *exchange) reset() {
	if tcp, ok := x.conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // it only makes the end ruder
	}
	x.cut()
}

func (x *exchange) cut() {
	if x.conn != nil {
		_ = x.conn.Close() // or it is closed already
	}
}

// answered puts the shapes in the way of an answer.
func (x *exchange) answered(res *http.Response) error {
	if x.has(StripHeaders) {
		strip(res.Header)
	}
	upgraded := res.StatusCode == http.StatusSwitchingProtocols
	var body flow = answer{res.Body}
	if up, ok := res.Body.(io.ReadWriteCloser); upgraded && ok {
		body = up
	}
	if x.moved != nil {
		body = &noticed{flow: body, moved: x.moved}
	}
	switch {
	case upgraded && x.has(KillFrames):
		body = &struck{flow: body, strike: x.silence(body), done: true}
	case !upgraded && x.has(BufferUntilClose):
		held, err := whole(body)
		if err != nil {
			return err
		}
		body = held
	case !upgraded && x.has(Buffer):
		body = newHeld(body, x.Hold)
		if err := body.(*held).fill(); err != nil && err != io.EOF { // the header waits, too
			return err
		}
	}
	if hit, after := x.fate(Reset); hit && x.has(Reset) {
		body = &struck{flow: body, left: after, strike: func() error { x.reset(); return net.ErrClosed }}
	}
	if hit, after := x.fate(HalfOpen); hit && x.has(HalfOpen) {
		body = &struck{flow: body, left: after, strike: x.silence(body)}
	}
	if x.has(Delay) {
		body = newDelayed(body, x.Options.Delay)
	}
	if x.has(Throttle) {
		body = &throttled{flow: body, perSecond: x.BytesPerSecond}
	}
	res.Body = body
	return nil
}

// flow is what comes down, and of an upgraded connection also what goes up.
type flow = io.ReadWriteCloser

// answer is a body that takes nothing.
type answer struct{ io.ReadCloser }

func (answer) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// struck is a flow that something happens to after some bytes down.
type struck struct {
	flow
	left   int
	strike func() error

	mu   sync.Mutex
	done bool
}

// Read implements io.Reader.
func (s *struck) Read(p []byte) (int, error) {
	if s.left > 0 && len(p) > 0 {
		n, err := s.flow.Read(p[:min(len(p), s.left)])
		s.left -= n
		return n, err
	}
	s.mu.Lock()
	s.done = true
	s.mu.Unlock()
	return 0, s.strike()
}

// Write implements io.Writer: what goes up after the strike is lost.
func (s *struck) Write(p []byte) (int, error) {
	s.mu.Lock()
	lost := s.done
	s.mu.Unlock()
	if lost {
		return len(p), nil
	}
	return s.flow.Write(p)
}
