package edge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"notewire/notes"
	"notewire/transport/edge"
)

var secret = []byte(strings.Repeat("s", edge.MinSecretBytes))

func TestOnlyWhoKnowsTheSecretIsBelieved(t *testing.T) {
	now := time.UnixMilli(1763000000000)
	signed := func() (*http.Request, []byte) {
		body := []byte(`{"a":1}`)
		r := httptest.NewRequest("POST", "/edge/log", nil)
		edge.Sign(secret, r, body, now)
		return r, body
	}
	for name, c := range map[string]struct {
		change func(r *http.Request, body *[]byte, secret *[]byte, at *time.Time)
		ok     bool
	}{
		"as it was":      {func(*http.Request, *[]byte, *[]byte, *time.Time) {}, true},
		"a little later": {func(_ *http.Request, _, _ *[]byte, at *time.Time) { *at = now.Add(29 * time.Second) }, true},
		"too late":       {func(_ *http.Request, _, _ *[]byte, at *time.Time) { *at = now.Add(31 * time.Second) }, false},
		"too early":      {func(_ *http.Request, _, _ *[]byte, at *time.Time) { *at = now.Add(-31 * time.Second) }, false},
		"another body":   {func(_ *http.Request, body, _ *[]byte, _ *time.Time) { *body = []byte(`{"a":2}`) }, false},
		"another path":   {func(r *http.Request, _, _ *[]byte, _ *time.Time) { r.URL.Path = "/edge/frame" }, false},
		"another method": {func(r *http.Request, _, _ *[]byte, _ *time.Time) { r.Method = "PUT" }, false},
		"another secret": {func(_ *http.Request, _, s *[]byte, _ *time.Time) { *s = []byte(strings.Repeat("x", 32)) }, false},
		"another time":   {func(r *http.Request, _, _ *[]byte, _ *time.Time) { r.Header.Set(edge.TimeHeader, "1763000000001") }, false},
		"no time":        {func(r *http.Request, _, _ *[]byte, _ *time.Time) { r.Header.Del(edge.TimeHeader) }, false},
		"no signature":   {func(r *http.Request, _, _ *[]byte, _ *time.Time) { r.Header.Del(edge.SignatureHeader) }, false},
		"no hex":         {func(r *http.Request, _, _ *[]byte, _ *time.Time) { r.Header.Set(edge.SignatureHeader, "zz") }, false},
	} {
		r, body := signed()
		s, at := secret, now
		c.change(r, &body, &s, &at)
		if err := edge.Verify(s, r, body, at); (err == nil) != c.ok || err != nil && !errors.Is(err, edge.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPusherNeedsAnAddressAndASecret(t *testing.T) {
	for _, base := range []string{"", "example.com", "ftp://example.com", "http://example.com?a=1", "http://example.com/#a", "%"} {
		if _, err := edge.NewPusher(base, secret, slog.Default()); err == nil {
			t.Errorf("%q is an address", base)
		}
	}
	if _, err := edge.NewPusher("http://localhost", secret[1:], slog.Default()); err == nil {
		t.Error("a short secret will do")
	}
}

// push is the hints of one request.
type push map[string]int64

// receiver is an edge that answers with a status, when it is told to.
func receiver(t *testing.T, answer <-chan int) (*httptest.Server, <-chan push) {
	pushes := make(chan push)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = edge.Verify(secret, r, body, time.Now())
		}
		var in struct {
			Hints []struct {
				User, Note string
				Seq        int64
			}
		}
		if err != nil || json.Unmarshal(body, &in) != nil || r.URL.Path != "/base/edge/push" {
			t.Errorf("%v: %s %s", err, r.URL, body)
		}
		got := push{}
		for _, h := range in.Hints {
			got[h.User+"/"+h.Note] = h.Seq
		}
		pushes <- got
		w.WriteHeader(<-answer)
	}))
	t.Cleanup(server.Close)
	return server, pushes
}

func run(t *testing.T, base string) *edge.Pusher {
	p, err := edge.NewPusher(base+"/base/", secret, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); p.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	return p
}

func TestTheLastHintOfATopicStandsForAll(t *testing.T) {
	answer := make(chan int)
	server, pushes := receiver(t, answer)
	p := run(t, server.URL)
	p.Publish(notes.Topic{User: "ada"}, 1)
	if got := <-pushes; len(got) != 1 || got["ada/"] != 1 {
		t.Errorf("pushed %v", got)
	}
	for seq := range int64(100) { // while the edge is slow
		p.Publish(notes.Topic{User: "ada"}, 2+seq)
		p.Publish(notes.Topic{Note: "n"}, 1+seq)
	}
	p.Publish(notes.Topic{User: "ada"}, 7) // late
	answer <- 204
	if got := <-pushes; len(got) != 2 || got["ada/"] != 101 || got["/n"] != 100 {
		t.Errorf("pushed %v", got)
	}
	answer <- 204
}

func TestWhatAnEdgeThatIsAwayMissedGoesOutWhenItIsBack(t *testing.T) {
	answer := make(chan int)
	server, pushes := receiver(t, answer)
	p := run(t, server.URL)
	p.Publish(notes.Topic{User: "ada"}, 1)
	<-pushes
	p.Publish(notes.Topic{User: "ada"}, 2)
	answer <- 503
	if got := <-pushes; got["ada/"] != 2 {
		t.Errorf("pushed %v", got)
	}
	answer <- 204
}

// Commits do not wait for the edge, and what waits for it is bounded.
func TestAStuckEdgeHoldsNothingUp(t *testing.T) {
	answer := make(chan int)
	server, pushes := receiver(t, answer)
	p := run(t, server.URL)
	p.Publish(notes.Topic{User: "first"}, 1)
	<-pushes
	for i := range 5000 {
		p.Publish(notes.Topic{User: notes.UserID(fmt.Sprint(i))}, 1)
	}
	if got := p.Dropped(); got != 5000-4096 {
		t.Errorf("dropped %d", got)
	}
	total := 0
	for total < 4096 {
		answer <- 204
		got := <-pushes
		if total += len(got); len(got) > 64 {
			t.Fatalf("%d hints in one request", len(got))
		}
	}
	answer <- 204
}
