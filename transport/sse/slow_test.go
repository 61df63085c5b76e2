package sse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport"
)

func TestAStuckReaderDoesNotDelayOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		h, _ := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for i := range 200 {
				if err := c.Write(ctx, at(strconv.Itoa(i), big(1000))); err != nil {
					return err
				}
			}
			return nil
		})
		s := newServer(t, h)
		for range 10 {
			s.get(t, "/") // and reads nothing
		}
		resp := stream(t, s.get(t, "/"))
		synctest.Wait()
		events := 0
		for buf := make([]byte, 1000); ; events++ {
			if _, err := resp.Body.Read(buf); err != nil {
				break
			}
		}
		if took := time.Since(start); took != 0 || events < 200 {
			t.Error(took, events)
		}
	})
}

func TestASlowClientIsCutOffAtTheDeadline(t *testing.T) {
	for _, size := range []int{1000, 100_000, 1_000_000} {
		synctest.Test(t, func(t *testing.T) {
			written := make(chan error, 1)
			h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
				for {
					if err := c.Write(ctx, frame(big(size))); err != nil {
						written <- err
						return nil
					}
				}
			})
			stream(t, newServer(t, h).get(t, "/"))
			start := time.Now()
			err := <-served
			if took := time.Since(start); took != 5*time.Second || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error(size, took, err)
			}
			if err := <-written; err == nil {
				t.Error("the write did not fail")
			}
		})
	}
}

func TestADeadConnectionIsNoticedWithoutAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			_ = c.Write(ctx, frame("x"))
			<-ctx.Done()
			return nil
		})
		stream(t, newServer(t, h).get(t, "/"))
		if err := <-served; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestAClientThatIsSlowButReadsIsNotCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for i := range 200 {
				if err := c.Write(ctx, at(strconv.Itoa(i), big(5000))); err != nil {
					return fmt.Errorf("event %d: %w", i, err)
				}
			}
			time.Sleep(time.Minute) // the end has a deadline too
			return nil
		})
		c := newServer(t, h).get(t, "/")
		go func() {
			for buf := make([]byte, 10_000); ; time.Sleep(time.Second) {
				if _, err := c.Read(buf); err != nil {
					return
				}
			}
		}()
		start := time.Now()
		if err := <-served; err != nil || time.Since(start) < time.Minute {
			t.Error(time.Since(start), err)
		}
	})
}

func TestAWriteWaitsForRoomAsLongAsTheClientReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for range 20 {
				if err := c.Write(ctx, frame(big(10_000))); err != nil {
					return err
				}
			}
			start := time.Now()
			err := c.Write(ctx, frame(big(250_000))) // each flush is in time, and there are many
			if took := time.Since(start); took < 5*time.Second || err != nil || ctx.Err() != nil {
				t.Error(took, err, ctx.Err())
			}
			return nil
		})
		c := newServer(t, h).get(t, "/")
		go func() {
			for buf := make([]byte, 10_000); ; time.Sleep(time.Second) {
				if _, err := c.Read(buf); err != nil {
					return
				}
			}
		}()
		if err := <-served; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
	})
}

// A client on a slow line takes an event that is far larger than what it can read within
// one write deadline: it moves, and so it is not cut off.
func TestASlowClientGetsALargeEventWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = time.Second
		large := append(append([]byte(`{"text":"`), bytes.Repeat([]byte{'x'}, 2<<20)...), `"}`...)
		server, client := net.Pipe()
		srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = Serve(w, r, Options{WriteTimeout: timeout}, func(ctx context.Context, c transport.Conn) error {
				for range 3 {
					if err := c.Write(ctx, transport.Frame{Data: large, Cursor: "e-1"}); err != nil {
						t.Error(err)
					}
				}
				return nil
			})
		})}
		listener := &oneConn{conn: server, closed: make(chan struct{})}
		served := make(chan error, 1)
		go func() { served <- srv.Serve(listener) }()
		if _, err := client.Write([]byte("GET / HTTP/1.0\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		got, buf := 0, make([]byte, 16<<10)
		for {
			time.Sleep(timeout / 8) // 128 KB a second
			n, err := client.Read(buf)
			got += n
			if err != nil {
				break
			}
		}
		if want := 3 * len(large); got < want {
			t.Errorf("%d of at least %d bytes came", got, want)
		}
		_ = srv.Close()
		<-served
	})
}

// oneConn is a listener with one connection.
type oneConn struct {
	conn   net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	if c := l.conn; c != nil {
		l.conn = nil
		return c, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }
