package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// A client that knows nothing asks what is on offer, measures, and polls.
func TestAClientCanMeasureAndPoll(t *testing.T) {
	p := launch(t, t.TempDir(), nil, buildProgram(t))
	as, err := p.callers("ann")
	if err != nil {
		t.Fatal(err)
	}
	ann := as["ann"]
	var offer struct {
		Transports []string
		SSE        struct {
			Path     string
			Paddings []int
		}
		Poll, Probe struct{ Path string }
	}
	nobody := caller{http: ann.http, url: ann.url}
	if err := nobody.read("/api/negotiate", &offer); err != nil {
		t.Fatal(err)
	}
	if strings.Join(offer.Transports, " ") != "websocket sse poll" || len(offer.SSE.Paddings) != 5 {
		t.Errorf("on offer: %+v", offer)
	}
	t.Run("the probe tells how much was written when", func(t *testing.T) {
		res, err := nobody.request("GET", offer.Probe.Path+"?gap=10", "")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		sizes := append(offer.SSE.Paddings, offer.SSE.Paddings[4])
		n := 0
		_ = readEvents(res.Body, func(data []byte) {
			var e struct {
				Type     string
				N, Sent  int
				At       int64
				Anything string
			}
			if err := json.Unmarshal(data, &e); err != nil || e.Type != "probe" || e.N != n+1 {
				t.Errorf("event %d is %s, %v", n+1, data, err)
			}
			if n < len(sizes) && (e.Sent < sizes[n] || e.Sent > sizes[n]+1000) {
				t.Errorf("event %d comes after %d bytes, want about %d", e.N, e.Sent, sizes[n])
			}
			n++
		})
		if n != len(sizes) {
			t.Errorf("%d events", n)
		}
	})
	t.Run("a poll", func(t *testing.T) {
		var answer struct {
			Cursor string
			Events []map[string]any
		}
		poll := func(query string) {
			t.Helper()
			answer.Events = nil
			if err := ann.read(offer.Poll.Path+query, &answer); err != nil {
				t.Fatal(err)
			}
		}
		poll("")
		if len(answer.Events) != 0 || !strings.HasSuffix(answer.Cursor, "-0") {
			t.Errorf("from now: %+v", answer)
		}
		if r, err := ann.do("POST", "/api/notes", `{"id":"n","content":"1"}`); err != nil || r.Status != http.StatusCreated {
			t.Fatal(r, err)
		}
		poll("?cursor=" + answer.Cursor)
		if len(answer.Events) != 1 || answer.Events[0]["type"] != "note_created_sync" || answer.Events[0]["cursor"] != answer.Cursor {
			t.Errorf("from there: %+v", answer)
		}
		poll("?wait=0&cursor=" + answer.Cursor)
		if len(answer.Events) != 0 {
			t.Errorf("at the head: %+v", answer)
		}
		var note struct{ Events []map[string]any }
		if err := ann.read("/api/notes/n/changes", &note); err != nil || len(note.Events) != 1 || note.Events[0]["type"] != "initial" {
			t.Errorf("the note: %+v, %v", note, err)
		}
	})
	for path, status := range map[string]int{
		"/api/changes?wait=soon": 400, "/api/changes?wait=-1": 400, "/api/changes?wait=NaN": 400, "/api/notes/none/changes": 404,
		"/api/probe?gap=1": 400, "/api/events?padding=70000": 400, "/api/events?padding=-1": 400, "/api/events?padding=x": 400,
	} {
		if r, err := ann.do("GET", path, ""); err != nil || r.Status != status {
			t.Errorf("%s: %d %.200s %v", path, r.Status, r.Body, err)
		}
	}
	for _, path := range []string{"/api/changes", "/api/notes/n/changes"} {
		bad := caller{http: ann.http, url: ann.url, token: "no.good.token"}
		if r, err := bad.do("GET", path, ""); err != nil || r.Status != http.StatusUnauthorized {
			t.Errorf("%s with a bad token: %d %v", path, r.Status, err)
		}
	}
	p.stop(t)
}
