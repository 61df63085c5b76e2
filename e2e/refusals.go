package e2e

import (
	"encoding/json"
	"errors"

	"notewire/client/goclient"
)

var refusalRules = []rule{
	{"a request that is no mutation is refused by name", nil, badRequests},
	{"a frame of the account dialect that is no message is refused, and the socket lives", []Ability{AccountSocket}, badAccountFrames},
	{"a frame of the note dialect that is no message is refused, and the socket lives", []Ability{NoteSocket}, badNoteFrames},
	{"a frame above the limit is refused, and one far above ends the socket", []Ability{AccountSocket, LargeFrames}, oversizeFrames},
}

func badRequests(t *trial) {
	ann := t.user("ann")
	id := ann.create(nil)
	for _, c := range []struct {
		path, body string
		status     int
		code       string
	}{
		{"/api/notes", `{"title":`, 400, "invalid_json"},
		{"/api/notes", `{"title":"a","title":"b"}`, 400, "duplicate_key"},
		{"/api/notes", `{"title":5}`, 400, "wrong_type"},
		{"/api/notes", `{"titel":"x"}`, 400, "unknown_member"},
		{"/api/notes", `{"id":"not an id"}`, 400, "invalid"},
		{"/api/notes/" + id, `{"changes":{"colour":"red"}}`, 400, "unknown_member"},
		{"/api/notes/" + id + "/dance", `{}`, 404, "not_found"},
	} {
		status, answer, err := ann.Do(t.ctx, "POST", c.path, json.RawMessage(c.body))
		if err != nil {
			t.Fatal(err)
		}
		code := decode[struct{ Error struct{ Code string } }](t, goclient.Event{Data: answer}).Error.Code
		equal(t, c.path+" "+c.body, []any{status, code}, []any{c.status, c.code})
	}
	equal(t, "her notes", ann.list(goclient.ListQuery{}), []string{id})
}

func badAccountFrames(t *trial) {
	s := t.user("ann").account(goclient.WebSocket, "")
	s.refuses(map[string]string{
		`{"type":`:                            "invalid_json",
		`{"type":"dance"}`:                    "unknown_type",
		`{"kind":"ping"}`:                     "unknown_type",
		`{"type":"note_update","changes":{}}`: "missing_member",
		`{"type":"note_update","noteId":"n","changes":{"title":5}}`: "wrong_type",
	})
}

func badNoteFrames(t *trial) {
	ann := t.user("ann")
	s := ann.note(goclient.WebSocket, ann.create(nil), "")
	s.refuses(map[string]string{
		`{"type":`:                "invalid_json",
		`{"type":"note_update"}`:  "unknown_type",
		`{"type":"update_event"}`: "missing_member",
		`{"type":"update_event","data":{"content":5}}`: "wrong_type",
	})
}

// refuses sends frames, each of which is refused with its code.
func (s *tap) refuses(frames map[string]string) {
	t := s.user.t
	t.Helper()
	for frame, code := range frames {
		s.say([]byte(frame))
		equal(t, "the answer to "+frame, s.show("error").Code, code)
	}
	s.say(members{"type": "ping"})
	s.event("pong")
}

func oversizeFrames(t *trial) {
	ann := t.user("ann")
	id := ann.create(members{"content": "x"})
	s := ann.account(goclient.WebSocket, "")
	update := func(bytes int) members {
		return members{"type": "note_update", "noteId": id, "changes": members{"content": text(bytes)}}
	}
	s.say(update(1 << 19))
	s.event("note_update_success")
	s.say(update(3 << 19))
	equal(t, "why it is refused", s.show("error").Code, "too_large")
	s.say(members{"type": "ping"})
	s.event("pong")
	equal(t, "versions", len(ann.history(id)), 2)
	_ = s.Send(t.ctx, update(5<<20)) // whoever ends the socket may do so before it has all
	e, err := s.read()
	for err == nil && (e.Type == "reconnect" || e.Type == "error" || e.Type == "pong") { // it may say why before it ends, and answer the client's own pings
		e, err = s.read()
	}
	end, ok := errors.AsType[*goclient.Closed](err)
	if !(ok && end.Code == goclient.CodeTooLarge) && !errors.Is(err, goclient.ErrCutOff) || t.ctx.Err() != nil {
		t.Errorf("after a frame far above the limit: %s %v", e.Data, err)
	}
	equal(t, "versions", len(ann.history(id)), 2)
}
