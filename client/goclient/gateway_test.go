package goclient

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// Behind a gateway there are no paths, and a browser can set no header: everything is in the
// query and the subprotocols.
func TestASocketIsOpenedAsBrowsersDoBehindGateways(t *testing.T) {
	for _, c := range []struct {
		note, cursor, query string
	}{{"", "", ""}, {"", "e-7", "cursor=e-7"}, {"n", "", "note=n"}, {"n", "e-7", "cursor=e-7&note=n"}} {
		synctest.Test(t, func(t *testing.T) {
			o := Options{
				Token: func(context.Context) (string, error) { return "secret", nil }, TokenInSubprotocol: true,
				WebSocketURL: "ws://gateway.test/stage", NoteInQuery: true,
			}
			client := serve(t, o, func(w http.ResponseWriter, r *http.Request) {
				if r.Host != "gateway.test" || r.URL.Path != "/stage" || r.URL.RawQuery != c.query || r.Header.Get("Authorization") != "" {
					t.Errorf("%+v: %s%s, %v", c, r.Host, r.URL, r.Header)
				}
				if got := r.Header.Get("Sec-WebSocket-Protocol"); got != "notewire.v1,bearer.secret" {
					t.Errorf("subprotocols %q", got)
				}
				ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"notewire.v1"}})
				if err != nil {
					t.Error(err)
					return
				}
				_ = ws.Write(r.Context(), websocket.MessageText, []byte(hello)) // without an auth frame
				_, _, _ = ws.Read(context.Background())
			})
			var s *Stream
			var err error
			if c.note == "" {
				s, err = client.OpenAccount(t.Context(), WebSocket, c.cursor)
			} else {
				s, err = client.OpenNote(t.Context(), WebSocket, c.note, c.cursor)
			}
			if err != nil {
				t.Fatalf("%+v: %v", c, err)
			}
			_ = s.Close()
		})
	}
}

// A gateway ends every connection with 1000: the last frame says why.
func TestTheLastFrameSaysWhyAGatewayEndedASocket(t *testing.T) {
	for last, want := range map[string]Closed{
		`{"type":"error","code":"forbidden","message":"No"}`:              {Code: 4501, Reason: "No"},
		`{"type":"delete","data":{"id":"n"}}`:                             {Code: 1000, Reason: "Note deleted"},
		`{"type":"auth_failed","message":"No","reason":"auth-failed"}`:    {Code: 4500, Reason: "No"},
		`{"type":"reconnect","reason":"r","code":4006,"retryAfterMs":50}`: {4006, "r", true, 50 * time.Millisecond, false},
		`{"type":"update","data":{"id":"n"},"cursor":"e-1","version":1}`:  {Code: 1000, Reason: "Connection Closed Normally"},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
				_ = socket(w, r, last).Close(1000, "Connection Closed Normally")
			})
			s, err := client.OpenNote(t.Context(), WebSocket, "n", "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err = s.Next(t.Context()); err == nil {
				_, err = s.Next(t.Context())
			}
			if got, ok := errors.AsType[*Closed](err); !ok || *got != want {
				t.Errorf("after %s: %+v, %v", last, got, err)
			}
		})
	}
}

// Without a delay the follower comes back at once; but not again and again if the
// connections are short.
func TestAFollowerComesBackAtOnceWhenItIsAskedTo(t *testing.T) {
	for _, c := range []struct {
		lives  time.Duration
		retry  string
		atOnce bool
	}{{2 * time.Second, `,"retryAfterMs":0`, true}, {2 * time.Second, "", false}, {time.Millisecond, `,"retryAfterMs":0`, false}} {
		for _, transport := range []Transport{SSE, WebSocket} {
			synctest.Test(t, func(t *testing.T) {
				goodbye := `{"type":"reconnect","code":4000,"reason":"r"` + c.retry + `}`
				client := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
					left, lived := r.Context().Done(), time.After(c.lives)
					if transport == SSE {
						stream(w, r, hello)
						select {
						case <-lived:
							stream(w, r, goodbye)
						case <-left:
						}
						return
					}
					ws := socket(w, r, hello)
					if ws == nil {
						return
					}
					select {
					case <-lived:
					case <-ws.CloseRead(context.Background()).Done():
						return
					}
					_ = ws.Write(r.Context(), websocket.MessageText, []byte(goodbye))
					_ = ws.Close(4000, "r")
				})
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
				defer cancel()
				var f following
				_ = client.Follow(ctx, f.of(Subscription{Transport: transport}), f.handle)
				short := 0
				for _, wait := range f.waits {
					if wait == 0 {
						short++
					}
				}
				if len(f.waits) < 4 || c.atOnce && short != len(f.waits) || !c.atOnce && short > 1 {
					t.Errorf("%+v by %s: %d of %d waits were none", c, transport, short, len(f.waits))
				}
			})
		}
	}
}
