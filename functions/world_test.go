package functions

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
	"notewire/notes/notestest"
	"notewire/transport"
)

// world is the surface on a new file, with a clock of its own, and people who call it.
type world struct {
	t     *testing.T
	deps  Deps
	echo  *echo.Echo
	clock *notestest.Clock
}

func newWorld(t *testing.T, change func(*notes.Limits, *Deps)) *world {
	t.Helper()
	w := &world{t: t, deps: realDeps(t), clock: notestest.NewClock()}
	limits := notes.DefaultLimits()
	if change != nil {
		change(&limits, &w.deps)
	}
	w.deps.Service = notes.NewService(notes.Config{
		Store: w.deps.Tickets.(notes.Store), Publisher: nobody{}, Limits: limits, NewID: rand.Text,
		Now: func() time.Time { w.clock.Advance(time.Millisecond); return w.clock.Now() },
	})
	w.echo = New(w.deps)
	return w
}

// answer is what a request was answered.
type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

// send sends a request as a user; "" is nobody.
func (w *world) send(user, method, target, body string, headers ...string) answer {
	w.t.Helper()
	r := httptest.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
	r.Header.Set("Sec-Fetch-Site", "cross-site") // so that nobody is not the local user
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if user != "" {
		token, _, err := w.deps.Local.Mint(user, time.Now())
		if err != nil {
			w.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	a := answer{httptest.NewRecorder(), w.t}
	w.echo.ServeHTTP(a, r)
	return a
}

func (w *world) get(user, target string) answer {
	w.t.Helper()
	return w.send(user, http.MethodGet, target, "")
}

func (w *world) post(user, target, body string) answer {
	w.t.Helper()
	return w.send(user, http.MethodPost, target, body)
}

// must fails the test unless the answer has that status.
func (a answer) must(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%d %s, want %d", a.Code, a.Body, status)
	}
	return a
}

// json is the answer as JSON.
func (a answer) json() map[string]any {
	a.t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
	return v
}

// refused fails the test unless the answer is a refusal with that code.
func (a answer) refused(status int, code notes.Code) {
	a.t.Helper()
	problem, _ := a.must(status).json()["error"].(map[string]any)
	if problem["code"] != string(code) {
		a.t.Errorf("%s, want the code %s", a.Body, code)
	}
}

// withQuota gives the surface a quota of so many mutations.
func withQuota(mutations int) func(*notes.Limits, *Deps) {
	return func(_ *notes.Limits, d *Deps) {
		d.Sessions.Quota = transport.NewQuota(transport.QuotaOptions{Mutations: mutations})
	}
}
