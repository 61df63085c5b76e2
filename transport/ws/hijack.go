package ws

import (
	"bufio"
	"net"
	"net/http"
	"sync/atomic"
)

// upgrade takes hold of the network connection on its way to the library, which gives no
// access to it: it has neither a close that is bounded nor a read that can be broken off
// without closing.
type upgrade struct {
	http.ResponseWriter
	conn *rawConn
}

func (u *upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	u.conn = &rawConn{Conn: conn}
	return u.conn, rw, nil
}

// hijackable reports whether w, or what it wraps, can be hijacked.
func hijackable(w http.ResponseWriter) bool {
	for {
		switch t := w.(type) {
		case http.Hijacker:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return false
		}
	}
}

// rawConn is the network connection. It counts signs of life: any byte from the client is
// one, because the pong may have to wait behind a long message.
type rawConn struct {
	net.Conn
	life atomic.Uint64
	sent atomic.Uint64 // pieces that the network took
}

// piece is how much of a message the client must take within a write deadline.
const piece = 64 << 10

// Write hands over a long message piece by piece, so that the watchdog sees it move.
func (r *rawConn) Write(p []byte) (written int, err error) {
	for {
		n, err := r.Conn.Write(p[:min(piece, len(p))])
		written += n
		if err != nil {
			return written, err
		}
		r.sent.Add(1)
		if p = p[n:]; len(p) == 0 {
			return written, nil
		}
	}
}

func (r *rawConn) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	if n > 0 {
		r.life.Add(1)
	}
	return n, err
}
