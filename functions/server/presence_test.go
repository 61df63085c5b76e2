package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"notewire/client/goclient"
	"notewire/transport/bus/bustest"
)

// Three servers, and a real Redis between them: who is present on one is seen on the others, by
// POST through a server that has not the stream, too. Who was on a server that is killed is gone
// within the lease. NOTEWIRE_FLEET=1 waits for that; it takes half a minute. In virtual time
// transport's tests do.
func TestPresenceInAFleet(t *testing.T) {
	parts := startParts(t)
	server := bustest.Start(t)
	f := parts.start(t, "presence", server, "ann", "bob")
	if _, _, err := f.post("ann", "/api/notes", `{"id":"n"}`, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.post("ann", "/api/notes/n/share", `{"members":[{"userId":"bob","role":"write"}]}`, 0); err != nil {
		t.Fatal(err)
	}
	ann, bob := f.sees("ann", 0, goclient.WebSocket), f.sees("bob", 1, goclient.SSE)
	ann.say(`{"type":"ephemeral","data":{"x":"<1>"}}`)
	ann.waits(ann.id, `{"x":"<1>"}`)
	bob.waits(ann.id, `{"x":"<1>"}`)
	f.present("bob", 2, bob.id, `"by way of a third"`)
	for _, v := range []*seer{ann, bob} {
		v.waits(bob.id, `"by way of a third"`)
	}

	server.Kill()
	ann.say(`{"type":"ephemeral","data":"nobody else hears"}`)
	server.Restart()
	bob.waits(ann.id, `"nobody else hears"`) // when it is said again

	if setting(t, "NOTEWIRE_FLEET", 0) == 0 {
		f.processes[0].interrupt(t)
		bob.waits(ann.id, `null`) // at once: a server that stops says who has left
		f.stop()
		return
	}
	f.processes[0].kill()
	killed := time.Now()
	bob.waits(ann.id, `null`)
	took := time.Since(killed)
	t.Logf("who was on a server that was killed is gone after %v", took.Round(time.Millisecond))
	if took > 31*time.Second {
		t.Error("that is beyond the lease")
	}
	f.stop()
}

// seer is a stream of the note n.
type seer struct {
	t      *testing.T
	stream *goclient.Stream
	id     string // of its connection
}

func (f *fleet) sees(user string, at int, by goclient.Transport) *seer {
	f.t.Helper()
	token := f.as[user].token
	client, err := goclient.New(f.processes[at].URL, goclient.Options{Token: func(context.Context) (string, error) { return token, nil }})
	if err != nil {
		f.t.Fatal(err)
	}
	stream, err := client.OpenNote(f.t.Context(), by, "n", "")
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { stream.Close() })
	var initial struct{ SessionID string }
	event, err := stream.Next(f.t.Context())
	if err == nil {
		err = event.Decode(&initial)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return &seer{f.t, stream, initial.SessionID}
}

func (f *fleet) present(user string, at int, id, data string) {
	f.t.Helper()
	c := f.as[user]
	c.url = f.processes[at].URL
	r, err := c.do("POST", "/api/notes/n/presence", fmt.Sprintf(`{"connectionId":%q,"data":%s}`, id, data))
	if err != nil || r.Status != http.StatusNoContent {
		f.t.Fatalf("%d %s, error %v", r.Status, r.Body, err)
	}
}

func (s *seer) say(frame string) {
	s.t.Helper()
	if err := s.stream.Send(s.t.Context(), json.RawMessage(frame)); err != nil {
		s.t.Fatal(err)
	}
}

// waits reads until a sender shows that.
func (s *seer) waits(sender, data string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 40*time.Second)
	defer cancel()
	for {
		event, err := s.stream.Next(ctx)
		if err != nil {
			s.t.Fatalf("%s does not come to show %s: %v", sender, data, err)
		}
		var frame struct {
			SenderID string
			Data     json.RawMessage
		}
		if err := event.Decode(&frame); err != nil {
			s.t.Fatal(err)
		}
		var state map[string]json.RawMessage
		if frame.SenderID == "" && json.Unmarshal(frame.Data, &state) == nil { // it came before the stream was there
			frame.SenderID, frame.Data = sender, state[sender]
		}
		if frame.SenderID == sender && string(frame.Data) == data {
			return
		}
	}
}
