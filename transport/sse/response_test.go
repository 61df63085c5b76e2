package sse

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/r3labs/sse/v2"

	"notewire/transport"
)

// recorder is a ResponseWriter that counts, and that can be held.
type recorder struct {
	mu      sync.Mutex
	header  http.Header
	body    bytes.Buffer
	flushes int
	flushed int // bytes
	sizes   []int
	hold    func() // called before each flush
}

func (r *recorder) Header() http.Header { return r.header }
func (r *recorder) WriteHeader(int)     {}
func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.body.Write(p)
}

func (r *recorder) Flush() {
	r.hold()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flushes++
	r.sizes = append(r.sizes, r.body.Len()-r.flushed)
	r.flushed = r.body.Len()
}

func serveRecorder(t *testing.T, run func(*recorder, context.Context, transport.Conn) error) *recorder {
	w := &recorder{header: http.Header{}, hold: func() {}}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	if err := Serve(w, r, Options{}, func(ctx context.Context, c transport.Conn) error { return run(w, ctx, c) }); err != nil {
		t.Error(err)
	}
	return w
}

func TestEventsThatWaitShareAFlush(t *testing.T) {
	for _, c := range []struct{ events, size, flushes int }{
		{20, 100, 1}, {31, 1000, 1}, {31, 2000, 2}, {2, 80_000, 2}, {1, 1, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := serveRecorder(t, func(w *recorder, ctx context.Context, conn transport.Conn) error {
				synctest.Wait() // the head is out
				release := make(chan struct{})
				w.hold = func() { <-release }
				_ = conn.Write(ctx, frame("first"))
				synctest.Wait() // its flush is held
				for range c.events {
					if err := conn.Write(ctx, frame(big(c.size))); err != nil {
						return err
					}
				}
				synctest.Wait()
				close(release)
				return nil
			})
			if got := w.flushes - 2; got != c.flushes { // beside the head and the first
				t.Errorf("%+v: %v", c, w.sizes)
			}
		})
	}
}

func TestTheLastEventIsNeverHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		serveRecorder(t, func(w *recorder, ctx context.Context, conn transport.Conn) error {
			for n := range 100 {
				for range n % maxEvents {
					if err := conn.Write(ctx, frame(big(n*n))); err != nil {
						return err
					}
				}
				synctest.Wait()
				w.mu.Lock()
				if w.flushed != w.body.Len() {
					t.Errorf("%d bytes wait", w.body.Len()-w.flushed)
				}
				w.mu.Unlock()
			}
			return nil
		})
	})
}

// bare is a ResponseWriter that can do nothing but write.
type bare struct{ http.ResponseWriter }

func TestAWriterThatCannotFlushIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := Serve(bare{httptest.NewRecorder()}, httptest.NewRequest("GET", "/", nil), Options{}, forever)
		if !errors.Is(err, http.ErrNotSupported) {
			t.Error(err)
		}
	})
}

func TestAWriterWithoutDeadlinesIsServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := httptest.NewRecorder()
		err := Serve(w, httptest.NewRequest("GET", "/", nil), Options{}, func(ctx context.Context, c transport.Conn) error {
			return c.Write(ctx, frame("x"))
		})
		if err != nil || w.Body.String() != "data: x\n\n" {
			t.Error(w.Body.String(), err)
		}
	})
}

func TestAnEventThatR3labsRefusesIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), Options{},
			func(ctx context.Context, c transport.Conn) error {
				sub := c.(*conn).sub
				defer func(s *sse.Server) { sub.server = s }(sub.server)
				sub.server = sse.New() // it knows no stream
				return c.Write(ctx, frame("x"))
			})
		if !errors.Is(err, errPublish) {
			t.Error(err)
		}
	})
}

func streaming(e *echo.Echo, run run) <-chan error {
	served := make(chan error, 100)
	e.GET("/", func(c echo.Context) error {
		err := Serve(c.Response(), c.Request(), Options{}, run)
		served <- err
		if !c.Response().Committed {
			served <- errors.New("echo does not know that the response has begun")
		}
		return nil
	})
	return served
}

func TestItWorksThroughEchosResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := echo.New()
		served := streaming(e, func(ctx context.Context, c transport.Conn) error { return c.Write(ctx, frame("x")) })
		body, err := io.ReadAll(stream(t, newServer(t, e).get(t, "/")).Body)
		if string(body) != "data: x\n\n" {
			t.Errorf("%q %v", body, err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

func TestEchosResponseDoesNotHideASlowClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := echo.New()
		served := streaming(e, func(ctx context.Context, c transport.Conn) error {
			_ = c.Write(ctx, frame("x"))
			<-ctx.Done()
			return nil
		})
		start := time.Now()
		stream(t, newServer(t, e).get(t, "/"))
		if err := <-served; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != 5*time.Second {
			t.Error(time.Since(start), err)
		}
	})
}

// zipping is what echo's Gzip middleware makes of a writer: it holds the head back until
// there is a body, and compresses that.
type zipping struct {
	http.ResponseWriter
	zip *gzip.Writer
}

func (z zipping) WriteHeader(int)             { z.Header().Set("Content-Encoding", "gzip") }
func (z zipping) Write(p []byte) (int, error) { return z.zip.Write(p) }
func (z zipping) Unwrap() http.ResponseWriter { return z.ResponseWriter }
func (z zipping) Flush()                      { _ = z.zip.Flush() }

func TestAStreamIsNeverCompressed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			_ = c.Write(ctx, frame("x"))
			return forever(ctx, c)
		})
		s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(zipping{w, gzip.NewWriter(w)}, r)
		}))
		c := s.get(t, "/", "Accept-Encoding: gzip")
		resp := stream(t, c)
		got := make([]byte, len("data: x\n\n"))
		if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != "data: x\n\n" {
			t.Errorf("%q %v", got, err)
		}
		if enc := resp.Header.Get("Content-Encoding"); enc != "" {
			t.Error(enc)
		}
		c.Close()
	})
}
