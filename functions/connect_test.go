package functions

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"notewire/auth"
	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/transport"
)

// A gateway has no paths: its tickets are for those that the server has.
func TestATicketOpensAConnectionBehindAGateway(t *testing.T) {
	d := realDeps(t)
	token, _, err := d.Local.Mint("ann", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Service.Mutate(t.Context(), "ann", "", notes.Mutation{Note: "n", Op: notes.Create{}}); err != nil {
		t.Fatal(err)
	}
	var welcome []Connection
	connect := NewConnect(d, func(_ context.Context, c Connection) error { welcome = append(welcome, c); return nil })
	for _, c := range []struct {
		path, query string
		status      int
	}{
		{"/", "", 200}, {"/ws/note/n", "note=n&", 200}, {"/", "note=n&", 401}, {"/ws/note/n", "", 401}, {"/ws/note/m", "note=n&", 401}, {"/ws", "", 401},
	} {
		ticket := ticketOf(t, d, token, c.path)
		for n, want := range []int{c.status, 401} {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "http://localhost/?"+c.query+"ticket="+url.QueryEscape(ticket), nil)
			r.Header.Set("Origin", "http://localhost:5173")
			if connect.ServeHTTP(w, r); w.Code != want {
				t.Errorf("a ticket for %s at ?%s, time %d: %d %s", c.path, c.query, n+1, w.Code, w.Body)
			}
		}
	}
	if len(welcome) != 2 {
		t.Fatalf("%d are welcome", len(welcome))
	}
	for i, note := range []notes.NoteID{"", "n"} {
		if c := welcome[i]; c.Login.User != "ann" || c.Login.SID == "" || c.Login.IssuedAt.IsZero() || c.Note != note {
			t.Errorf("%+v", c)
		}
	}
}

func ticketOf(t *testing.T, d Deps, token, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "http://localhost/api/tickets", strings.NewReader(fmt.Sprintf(`{"path":%q}`, path)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	if New(d).ServeHTTP(w, r); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	_, rest, _ := strings.Cut(w.Body.String(), `"ticket":"`)
	ticket, _, _ := strings.Cut(rest, `"`)
	return ticket
}

// realDeps is a surface on a new file, in local mode.
func realDeps(t testing.TB) Deps {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 1, NewEpoch: func() string { return "e" }})
	if err != nil {
		t.Fatal(err)
	}
	local, err := auth.OpenLocalIssuer(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := local.Verifier(nil)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	var ids atomic.Int64
	service := notes.NewService(notes.Config{
		Store: store, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: func() string { return fmt.Sprintf("id-%05d", ids.Add(1)) },
	})
	return Deps{
		Service: service, Verifier: verifier, Local: local, Tickets: store, BodyBytes: 1 << 20, Log: log, NewID: func() string { return "id" },
		Sessions: transport.NewSessions(&transport.Sessions{Service: service, Options: transport.DefaultOptions(), SignOuts: store, Log: log}),
	}
}
