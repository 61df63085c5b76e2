package ws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"notewire/transport"
)

// Subprotocol is what a client offers beside "bearer.<token>", where it can set no header.
const Subprotocol = "notewire.v1"

// Options bound a connection. A zero limit or timeout means its default.
type Options struct {
	SoftLimit    int64         // bytes of a message; a larger one is discarded. 1 MiB
	HardLimit    int64         // above it the connection is closed with 1009. 4 MiB
	WriteTimeout time.Duration // for the client to read what is written. 5 s
	CloseTimeout time.Duration // for the client to answer a close. 1 s
}

func (o Options) withDefaults() Options {
	o.SoftLimit = or(o.SoftLimit, 1<<20)
	o.HardLimit = or(o.HardLimit, 4<<20)
	o.WriteTimeout = or(o.WriteTimeout, 5*time.Second)
	o.CloseTimeout = or(o.CloseTimeout, time.Second)
	return o
}

func or[T int64 | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Conn is a transport.Conn and transport.Receiver. One goroutine writes, one receives;
// Close may be called by any.
type Conn struct {
	conn     *websocket.Conn
	opts     Options
	watchdog *time.Timer // runs during a write
	late     atomic.Bool // the watchdog has cut the connection off
	pinged   atomic.Bool // a ping is unanswered
	pings    sync.WaitGroup
	closing  sync.Once
}

var (
	_ transport.Conn     = (*Conn)(nil)
	_ transport.Receiver = (*Conn)(nil)
)

// Accept upgrades a request. If it cannot, it has answered it. The origin of the request
// has been checked by the caller.
func Accept(w http.ResponseWriter, r *http.Request, opts Options) (*Conn, error) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{Subprotocol},
		InsecureSkipVerify: true, // of the origin, which the surface checks for all transports alike
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	c := &Conn{conn: conn, opts: opts.withDefaults()}
	conn.SetReadLimit(c.opts.HardLimit)
	c.watchdog = time.AfterFunc(c.opts.WriteTimeout, func() {
		c.late.Store(true)
		_ = conn.CloseNow()
	})
	c.watchdog.Stop()
	return c, nil
}

// Write implements transport.Conn. A timer of the connection is its deadline: a context of
// its own would cost every write eleven allocations.
func (c *Conn) Write(_ context.Context, f transport.Frame) error {
	c.watchdog.Reset(c.opts.WriteTimeout)
	err := c.conn.Write(context.Background(), websocket.MessageText, f.Data)
	c.watchdog.Stop()
	if err != nil && c.late.Load() {
		return os.ErrDeadlineExceeded
	}
	return err
}

var errNoPong = errors.New("ws: the client does not answer pings")

// Heartbeat implements transport.Conn: it sends a ping, unless the last one is still
// unanswered, and then it fails. It does not wait for the answer.
func (c *Conn) Heartbeat(context.Context) error {
	if !c.pinged.CompareAndSwap(false, true) {
		return errNoPong
	}
	c.pings.Go(func() {
		if c.conn.Ping(context.Background()) == nil { // it ends with the connection
			c.pinged.Store(false)
		}
	})
	return nil
}

// Receive implements transport.Receiver. It returns ErrFrameTooLarge or ErrNotText for a
// message that it has discarded; the connection lives on.
func (c *Conn) Receive(ctx context.Context) ([]byte, error) {
	kind, r, err := c.conn.Reader(ctx)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, c.opts.SoftLimit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > c.opts.SoftLimit {
		if _, err := io.Copy(io.Discard, r); err != nil {
			return nil, err
		}
		return nil, transport.ErrFrameTooLarge
	}
	if kind != websocket.MessageText {
		return nil, transport.ErrNotText
	}
	return data, nil
}

// Close implements transport.Conn. It returns when nothing of the connection is left, after
// at most the close timeout.
func (c *Conn) Close(code transport.CloseCode, reason string) {
	c.closing.Do(func() {
		timer := time.AfterFunc(c.opts.CloseTimeout, func() { _ = c.conn.CloseNow() })
		defer timer.Stop()
		_ = c.conn.Close(websocket.StatusCode(code), cut(reason)) // however it went, the connection has ended
		_ = c.conn.CloseNow()
	})
	c.pings.Wait()
}

// maxReason is what fits into a close frame beside the code (RFC 6455, 5.5).
const maxReason = 123

// cut shortens a reason to what fits, between two characters.
func cut(reason string) string {
	if len(reason) <= maxReason {
		return reason
	}
	end := maxReason
	for !utf8.RuneStart(reason[end]) {
		end--
	}
	return reason[:end]
}
