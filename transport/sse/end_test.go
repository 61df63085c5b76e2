package sse

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport"
)

func TestServeReturnsTheErrorOfTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mine := errors.New("mine")
		h, served := serving(Options{}, func(context.Context, transport.Conn) error { return mine })
		resp := stream(t, newServer(t, h).get(t, "/"))
		if _, err := io.ReadAll(resp.Body); err != nil {
			t.Error("the response was not ended cleanly:", err)
		}
		if err := <-served; err != mine {
			t.Error(err)
		}
	})
}

func TestAPanicOfTheSessionGoesOnAfterCleaningUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		panicked := make(chan any, 1)
		s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				v := recover()
				panicked <- v
				panic(v)
			}()
			_ = Serve(w, r, Options{}, func(context.Context, transport.Conn) error {
				time.Sleep(time.Second) // until the head is out
				panic("mine")
			})
		}))
		resp := stream(t, s.get(t, "/"))
		if _, err := io.ReadAll(resp.Body); err == nil {
			t.Error("the response looks complete")
		}
		if v := <-panicked; v != "mine" {
			t.Error(v)
		}
	})
}

func TestAPanicDoesNotWaitForAClientThatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		panicked := make(chan time.Time, 1)
		s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() { recover(); panicked <- time.Now() }()
			_ = Serve(w, r, Options{}, func(ctx context.Context, c transport.Conn) error {
				_ = c.Write(ctx, frame(big(100_000)))
				time.Sleep(time.Second)
				panic("mine")
			})
		}))
		start := time.Now()
		stream(t, s.get(t, "/"))
		if took := (<-panicked).Sub(start); took != time.Second {
			t.Error(took)
		}
	})
}

type panicky struct {
	http.ResponseWriter
	in string
}

func (p panicky) WriteHeader(code int) {
	if p.in == "WriteHeader" {
		panic(http.ErrAbortHandler)
	}
	p.ResponseWriter.WriteHeader(code)
}

func (p panicky) Write(b []byte) (int, error) {
	if p.in == "Write" {
		panic(http.ErrAbortHandler)
	}
	return p.ResponseWriter.Write(b)
}

func (p panicky) Flush() {
	if p.in == "Flush" {
		panic(http.ErrAbortHandler)
	}
}

func TestAPanicOfTheWriterComesOutOfServe(t *testing.T) {
	for _, in := range []string{"WriteHeader", "Write", "Flush"} {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				if v := recover(); v != http.ErrAbortHandler {
					t.Error(in, v)
				}
			}()
			w := panicky{httptest.NewRecorder(), in}
			start := time.Now()
			_ = Serve(w, httptest.NewRequest("GET", "/", nil), Options{}, func(ctx context.Context, c transport.Conn) error {
				_ = c.Write(ctx, frame("x"))
				<-ctx.Done()
				if took := time.Since(start); took != 0 {
					t.Error(in, "the session learned it after", took)
				}
				return nil
			})
			t.Error(in, "did not panic")
		})
	}
}

func TestARequestThatEndedBeforeGetsASessionWithAnEndedContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(gone)
		r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
		if err := Serve(httptest.NewRecorder(), r, Options{}, forever); err != gone {
			t.Error(err)
		}
	})
}

func TestTheSessionsContextEndsWhenTheClientLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, forever)
		c := newServer(t, h).get(t, "/")
		stream(t, c)
		c.Close()
		if err := <-served; err != context.Canceled {
			t.Error(err)
		}
	})
}

func TestAGoodbyeGoesOutThoughTheRequestsContextEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		h, _ := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			<-ctx.Done()
			return c.Write(context.Background(), frame("goodbye"))
		})
		s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r.WithContext(ctx)) // a server that stops
		}))
		resp := stream(t, s.get(t, "/"))
		cancel()
		if body, err := io.ReadAll(resp.Body); string(body) != "data: goodbye\n\n" {
			t.Errorf("%q %v", body, err)
		}
	})
}

func TestTheConnIsClosedWhenServeHasReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept transport.Conn
		dump(t, Options{}, func(_ context.Context, c transport.Conn) error {
			kept = c
			return nil
		})
		if err := kept.Write(t.Context(), frame("late")); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if err := kept.Heartbeat(t.Context()); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		kept.Close(transport.CloseNormal, "again")
	})
}

func TestAClientThatDoesNotReadTheEndIsLeftAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			return c.Write(ctx, frame("x"))
		})
		c := newServer(t, h).get(t, "/")
		var got []byte
		for buf := make([]byte, 1); !bytes.HasSuffix(got, []byte("data: x\n\n\r\n")); {
			if _, err := c.Read(buf); err != nil {
				t.Fatal(err)
			}
			got = append(got, buf...)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		time.Sleep(6 * time.Second)
		if rest, _ := io.ReadAll(c); len(rest) > 0 {
			t.Errorf("the server still waits to write %q", rest)
		}
	})
}
