package sse

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/transport"
)

func TestItWorksOverHTTP2(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			return errors.Join(c.Write(ctx, at("1", big(100_000))), c.Heartbeat(ctx), c.Write(ctx, at("2", "x")))
		})
		resp, err := newServer(t, h).http2(t).Get("http://notewire.test/?stream=other")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if want := "id: 1\ndata: " + big(100_000) + "\n\n: hb\n\nid: 2\ndata: x\n\n"; string(body) != want {
			t.Errorf("%d bytes, %v", len(body), err)
		}
		if resp.ProtoMajor != 2 || resp.Header.Get("Connection") != "" || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Error(resp.Proto, resp.Header)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

func TestAnIdleStreamLives(t *testing.T) {
	for _, version := range []int{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
				for range 3 {
					if err := c.Write(ctx, frame("x")); err != nil {
						return err
					}
					time.Sleep(time.Hour)
				}
				return ctx.Err()
			})
			s := newServer(t, h)
			var body io.Reader
			if version == 1 {
				body = stream(t, s.get(t, "/")).Body
			} else {
				resp, err := s.http2(t).Get("http://notewire.test/")
				if err != nil {
					t.Fatal(err)
				}
				body = resp.Body
			}
			if got, err := io.ReadAll(body); string(got) != "data: x\n\ndata: x\n\ndata: x\n\n" || err != nil {
				t.Errorf("HTTP/%d: %q %v", version, got, err)
			}
			if err := <-served; err != nil {
				t.Error(version, err)
			}
		})
	}
}

func TestAStuckStreamIsCutOffAndItsNeighboursOnTheConnectionAreNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan error, 1)
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			for range 100 {
				if err := c.Write(ctx, frame("x")); err != nil {
					return err
				}
				time.Sleep(time.Second)
			}
			return nil
		})
		mux := http.NewServeMux()
		mux.Handle("/alive", h)
		mux.HandleFunc("/stuck", func(w http.ResponseWriter, r *http.Request) {
			stuck <- Serve(w, r, Options{}, func(ctx context.Context, c transport.Conn) error {
				for c.Write(ctx, frame(big(100_000))) == nil { // until flow control stops it
				}
				return nil
			})
		})
		client := newServer(t, mux).http2(t)
		start := time.Now()
		if _, err := client.Get("http://notewire.test/stuck"); err != nil {
			t.Fatal(err)
		}
		resp, err := client.Get("http://notewire.test/alive")
		if err != nil {
			t.Fatal(err)
		}
		if err := <-stuck; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 5*time.Second {
			t.Error(time.Since(start), err)
		}
		body, err := io.ReadAll(resp.Body)
		if events, _ := parse(string(body)); len(events) != 100 || err != nil {
			t.Error(len(events), err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

func TestItWorksOverTLSThroughEcho(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		e := echo.New()
		served := streaming(e, func(ctx context.Context, c transport.Conn) error { return c.Write(ctx, at("1", "x")) })
		s := httptest.NewUnstartedServer(e)
		s.EnableHTTP2 = h2
		s.StartTLS()
		resp, err := s.Client().Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(body) != "id: 1\ndata: x\n\n" || (resp.ProtoMajor == 2) != h2 {
			t.Errorf("%s %q %v", resp.Proto, body, err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		s.Close()
	}
}

func TestAStuckStreamIsFoundWithoutAnotherWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			_ = c.Write(ctx, frame(big(10_000_000))) // more than a client's window
			<-ctx.Done()
			return nil
		})
		if _, err := newServer(t, h).http2(t).Get("http://notewire.test/"); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := <-served; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 5*time.Second {
			t.Error(time.Since(start), err)
		}
	})
}

// A deadline of a stream does not help when the connection has stopped as a whole: net/http
// cannot write the reset either, and would wait for TCP. The server must bound that.
func TestAnHTTP2ConnectionThatIsStuckAsAWholeIsLeftAtTheServersWriteByteTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			time.Sleep(time.Second)
			for c.Write(ctx, frame(big(1000))) == nil {
			}
			return nil
		})
		s := newServer(t, h, func(s *http.Server) {
			s.HTTP2 = &http.HTTP2Config{WriteByteTimeout: 5 * time.Second}
		})
		conn := new(stoppable)
		if _, err := s.http2(t, conn.wrap).Get("http://notewire.test/"); err != nil {
			t.Fatal(err)
		}
		conn.stopped.Store(true)
		start := time.Now()
		if err := <-served; err == nil || time.Since(start) > 11*time.Second {
			t.Error(time.Since(start), err)
		}
	})
}

// stoppable is a connection from which nothing more is read once it is stopped.
type stoppable struct {
	net.Conn
	stopped atomic.Bool
}

func (s *stoppable) wrap(c net.Conn) net.Conn { s.Conn = c; return s }

func (s *stoppable) Read(p []byte) (int, error) {
	if s.stopped.Load() {
		time.Sleep(10 * time.Minute)
		return 0, io.EOF
	}
	return s.Conn.Read(p)
}
