package goclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// Heartbeats keep a connection; silence ends it, also of one that is being opened.
func TestASilentConnectionIsGivenUp(t *testing.T) {
	const beats, every = 10, 25 * time.Second
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		sub    Subscription
		lasts  time.Duration
	}{
		"a stream": {func(w http.ResponseWriter, r *http.Request) {
			stream(w, r, hello)
			for range beats {
				time.Sleep(every)
				fmt.Fprint(w, ":hb\n\n")
				_ = http.NewResponseController(w).Flush()
			}
			<-r.Context().Done()
		}, Subscription{Transport: SSE}, beats*every + DefaultSilence},
		"a WebSocket": {func(w http.ResponseWriter, r *http.Request) {
			ws := socket(w, r, hello)
			ctx := ws.CloseRead(context.Background())
			for range beats {
				time.Sleep(every)
				_ = ws.Ping(ctx)
			}
			<-ctx.Done()
		}, Subscription{Transport: WebSocket}, beats*every + DefaultSilence},
		"no answer":       {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, Subscription{Transport: SSE}, DefaultSilence},
		"no auth_success": {func(w http.ResponseWriter, r *http.Request) { stream(w, r); <-r.Context().Done() }, Subscription{Transport: SSE}, DefaultSilence},
		"no upgrade":      {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, Subscription{Transport: WebSocket}, DefaultSilence},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := serve(t, Options{}, c.answer)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			start := time.Now()
			c.sub.OnState = func(s State) {
				if s.Phase != Waiting {
					return
				}
				if lasted := time.Since(start); lasted != c.lasts || !errors.Is(s.Err, ErrCutOff) {
					t.Errorf("%s: given up after %v, want %v: %v", name, lasted, c.lasts, s.Err)
				}
				cancel()
			}
			if err := client.Follow(ctx, c.sub, func(Event) error { return nil }); err != context.Canceled {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

func TestAnEndOfTheContextEndsWhatWaits(t *testing.T) {
	for _, transport := range []Transport{WebSocket, SSE} {
		synctest.Test(t, func(t *testing.T) {
			c := serve(t, Options{Silence: -1}, func(w http.ResponseWriter, r *http.Request) {
				if transport == SSE {
					stream(w, r, hello)
					<-r.Context().Done()
					return
				}
				_, _, _ = socket(w, r, hello).Read(context.Background())
			})
			s, err := c.OpenAccount(t.Context(), transport, "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			if _, err := s.Next(ctx); err != context.DeadlineExceeded {
				t.Errorf("%s: %v", transport, err)
			}
			if _, err := s.Next(t.Context()); err == nil {
				t.Errorf("%s goes on", transport)
			}
		})
	}
}
