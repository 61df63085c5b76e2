package webhook_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

func TestAReceiverThatWasDownGetsEverythingInOrder(t *testing.T) {
	w := newWorld(t, quick)
	r := newReceiver(t)
	address := r.Listener.Addr().String()
	r.Listener.Close() // nobody is there
	made := w.add(ann, "http://"+address+"/hook")
	w.edits(ann, 1000, "a", "b", "c", "d", "e", "f", "g")
	w.until(func() bool { return w.status(ann).Failures > 1 })
	if s := w.status(ann); s.State != wire.WebhookBackingOff || s.LastError == nil || s.LastError.Message != "the receiver cannot be connected to" || len(s.Paused) != 0 {
		t.Errorf("while it is down: %+v %+v", s, s.LastError)
	}
	r.listenAt(t, address)
	begun := time.Now()
	w.until(func() bool { return len(r.all()) >= 1000 })
	t.Logf("1,000 changes in %v", time.Since(begun))
	w.until(func() bool { return w.status(ann).Cursor == "epoch-1000" })
	w.check(made, r.all())
	if s := w.status(ann); s.State != wire.WebhookActive || s.Failures != 0 {
		t.Errorf("afterwards: %+v", s)
	}
}

func TestANoteThatIsRefusedIsPausedAlone(t *testing.T) {
	w := newWorld(t, quick)
	r := newReceiver(t)
	var takes atomic.Bool
	r.answer = func(rw http.ResponseWriter, _ *http.Request, body string) bool {
		if strings.Contains(body, `"noteId":"b"`) && !takes.Load() {
			rw.WriteHeader(http.StatusUnprocessableEntity)
			return false
		}
		return true
	}
	r.Start()
	made := w.add(ann, r.URL)
	w.edits(ann, 90, "a", "b", "c")
	w.until(func() bool {
		s := w.status(ann)
		return s.Cursor == "epoch-90" && len(s.Paused) == 1 && s.Paused[0].RetryAt == 0
	})
	s := w.status(ann)
	if p := s.Paused[0]; p.NoteID != "b" || p.Cursor != "epoch-1" || p.Error.Message != "the receiver answered 422" || s.State != wire.WebhookActive {
		t.Errorf("%+v", s)
	}
	if got := len(r.all()); got != 60 || r.posted() != 60+quick.Tries {
		t.Errorf("%d came, of %d", got, r.posted())
	}
	takes.Store(true)
	if _, err := w.hooks.Resume(t.Context(), ann, made.ID); err != nil {
		t.Fatal(err)
	}
	w.until(func() bool { return len(w.status(ann).Paused) == 0 })
	w.check(made, r.all())
}

func TestARedirectIsNotFollowed(t *testing.T) {
	w := newWorld(t, quick)
	elsewhere, r := newReceiver(t), newReceiver(t)
	elsewhere.Start()
	r.answer = func(rw http.ResponseWriter, req *http.Request, _ string) bool {
		http.Redirect(rw, req, elsewhere.URL, http.StatusTemporaryRedirect)
		return false
	}
	r.Start()
	w.add(ann, r.URL)
	w.edits(ann, 1, "a")
	w.until(func() bool { s := w.status(ann); return len(s.Paused) == 1 && s.Paused[0].RetryAt == 0 })
	if elsewhere.posted() != 0 || r.posted() != quick.Tries {
		t.Errorf("elsewhere had %d posts, the receiver %d", elsewhere.posted(), r.posted())
	}
	if s := w.status(ann); s.LastError.Message != "the receiver answered 307, and redirects are not followed" {
		t.Errorf("%+v", s.LastError)
	}
}

func TestWhatAnswersMean(t *testing.T) {
	for status, want := range map[int]string{
		200: "taken", 201: "taken", 204: "taken", 299: "taken", 304: "refused", 400: "refused", 401: "refused", 404: "refused", 410: "refused",
		408: "away", 425: "away", 429: "away", 500: "away", 503: "away", 599: "away",
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, quick)
			r := newReceiver(t)
			r.answer = func(rw http.ResponseWriter, _ *http.Request, _ string) bool { rw.WriteHeader(status); return false }
			r.Start()
			w.add(ann, r.URL)
			w.edits(ann, 1, "a")
			w.until(func() bool {
				s := w.status(ann)
				return s.Cursor == "epoch-1" || s.Failures > 0
			})
			s, got := w.status(ann), "taken"
			switch {
			case s.Failures > 0:
				got = "away"
			case len(s.Paused) > 0:
				got = "refused"
			}
			if got != want {
				t.Errorf("%s, want %s: %+v", got, want, s)
			}
		})
	}
}

func TestWhatAnAccountMayDoWithItsWebhooks(t *testing.T) {
	w := newWorld(t, quick)
	r := newReceiver(t)
	r.Start()
	var ids []string
	for range 5 {
		ids = append(ids, w.add(ann, r.URL).ID)
	}
	if _, err := w.hooks.Add(t.Context(), ann, r.URL); notes.CodeOf(err) != notes.LimitExceeded {
		t.Errorf("a sixth: %v", err)
	}
	if _, err := w.hooks.Add(t.Context(), "bob", "https://10.0.0.1"); notes.CodeOf(err) != notes.Invalid {
		t.Errorf("a private address: %v", err)
	}
	if all, err := w.hooks.List(t.Context(), "bob"); err != nil || len(all.Webhooks) != 0 {
		t.Errorf("bob has %+v, %v", all, err)
	}
	if _, err := w.hooks.Resume(t.Context(), "bob", ids[0]); notes.CodeOf(err) != notes.NotFound {
		t.Errorf("bob resumes: %v", err)
	}
	if err := w.hooks.Delete(t.Context(), "bob", ids[0]); notes.CodeOf(err) != notes.NotFound {
		t.Errorf("bob deletes: %v", err)
	}
	for _, id := range ids[1:] {
		if err := w.hooks.Delete(t.Context(), ann, id); err != nil {
			t.Error(err)
		}
	}
	w.edits(ann, 1, "a")
	w.until(func() bool { return w.status(ann).Cursor == "epoch-1" })
	if r.posted() != 1 {
		t.Errorf("%d posts to one webhook", r.posted())
	}
}
