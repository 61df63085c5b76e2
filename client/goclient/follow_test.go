package goclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"testing"
	"testing/synctest"
	"time"
)

// following records what a follower was given.
type following struct {
	cursors []string
	waits   []time.Duration
	errs    []error
}

func (f *following) of(s Subscription) Subscription {
	s.OnState = func(st State) {
		if st.Phase == Waiting {
			f.waits, f.errs = append(f.waits, st.Wait), append(f.errs, st.Err)
		}
	}
	return s
}

func (f *following) handle(e Event) error {
	f.cursors = append(f.cursors, e.Type+" "+e.Cursor)
	return nil
}

var errEnough = errors.New("enough")

// until handles events up to the one of that cursor.
func (f *following) until(cursor string) func(Event) error {
	return func(e Event) error {
		_ = f.handle(e)
		if e.Cursor == cursor {
			return errEnough
		}
		return nil
	}
}

func TestFollowersComeBackAtRandomAndEverLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []time.Time
		c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, time.Now())
			refuse(w, 503, "unavailable")
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		b := Backoff{First: time.Second, Most: 20 * time.Second}
		var f following
		if err := c.Follow(ctx, f.of(Subscription{Transport: SSE, Backoff: b}), f.handle); err != context.DeadlineExceeded {
			t.Error(err)
		}
		// On average 10 s: fewer than 200 or more than 700 in an hour cannot be chance.
		if len(asked) < 200 || len(asked) > 700 {
			t.Errorf("%d connections in an hour", len(asked))
		}
		long := 0
		for i := range len(asked) - 1 {
			waited := asked[i+1].Sub(asked[i])
			if most := min(time.Second<<min(i, 10), 20*time.Second); waited > most || waited != f.waits[i] {
				t.Errorf("wait %d is %v, announced as %v; want at most %v", i, waited, f.waits[i], most)
			}
			if waited > 10*time.Second {
				long++
			}
		}
		if share := float64(long) / float64(len(asked)); share < 0.3 || share > 0.7 {
			t.Errorf("%.2f of the waits are in the upper half", share)
		}
	})
}

func TestAFollowerHonoursTheServersWait(t *testing.T) {
	goodbye := `{"type":"reconnect","code":4000,"reason":"stops","retryAfterMs":90000}`
	for transport, answer := range map[Transport]func(w http.ResponseWriter, r *http.Request, frames ...string){
		SSE: stream,
		WebSocket: func(w http.ResponseWriter, r *http.Request, frames ...string) {
			_ = socket(w, r, frames...).Close(4000, "stops")
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			var asked []time.Time
			c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, time.Now())
				switch len(asked) {
				case 1:
					w.WriteHeader(429)
					fmt.Fprint(w, `{"error":{"code":"rate_limited","message":"No","retryAfterMs":60000}}`)
				case 2:
					answer(w, r, hello, goodbye)
				default:
					answer(w, r, hello, change(1))
				}
			})
			var f following
			if err := c.Follow(t.Context(), f.of(Subscription{Transport: transport}), f.until("e-1")); err != errEnough {
				t.Error(err)
			}
			for i, want := range []time.Duration{60 * time.Second, 90 * time.Second} {
				if got := asked[i+1].Sub(asked[i]); got < want || got > want+time.Second {
					t.Errorf("%s: came back after %v, want %v", transport, got, want)
				}
			}
		})
	}
}

func TestTheHandlersErrorEndsFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) { stream(w, r, hello, change(1)) })
		ctx, cancel := context.WithCancel(t.Context())
		if err := c.Follow(ctx, Subscription{Transport: SSE}, func(Event) error { cancel(); return errEnough }); err != errEnough {
			t.Error(err)
		}
	})
}

// After a connection that lasted, the next outage begins with short waits again; after one
// that the server drops at once, it does not.
func TestOnlyAConnectionThatLastedMakesTheWaitsShortAgain(t *testing.T) {
	for _, lasts := range []time.Duration{0, settled} {
		synctest.Test(t, func(t *testing.T) {
			tries := 0
			c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
				tries++
				switch {
				case tries < 20:
					refuse(w, 503, "unavailable")
				case tries < 40:
					stream(w, r, hello)
					time.Sleep(lasts)
				default:
					refuse(w, 403, "forbidden")
				}
			})
			var f following
			_ = c.Follow(t.Context(), f.of(Subscription{Transport: SSE}), f.handle)
			var longest time.Duration
			for _, wait := range f.waits[20:38] {
				longest = max(longest, wait)
			}
			if short := longest <= time.Second; short != (lasts > 0) {
				t.Errorf("connections of %v, waits up to %v", lasts, longest)
			}
		})
	}
}

func TestEventsAreHandledOnceAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cursors []string
		c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
			cursors = append(cursors, r.URL.Query().Get("cursor"))
			switch len(cursors) {
			case 1:
				stream(w, r, hello, change(1), `{"type":"error","code":"x","message":"y"}`, change(2), change(2), change(1), change(3))
			case 2: // a server that begins too early
				stream(w, r, hello, change(2), change(3), change(4))
			case 3: // a log that was replaced
				stream(w, r, `{"type":"auth_success","cursor":"f-2"}`)
			case 4:
				stream(w, r, `{"type":"auth_success","cursor":"f-2"}`, `{"type":"resync","cursor":"f-2","reason":"epoch"}`, `{"type":"note_sync","cursor":"f-3"}`)
			}
		})
		var f following
		if err := c.Follow(t.Context(), f.of(Subscription{Transport: SSE}), f.until("f-3")); err != errEnough {
			t.Error(err)
		}
		want := []string{"note_sync e-1", "note_sync e-2", "note_sync e-3", "note_sync e-4", "resync f-2", "note_sync f-3"}
		if !reflect.DeepEqual(f.cursors, want) {
			t.Errorf("handled %q", f.cursors)
		}
		if want := []string{"", "e-3", "e-4", "e-4"}; !reflect.DeepEqual(cursors, want) {
			t.Errorf("connected from %q", cursors)
		}
	})
}

// A note's resync is whole only with the note that follows it.
func TestANotesResyncThatBrokeOffComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cursors []string
		resync, initial := `{"type":"resync","cursor":"f-9","reason":"epoch"}`, `{"type":"initial","cursor":"f-9","version":9}`
		c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
			cursors = append(cursors, r.URL.Query().Get("cursor"))
			if len(cursors) == 1 {
				stream(w, r, resync)
				return
			}
			stream(w, r, resync, initial)
		})
		var f following
		if err := c.Follow(t.Context(), Subscription{Transport: SSE, NoteID: "n", Cursor: "e-5"}, func(e Event) error {
			_ = f.handle(e)
			if e.Type == "initial" {
				return errEnough
			}
			return nil
		}); err != errEnough {
			t.Error(err)
		}
		if want := []string{"resync f-9", "resync f-9", "initial f-9"}; !reflect.DeepEqual(f.cursors, want) {
			t.Errorf("handled %q", f.cursors)
		}
		if want := []string{"e-5", "e-5"}; !reflect.DeepEqual(cursors, want) {
			t.Errorf("connected from %q", cursors)
		}
	})
}
