package goclient

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestAddressesAreChecked(t *testing.T) {
	for _, base := range []string{"", "localhost:3000", "ftp://a", "http://", "http://a?b", "http://a#b", ":"} {
		if _, err := New(base, Options{}); err == nil {
			t.Errorf("%q is taken for a server", base)
		}
	}
	if _, err := New("http://a", Options{WebSocketURL: "http://a/ws"}); err == nil {
		t.Error("http is taken for a WebSocket")
	}
	for _, base := range []string{"http://a", "https://a/", "http://[::1]:3000/below/"} {
		c, err := New(base, Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if got, _ := c.address("/x"); got != strings.TrimSuffix(base, "/")+"/x" {
			t.Error(got)
		}
	}
}

// Every operation has a route; an id cannot make it another.
func TestRoutes(t *testing.T) {
	var asked, sent string
	c := serve(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked, sent = r.Method+" "+r.URL.EscapedPath()+" "+r.Header.Get("Content-Type"), string(body)
		_, _ = io.WriteString(w, `{"id":"n","version":3,"cursor":"e-1","mutationId":"m"}`)
	})
	for _, m := range []struct{ op, note, path, sent string }{
		{"create", "", "/api/notes", `{"a":"<&>"}`},
		{"create", "n", "/api/notes", `{"a":"<&>","id":"n"}`},
		{"edit", "n", "/api/notes/n", `{"a":"<&>"}`},
		{"organise", "n", "/api/notes/n/organise", `{"a":"<&>"}`},
		{"revert", "n", "/api/notes/n/revert", `{"a":"<&>"}`},
		{"trash", "n", "/api/notes/n/trash", `{"a":"<&>"}`},
		{"restore", "n", "/api/notes/n/restore", `{"a":"<&>"}`},
		{"purge", "n", "/api/notes/n/purge", `{"a":"<&>"}`},
		{"folder_create", "", "/api/folders", `{"a":"<&>"}`},
		{"folder_create", "n", "/api/folders", `{"a":"<&>","id":"n"}`},
		{"folder_update", "n", "/api/folders/n", `{"a":"<&>"}`},
		{"folder_delete", "n", "/api/folders/n/delete", `{"a":"<&>"}`},
		{"share", "n", "/api/notes/n/share", `{"a":"<&>"}`},
		{"leave", "n/../x?y", "/api/notes/n%2F..%2Fx%3Fy/leave", `{"a":"<&>"}`},
	} {
		a, err := c.Mutate(t.Context(), m.op, m.note, map[string]any{"a": "<&>"})
		if err != nil || a.ID != "n" || a.Version != 3 || a.Cursor != "e-1" || a.MutationID != "m" || len(a.Body) == 0 {
			t.Errorf("%s: %+v, %v", m.op, a, err)
		}
		if asked != "POST "+m.path+" application/json" || sent != m.sent {
			t.Errorf("%s of %q is %s, %s", m.op, m.note, asked, sent)
		}
	}
	asked = ""
	for op, note := range map[string]string{"edit": "", "trash": "..", "leave": ".", "folder_update": "", "folder_delete": "..", "explode": "n"} {
		if _, err := c.Mutate(t.Context(), op, note, nil); err == nil || asked != "" {
			t.Errorf("%s of %q was sent: %v", op, note, err)
		}
	}
}

// An answer says what an edit was merged to.
func TestAMergedAnswer(t *testing.T) {
	c := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":"n","version":3,"cursor":"e-1","mutationId":"m","merged":true,"conflict":{"fields":["content"],"kept":"/k"}}`)
	})
	a, err := c.Mutate(t.Context(), "edit", "n", map[string]any{"baseVersion": 1})
	if err != nil || !a.Merged || a.Conflict == nil || a.Conflict.Kept != "/k" || len(a.Conflict.Fields) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}

// Only the server's own word is a refusal. What a proxy says, or a connection that breaks,
// leaves the outcome open.
func TestWhatIsNoRefusalLeavesTheOutcomeOpen(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		refused bool
	}{
		"refusal":               {409, `{"error":{"code":"version_mismatch","message":"No","current":{"id":"n"},"base":{"id":"b"},"mutationId":"m"}}`, true},
		"unavailable":           {503, `{"error":{"code":"unavailable","message":"No","retryAfterMs":1000}}`, true},
		"a proxy":               {502, "<html>Bad gateway</html>", false},
		"a proxy that has JSON": {403, `{"message":"Forbidden"}`, false},
		"a login page":          {200, "<html>Sign in</html>", false},
		"another program":       {200, `{"id":"n"}`, false},
	} {
		client := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		_, err := client.Mutate(t.Context(), "edit", "n", nil)
		refusal, refused := errors.AsType[*Refusal](err)
		if err == nil || refused != c.refused || statusOf(err) != c.status {
			t.Errorf("%s: %v", name, err)
		}
		if name == "refusal" && (refusal.Code != "version_mismatch" || string(refusal.Current) != `{"id":"n"}` || string(refusal.Base) != `{"id":"b"}` || refusal.MutationID != "m") {
			t.Errorf("%+v", refusal)
		}
		if name == "unavailable" && refusal.RetryAfterMs != 1000 {
			t.Errorf("%+v", refusal)
		}
	}
	broken := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"error":{"code":"x"}}`)
	})
	_, err := broken.Mutate(t.Context(), "edit", "n", nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) || statusOf(err) != 0 {
		t.Errorf("an answer that breaks off: %v", err)
	}
}

// The token and the address are asked for each time: both may have changed.
func TestTokenAndBaseAreAskedEachTime(t *testing.T) {
	var seen []string
	base, n := "http://one.test", 0
	c := serve(t, Options{
		Token: func(context.Context) (string, error) { n++; return strings.Repeat("t", n), nil },
		Base:  func() string { return base },
	}, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Host+" "+r.Header.Get("Authorization"))
		_ = json.NewEncoder(w).Encode(map[string]any{"id": "n"})
	})
	for range 2 {
		if _, err := c.Note(t.Context(), "n"); err != nil {
			t.Error(err)
		}
		base = "http://two.test/"
	}
	if len(seen) != 2 || seen[0] != "one.test Bearer t" || seen[1] != "two.test Bearer tt" {
		t.Errorf("%q", seen)
	}
	failing := errors.New("no token today")
	c.opts.Token = func(context.Context) (string, error) { return "", failing }
	if _, err := c.OpenAccount(t.Context(), SSE, ""); !errors.Is(err, failing) || len(seen) != 2 {
		t.Errorf("%v", err)
	}
}
