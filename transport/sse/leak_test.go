package sse

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport"
)

// sessions are all the ways in which one can end.
var sessions = []run{
	func(context.Context, transport.Conn) error { return nil },
	func(context.Context, transport.Conn) error { return errors.New("at once") },
	func(context.Context, transport.Conn) error { panic("at once") },
	forever,
	func(ctx context.Context, c transport.Conn) error {
		for c.Write(ctx, frame(big(1000))) == nil {
		}
		return nil
	},
	func(ctx context.Context, c transport.Conn) error {
		for range 40 {
			_ = c.Write(ctx, frame(big(100)))
		}
		panic("with events in flight")
	},
	func(ctx context.Context, c transport.Conn) error {
		_ = c.Heartbeat(ctx)
		go c.Close(transport.CloseGoingAway, "from elsewhere")
		<-ctx.Done()
		return c.Write(context.Background(), frame("too late"))
	},
	func(ctx context.Context, c transport.Conn) error {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		for c.Write(ctx, frame("x")) == nil {
			time.Sleep(time.Second)
		}
		c.Close(transport.CloseSlow, "")
		return ctx.Err()
	},
}

// clients are all the ways in which one can behave.
var clients = []func(net.Conn){
	func(c net.Conn) { c.Close() },
	func(net.Conn) {}, // reads nothing
	func(c net.Conn) { io.ReadFull(c, make([]byte, 300)); c.Close() },
	func(c net.Conn) { io.ReadFull(c, make([]byte, 300)) },
	func(c net.Conn) { io.Copy(io.Discard, io.LimitReader(c, 100_000)) },
	func(c net.Conn) {
		for buf := make([]byte, 100); ; time.Sleep(time.Second) {
			if _, err := c.Read(buf); err != nil {
				return
			}
		}
	},
	func(c net.Conn) { io.Copy(io.Discard, io.LimitReader(c, 5000)); c.Close() },
}

// A bubble ends only when all of its goroutines have, so this is also a test that nothing
// hangs.
func TestNoGoroutineIsLeftAfterAThousandConnections(t *testing.T) {
	for range 2 {
		for _, run := range sessions {
			synctest.Test(t, func(t *testing.T) {
				h, _ := serving(Options{}, run)
				var n atomic.Int64
				s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					ctx, cancel := context.WithCancel(r.Context())
					defer cancel()
					if n.Add(1)%10 == 0 {
						cancel() // before there is a subscription
					}
					h.ServeHTTP(w, r.WithContext(ctx))
				}))
				for range 10 {
					for _, client := range clients {
						go client(s.get(t, "/"))
					}
				}
				time.Sleep(time.Hour) // before the test closes what is still open
			})
		}
	}
}
