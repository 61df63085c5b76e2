package sse

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport"
)

func TestTheBytesOnTheWireAreExactlyThese(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		write := func(padding int) string {
			return dump(t, Options{LastID: "e1-4", Retry: 2500 * time.Millisecond, Padding: padding}, func(ctx context.Context, c transport.Conn) error {
				return errors.Join(
					c.Write(ctx, frame(`{"type":"hello"}`)),
					c.Write(ctx, at("e1-5", `{"type":"note_sync","title":"<é😀>"}`)),
					c.Heartbeat(ctx),
					c.Write(ctx, frame(`:-) not a comment`)),
					c.Write(ctx, at("e1-6", ` leading space`)),
				)
			})
		}
		want := "id: e1-4\ndata: {\"type\":\"hello\"}\nretry: 2500\n\n" +
			"id: e1-5\ndata: {\"type\":\"note_sync\",\"title\":\"<é😀>\"}\n\n" +
			": hb\n\n" +
			"id: e1-5\ndata: :-) not a comment\n\n" +
			"id: e1-6\ndata:  leading space\n\n"
		if got := write(0); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		padded := strings.ReplaceAll(strings.ReplaceAll(want, "\n\n", "\n\n: .....\n\n"), ": hb\n\n: .....", ": .....hb")
		if got := write(5); got != padded {
			t.Errorf("padded it is %q\nwant         %q", got, padded)
		}
	})
}

func TestTheHeadIsWhatProxiesNeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := serving(Options{}, func(context.Context, transport.Conn) error { return nil })
		s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Length", "3")
			w.Header().Set("X-Request-Id", "42")
			h.ServeHTTP(w, r)
		}))
		resp := stream(t, s.get(t, "/"))
		resp.Header.Del("Date")
		want := http.Header{
			"Content-Type":      {"text/event-stream"},
			"Cache-Control":     {"no-cache, no-transform"},
			"X-Accel-Buffering": {"no"},
			"X-Request-Id":      {"42"},
		}
		if resp.StatusCode != 200 || len(resp.Header) != len(want) {
			t.Error(resp.Status, resp.Header)
		}
		for k := range want {
			if resp.Header.Get(k) != want.Get(k) {
				t.Error(k, resp.Header[k])
			}
		}
	})
}

func TestTheHeadIsSentBeforeAnyFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, _ := serving(Options{}, forever)
		c := newServer(t, h).get(t, "/")
		stream(t, c)
		c.Close()
	})
}

func TestNothingOfTheRequestReachesR3labs(t *testing.T) {
	for _, target := range []string{"/", "/?stream=", "/?stream=other", "/?stream=s&stream=t", "/?%zz"} {
		for _, last := range []string{"", "7", "01J9Z3-abc", "-1", "9223372036854775808"} {
			synctest.Test(t, func(t *testing.T) {
				h, _ := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
					return c.Write(ctx, at("c", "x"))
				})
				resp := stream(t, newServer(t, h).get(t, target, "Last-Event-ID: "+last))
				if body, err := io.ReadAll(resp.Body); resp.StatusCode != 200 || string(body) != "id: c\ndata: x\n\n" {
					t.Errorf("%s, %q: %s %q %v", target, last, resp.Status, body, err)
				}
			})
		}
	}
}

func TestTheFirstEventIsNeverLost(t *testing.T) {
	for range 300 {
		synctest.Test(t, func(t *testing.T) {
			got := dump(t, Options{}, func(ctx context.Context, c transport.Conn) error {
				return c.Write(ctx, at("1", "first"))
			})
			if got != "id: 1\ndata: first\n\n" {
				t.Fatalf("%q", got)
			}
		})
	}
}

func TestAllThatWasWrittenIsOnTheWireInOrderBeforeTheEnd(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 31, 32, 33, 64, 65, 200, 201} {
		for _, size := range []int{1, 100, 5000, 50_000} {
			synctest.Test(t, func(t *testing.T) {
				got := dump(t, Options{}, func(ctx context.Context, c transport.Conn) error {
					for i := range n {
						if err := c.Write(ctx, at(strconv.Itoa(i), big(size))); err != nil {
							return err
						}
					}
					if n%2 == 0 {
						c.Close(transport.CloseGoingAway, "")
					}
					return nil
				})
				events, _ := parse(got)
				for i, e := range events {
					if e.id != strconv.Itoa(i) || len(e.data) != size {
						t.Fatal(i, e.id)
					}
				}
				if len(events) != n {
					t.Fatalf("%d of %d", len(events), n)
				}
			})
		}
	}
}

// panicky panics where it is told to.
func TestABodyThatNeverComesEndsTheStreamAtTheWriteTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, forever)
		c := newServer(t, h, func(s *http.Server) { s.ReadTimeout = 0 }).connect(t)
		start := time.Now()
		io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123")
		err := <-served
		if took := time.Since(start); took != 5*time.Second || err == nil {
			t.Error(took, err)
		}
	})
}

func TestAStreamMayBeAskedForByPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, served := serving(Options{}, func(ctx context.Context, c transport.Conn) error {
			time.Sleep(time.Hour)
			_ = c.Write(ctx, frame("x"))
			<-ctx.Done()
			return nil
		})
		c := newServer(t, h).connect(t)
		io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n123") // which nobody reads
		resp := stream(t, c)
		got := make([]byte, len("data: x\n\n"))
		if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != "data: x\n\n" {
			t.Error(string(got), err)
		}
		c.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}
