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

// A frame that is the last word on a stream that the server ended is none where the
// connection was cut off after it, nor on a WebSocket, which has close codes.
func TestAFollowerComesBackAfterACut(t *testing.T) {
	refusal, deleted := `{"type":"error","code":"invalid","message":"No"}`, `{"type":"delete","cursor":"e-8"}`
	for name, c := range map[string]struct {
		transport Transport
		cut       func(http.ResponseWriter, *http.Request)
	}{
		"a stream, after delete": {SSE, func(w http.ResponseWriter, r *http.Request) {
			stream(w, r, deleted)
			panic(http.ErrAbortHandler)
		}},
		"a WebSocket, after delete": {WebSocket, func(w http.ResponseWriter, r *http.Request) { _ = socket(w, r, deleted).CloseNow() }},
		"a WebSocket, after error":  {WebSocket, func(w http.ResponseWriter, r *http.Request) { _ = socket(w, r, refusal).CloseNow() }},
	} {
		synctest.Test(t, func(t *testing.T) {
			connections := 0
			client := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
				if connections++; connections == 1 {
					c.cut(w, r)
				} else if c.transport == SSE {
					stream(w, r, change(9))
				} else {
					_ = socket(w, r, change(9)).CloseNow()
				}
			})
			var f following
			err := client.Follow(t.Context(), f.of(Subscription{Transport: c.transport, NoteID: "n", Cursor: "e-7"}), f.until("e-9"))
			if err != errEnough || len(f.errs) == 0 || !errors.Is(f.errs[0], ErrCutOff) {
				t.Errorf("%s: %v; it waited for %v", name, err, f.errs)
			}
		})
	}
}

func TestARefusedTokenIsNotTriedAgain(t *testing.T) {
	expired := `{"type":"auth_failed","message":"Token expired","reason":"token-expired"}`
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"401":                  func(w http.ResponseWriter, _ *http.Request) { refuse(w, 401, "unauthenticated") },
		"expired, on a stream": func(w http.ResponseWriter, r *http.Request) { stream(w, r, hello, expired) },
		"expired, on a WebSocket": func(w http.ResponseWriter, r *http.Request) {
			_ = socket(w, r, expired).Close(4003, "Token expired")
		},
	} {
		for _, fresh := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				connections, tokens := 0, 0
				o := Options{Token: func(context.Context) (string, error) {
					tokens++
					if fresh && tokens > 1 {
						return "new", nil
					}
					return "old", nil
				}}
				c := serve(t, o, func(w http.ResponseWriter, r *http.Request) { connections++; answer(w, r) })
				sub := Subscription{Transport: SSE}
				if name == "expired, on a WebSocket" {
					sub.Transport = WebSocket
				}
				err := c.Follow(t.Context(), sub, func(Event) error { return nil })
				if want := map[bool]int{false: 1, true: 2}[fresh]; connections != want || !needsToken(err) {
					t.Errorf("%s, another token is there: %v: %d connections, want %d; %v", name, fresh, connections, want, err)
				}
			})
		}
	}
}

func TestAFollowerStaysAwayWhenComingBackIsNoUse(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		sub    Subscription
	}{
		"auth failed": {func(w http.ResponseWriter, r *http.Request) {
			_ = socket(w, r, `{"type":"auth_failed","message":"No","reason":"auth-failed"}`).Close(4500, "No")
		}, Subscription{Transport: WebSocket}},
		"no such note": {func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "not_found") }, Subscription{Transport: SSE, NoteID: "n"}},
		"another site": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Welcome!") }, Subscription{Transport: SSE}},
		"not a socket": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Welcome!") }, Subscription{Transport: WebSocket}},
		"deleted":      {func(w http.ResponseWriter, r *http.Request) { stream(w, r, `{"type":"delete","cursor":"e-9"}`) }, Subscription{Transport: SSE, NoteID: "n"}},
		"access lost": {func(w http.ResponseWriter, r *http.Request) {
			stream(w, r, `{"type":"error","code":"forbidden","message":"No"}`)
		}, Subscription{Transport: SSE, NoteID: "n"}},
		"a large event": {func(w http.ResponseWriter, r *http.Request) {
			stream(w, r, hello, fmt.Sprintf(`{"type":"%02000d"}`, 1))
		}, Subscription{Transport: SSE}},
		"a large frame": {func(w http.ResponseWriter, r *http.Request) {
			_, _, _ = socket(w, r, hello, fmt.Sprintf(`{"type":"%02000d"}`, 1)).Read(r.Context())
		}, Subscription{Transport: WebSocket}},
		"no transport": {func(http.ResponseWriter, *http.Request) {}, Subscription{Transport: "pigeon"}},
		"no note's id": {func(http.ResponseWriter, *http.Request) {}, Subscription{Transport: WebSocket, NoteID: ".."}},
	} {
		synctest.Test(t, func(t *testing.T) {
			connections := 0
			client := serve(t, Options{MaxFrame: 1000}, func(w http.ResponseWriter, r *http.Request) { connections++; c.answer(w, r) })
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			err := client.Follow(ctx, c.sub, func(Event) error { return nil })
			if connections > 1 || err == nil || ctx.Err() != nil {
				t.Errorf("%s: %d connections, %v", name, connections, err)
			}
		})
	}
}
