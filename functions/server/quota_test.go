package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// Who sends too much is told which mutation is refused, and when to send it again. Nobody else
// notices.
func TestAStormIsRefusedByName(t *testing.T) {
	p := launch(t, t.TempDir(), []string{"MAX_MUTATIONS_PER_MINUTE=10"}, buildProgram(t))
	as, err := p.callers("ann", "bob")
	if err != nil {
		t.Fatal(err)
	}
	post := func(user, path, body string) reply {
		t.Helper()
		r, err := as[user].do("POST", path, body)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for i := range 10 {
		if r := post("ann", "/api/notes", fmt.Sprintf(`{"id":"n%d"}`, i)); r.Status != http.StatusCreated {
			t.Fatalf("note %d: %d %s", i, r.Status, r.Body)
		}
	}
	r := post("ann", "/api/notes", `{"id":"more","mutationId":"the-11th"}`)
	var answer struct {
		Error struct {
			Code, MutationID, NoteID string
			RetryAfterMs             int
		}
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil {
		t.Fatal(err)
	}
	e := answer.Error
	if r.Status != http.StatusTooManyRequests || e.Code != "rate_limited" || e.MutationID != "the-11th" || e.RetryAfterMs < 1 || e.RetryAfterMs > 6000 || r.Header.Get("Retry-After") == "" {
		t.Errorf("the 11th: %d %s", r.Status, r.Body)
	}
	if r := post("ann", "/api/mutations", `{"mutations":[{"op":"create","noteId":"b"}]}`); r.Status != http.StatusTooManyRequests {
		t.Errorf("a batch: %d %s", r.Status, r.Body)
	}
	for _, path := range []string{"/api/notes/more", "/api/notes/b"} {
		if r, err := as["ann"].do("GET", path, ""); err != nil || r.Status != http.StatusNotFound {
			t.Errorf("%s, which was refused, is %d", path, r.Status)
		}
	}
	if r := post("bob", "/api/notes", `{"id":"bobs"}`); r.Status != http.StatusCreated {
		t.Errorf("bob: %d %s", r.Status, r.Body)
	}
}

// Connections are counted where a trusted proxy says that clients are; others cannot say.
func TestConnectionsOfAnAddressAreBounded(t *testing.T) {
	binary := buildProgram(t)
	open := func(p *process, from string, n int) (refused int) {
		t.Helper()
		as, err := p.callers("ann")
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			req, err := http.NewRequestWithContext(t.Context(), "GET", p.URL+"/api/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+as["ann"].token)
			req.Header.Set("X-Forwarded-For", from)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { res.Body.Close() })
			if res.StatusCode == http.StatusTooManyRequests {
				refused++
			}
		}
		return refused
	}
	for trusted, want := range map[string]int{"127.0.0.0/8": 2, "": 0} {
		p := launch(t, t.TempDir(), []string{"MAX_CONNECTIONS_PER_ADDRESS=3", "TRUSTED_PROXIES=" + trusted}, binary)
		if n := open(p, "198.51.100.7, 192.0.2.1", 5); n != want {
			t.Errorf("proxies %q: %d of 5 refused, want %d", trusted, n, want)
		}
		if n := open(p, "192.0.2.2", 3); n != 0 {
			t.Errorf("proxies %q: %d of another address refused", trusted, n)
		}
	}
}
