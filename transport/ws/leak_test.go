package ws

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"notewire/transport"
)

// A bubble ends only when all of its goroutines have, so each of these is also a test
// that nothing hangs.
func TestNoGoroutineIsLeftAfterAThousandConnections(t *testing.T) {
	clients := []func(*testing.T, *server){
		func(t *testing.T, s *server) { s.connect().Close() },
		func(t *testing.T, s *server) { s.raw(t).Close() },
		func(t *testing.T, s *server) { s.raw(t) }, // it stays, and does nothing
		func(t *testing.T, s *server) {
			r := s.raw(t)
			go talk(r)
		},
		func(t *testing.T, s *server) {
			r := s.raw(t)
			r.send(text, []byte("half a message"))
			r.Close()
		},
		func(t *testing.T, s *server) {
			r := s.raw(t)
			go r.send(0xf|fin, []byte("no such opcode"))
		},
		func(t *testing.T, s *server) {
			c, _ := s.dial(t, websocket.DialOptions{})
			go c.Close(1000, "")
		},
		func(t *testing.T, s *server) {
			c, _ := s.dial(t, websocket.DialOptions{})
			c.CloseRead(context.Background())
		},
		func(t *testing.T, s *server) {
			c, _ := s.dial(t, websocket.DialOptions{})
			go c.Write(context.Background(), websocket.MessageText, []byte(big(80<<10)))
		},
	}
	for range 12 {
		for _, client := range clients {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, http.HandlerFunc(echoSession))
				for range 10 {
					client(t, s)
				}
				time.Sleep(time.Hour) // before the test closes what is still open
			})
		}
	}
}

// echoSession is a session in small: one goroutine owns, one receives.
func echoSession(w http.ResponseWriter, r *http.Request) {
	c, err := Accept(w, r, Options{SoftLimit: 16 << 10, HardLimit: 64 << 10})
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	messages, received := make(chan []byte), make(chan struct{})
	go func() {
		defer close(received)
		defer cancel()
		for {
			m, err := c.Receive(ctx)
			if err != nil {
				return
			}
			select {
			case messages <- m:
			case <-ctx.Done():
			}
		}
	}()
	_ = c.Heartbeat(ctx)
	code := transport.CloseGoingAway
	for i := 0; i < 20 && ctx.Err() == nil; i++ {
		select {
		case m := <-messages:
			if c.Write(ctx, transport.Frame{Data: m}) != nil {
				code = transport.CloseSlow
			}
		case <-ctx.Done():
		}
	}
	c.Close(code, "enough")
	cancel()
	<-received
}
