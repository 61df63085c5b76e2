package functions

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"notewire/auth"
	"notewire/notes"
	"notewire/transport"
)

func TestEveryCodeHasAStatus(t *testing.T) {
	for _, code := range notes.Codes {
		if statuses[code] < 400 {
			t.Errorf("%s has status %d", code, statuses[code])
		}
	}
	if len(statuses) != len(notes.Codes) {
		t.Errorf("%d statuses for %d codes", len(statuses), len(notes.Codes))
	}
}

// brokenStore fails, or panics, on every read.
type brokenStore struct {
	notes.Store
	fail func() error
}

func (brokenStore) Epoch() string { return "e" }

func (b brokenStore) Load(context.Context, notes.UserID, notes.Mutation) (notes.Rows, error) {
	return notes.Rows{}, b.fail()
}

type nobody struct{}

func (nobody) Publish(notes.Topic, int64) {}

// everybody takes any token for its own name.
type everybody struct{}

func (everybody) Verify(_ context.Context, token string) (auth.Identity, error) {
	if token == "down" {
		return auth.Identity{}, fmt.Errorf("%w: no network", auth.ErrUnavailable)
	}
	return auth.Identity{UserID: token}, nil
}

func broken(log *bytes.Buffer, fail func() error) *echo.Echo {
	service := notes.NewService(notes.Config{
		Store: brokenStore{fail: fail}, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: func() string { return "id" },
	})
	logger := slog.New(slog.NewJSONHandler(log, nil))
	return New(Deps{
		Service: service, Sessions: transport.NewSessions(&transport.Sessions{Service: service}), Verifier: everybody{},
		BodyBytes: 1 << 20, Log: logger, NewID: func() string { return "error-1" },
	})
}

func TestOurFaultsAreNamedInTheAnswerAndInTheLog(t *testing.T) {
	for _, c := range []struct {
		name   string
		fail   func() error
		token  string
		status int
		code   notes.Code
	}{
		{"a panic", func() error { panic("secret detail") }, "alice", 500, notes.Internal},
		{"a store that fails", func() error { return fmt.Errorf("secret detail") }, "alice", 503, notes.Unavailable},
		{"keys that cannot be had", nil, "down", 503, notes.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			r := httptest.NewRequest(http.MethodPost, "/api/notes", strings.NewReader(`{"mutationId":"m"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+c.token)
			w := httptest.NewRecorder()
			broken(&log, c.fail).ServeHTTP(w, r)
			var body struct {
				Error struct{ Code, ErrorID string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || body.Error.Code != string(c.code) || body.Error.ErrorID != "error-1" {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if strings.Contains(w.Body.String(), "secret detail") {
				t.Errorf("the answer tells of our insides: %s", w.Body)
			}
			if !strings.Contains(log.String(), `"errorId":"error-1"`) {
				t.Errorf("the log does not name the error: %s", log.String())
			}
		})
	}
}
