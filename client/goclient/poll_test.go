package goclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// polled answers a poll.
func polled(w http.ResponseWriter, cursor string, more bool, frames ...string) {
	fmt.Fprintf(w, `{"cursor":%q,"more":%v,"events":[%s]}`, cursor, more, strings.Join(frames, ","))
}

func TestPollsGoOnFromTheLastAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		tokens := 0
		o := Options{Token: func(context.Context) (string, error) { tokens++; return fmt.Sprint("t", tokens), nil }}
		c := serve(t, o, func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			asked = append(asked, fmt.Sprintf("%s %s %s after %q for %s s", r.Method, r.Header.Get("Authorization"), r.URL.Path, q.Get("cursor"), q.Get("wait")))
			switch len(asked) {
			case 1:
				polled(w, "e-4", false)
			case 2:
				time.Sleep(20 * time.Second)
				polled(w, "e-6", true, change(5), change(6))
			case 3:
				polled(w, "e-6", false)
			default:
				polled(w, "e-7", false, change(7))
			}
		})
		s, err := c.OpenAccount(t.Context(), Poll, "")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if h := s.Hello(); h.Type != "auth_success" || h.Cursor != "e-4" || string(h.Data) != `{"type":"auth_success","cursor":"e-4"}` {
			t.Errorf("%+v", h)
		}
		for seq := 5; seq <= 7; seq++ {
			if e, err := s.Next(t.Context()); err != nil || string(e.Data) != change(seq) {
				t.Errorf("%s, %v", e.Data, err)
			}
		}
		want := []string{
			`GET Bearer t1 /api/changes after "" for 0 s`, `GET Bearer t2 /api/changes after "e-4" for 25 s`,
			`GET Bearer t3 /api/changes after "e-6" for 25 s`, `GET Bearer t4 /api/changes after "e-6" for 25 s`,
		}
		if !slices.Equal(asked, want) {
			t.Errorf("%q", asked)
		}
		if err := s.Send(t.Context(), ping); err == nil {
			t.Error("a poll takes frames")
		}
	})
}

func TestAPollsLastFrameOrStatusSaysWhyItEnds(t *testing.T) {
	refused := func(status int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { refuse(w, status, "code") }
	}
	last := func(frame string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { polled(w, "e-1", false, frame) }
	}
	for name, c := range map[string]struct {
		answer       func(http.ResponseWriter)
		code, status int // of the Closed, or of the refusal
		again        bool
	}{
		"the server stops":  {last(`{"type":"reconnect","code":4000,"reason":"r","retryAfterMs":50}`), 4000, 0, true},
		"the token":         {last(`{"type":"auth_failed","message":"m","reason":"token-expired"}`), CodeTokenExpired, 0, true},
		"removed":           {last(`{"type":"error","code":"forbidden","message":"m"}`), CodeAccessLost, 0, false},
		"deleted":           {last(`{"type":"delete","cursor":"e-1"}`), CodeDeleted, 0, false},
		"removed meanwhile": {refused(403), CodeAccessLost, 0, false},
		"gone meanwhile":    {refused(404), CodeAccessLost, 0, false},
		"unauthenticated":   {refused(401), 0, 401, false},
		"unavailable":       {refused(503), 0, 503, true},
		"a proxy":           {func(w http.ResponseWriter) { w.WriteHeader(502); fmt.Fprint(w, "<html>") }, 0, 502, true},
		"another program":   {func(w http.ResponseWriter) { fmt.Fprint(w, `{"events":[]}`) }, 0, 200, false},
		"cut off":           {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 0, 0, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			polls := 0
			client := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
				if polls++; polls == 1 {
					polled(w, "e-0", false)
					return
				}
				c.answer(w)
			})
			s, err := client.OpenNote(t.Context(), Poll, "n", "e-0")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for err == nil {
				_, err = s.Next(t.Context())
			}
			end, ok := errors.AsType[*Closed](err)
			if ok != (c.code != 0) || ok && end.Code != c.code || statusOf(err) != c.status || mayComeBack(err) != c.again {
				t.Errorf("%s: %v, which is worth coming back: %v", name, err, mayComeBack(err))
			}
			if polls > 2 && name != "cut off" { // which net/http tries again

				t.Errorf("%s: %d polls", name, polls)
			}
		})
	}
}

// A replay passes over what ended a stream once.
func TestADeletedNotesPollEndsOnlyAtTheEndOfTheLog(t *testing.T) {
	deleted := `{"type":"delete","cursor":"e-2"}`
	synctest.Test(t, func(t *testing.T) {
		polls := 0
		c := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			switch polls++; polls {
			case 1:
				polled(w, "e-2", true, change(1), deleted)
			case 2:
				polled(w, "e-4", false, change(3), deleted)
			}
		})
		s, err := c.OpenNote(t.Context(), Poll, "n", "0")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, want := range []string{change(1), deleted, change(3), deleted} {
			if e, err := s.Next(t.Context()); err != nil || string(e.Data) != want {
				t.Errorf("%s, %v", e.Data, err)
			}
		}
		if _, err := s.Next(t.Context()); polls != 2 || mayComeBack(err) {
			t.Errorf("%d polls, %v", polls, err)
		}
	})
}

func TestAPollThatIsNotAnsweredIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waits := make(chan string, 3)
		c := serve(t, Options{Silence: 10 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
			if waits <- r.URL.Query().Get("wait"); len(waits) == 1 {
				polled(w, "e-0", false)
				return
			}
			<-r.Context().Done()
		})
		s, err := c.OpenAccount(t.Context(), Poll, "")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		begun := time.Now()
		if _, err := s.Next(t.Context()); !errors.Is(err, errSilent) || time.Since(begun) != 10*time.Second {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
		if n, a, b := len(waits), <-waits, <-waits; n != 2 || a != "0" || b != "5" { // half of what it bears
			t.Errorf("%d polls, of %s s and %s s", n, a, b)
		}
	})
}

func TestClosingAPollEndsItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		polls := 0
		c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
			if polls++; polls == 1 {
				polled(w, "e-0", false)
				return
			}
			<-r.Context().Done()
		})
		s, err := c.OpenAccount(t.Context(), Poll, "")
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, func() { s.Close() })
		begun := time.Now()
		for range 2 {
			if _, err := s.Next(t.Context()); err == nil || time.Since(begun) != time.Second {
				t.Errorf("after %v: %v", time.Since(begun), err)
			}
		}
	})
}

func TestPaddingIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		c := serve(t, Options{Padding: 4096}, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.RawQuery)
			stream(w, r, hello, change(1))
		})
		for _, padding := range []int{0, 100} {
			var f following
			_ = c.Follow(t.Context(), Subscription{Transport: SSE, Padding: padding, Cursor: "e-0"}, f.until("e-1"))
		}
		if !slices.Equal(asked, []string{"cursor=e-0&padding=4096", "cursor=e-0&padding=100"}) {
			t.Errorf("%q", asked)
		}
		for _, padding := range []int{-1, MaxPadding + 1} {
			if _, err := New("http://a", Options{Padding: padding}); err == nil {
				t.Errorf("a padding of %d is taken", padding)
			}
			if err := c.Follow(t.Context(), Subscription{Transport: SSE, Padding: padding}, func(Event) error { return nil }); err == nil {
				t.Errorf("a padding of %d is followed with", padding)
			}
		}
	})
}
