package e2e

import (
	"net/http"

	"notewire/client/goclient"
)

var presenceRules = []rule{
	{"what a socket shows comes to all of its note, to who comes later, and ends with it", []Ability{Presence, NoteSocket}, ephemeral},
	{"an account follows the presence of the notes that it joined", []Ability{Presence, AccountSocket, NoteSocket}, joinedPresence},
	{"an event stream shows by POST, and gets the bytes that sockets get", []Ability{Presence, NoteSSE, NoteSocket, AccountSSE, AccountSocket}, postedPresence},
	{"a custom message comes to all of its note, and is in no log", []Ability{Presence, NoteSocket, AccountSocket}, customMessage},
	{"passers-by of a public note neither show nor see who is there", []Ability{Presence, NoteSocket}, passersByPresence},
	{"whoever is removed from a note is present no more", []Ability{Presence, AccountSocket, NoteSocket}, removedPresence},
}

// there is what frames about presence show.
type there struct {
	SenderID, UserID, FromUserID, SessionID, ConnectionID, NoteID, Name string
	Data                                                                any
}

// sit opens a note's stream, and returns it with the id of its connection.
func (u *user) sit(transport goclient.Transport, note string) (*tap, string) {
	u.t.Helper()
	s := u.open(&tap{user: u, transport: transport, noteID: note})
	return s, decode[there](u.t, s.event("initial")).SessionID
}

// settled waits until a socket, to which nobody shows anything yet, is told what comes from now
// on.
func (s *tap) settled() *tap {
	s.user.t.Helper()
	s.say(members{"type": "ping"})
	s.event("pong")
	return s
}

// join opens an account's socket that has joined a note, and returns it with its id.
func (u *user) join(note string) (*tap, string) {
	u.t.Helper()
	s := u.account(goclient.WebSocket, "")
	s.say(members{"type": "join_note", "noteId": note})
	s.event("note_joined")
	return s, decode[there](u.t, s.Hello()).ConnectionID
}

// post sends a request about presence, which must be answered with that status.
func (u *user) post(note, what string, body members, want int) {
	u.t.Helper()
	status, answer, err := u.Do(u.t.ctx, http.MethodPost, "/api/notes/"+note+"/"+what, body)
	if err != nil || status != want {
		u.t.Fatalf("%s: %d %.300s, error %v; want %d", what, status, answer, err, want)
	}
}

// shows checks that the next frame says what a sender shows.
func (s *tap) shows(kind, sender string, by *user, data any) string {
	t := s.user.t
	t.Helper()
	e := s.event(kind)
	got := decode[there](t, e)
	equal(t, "who shows what", []any{got.SenderID, got.UserID, got.Data}, []any{sender, by.name, data})
	equal(t, "its place in a log", e.Cursor, "")
	return string(e.Data)
}

func ephemeral(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(nil)
	ann.shareWith(id, "read", bob)
	hers, herID := ann.sit(goclient.WebSocket, id)
	his, _ := bob.sit(goclient.WebSocket, id)
	his.settled()
	hers.say(members{"type": "ephemeral", "data": members{"x": 1}})
	want := hers.shows("ephemeral", herID, ann, members{"x": 1.0})
	equal(t, "his bytes", his.shows("ephemeral", herID, ann, members{"x": 1.0}), want)
	late, _ := bob.sit(goclient.WebSocket, id)
	equal(t, "what who comes later is told", decode[there](t, late.event("ephemeral_state")).Data, any(members{herID: members{"x": 1.0}}))
	_ = hers.Close()
	for _, s := range []*tap{his, late} {
		s.shows("ephemeral", herID, ann, nil)
	}
	his.say(members{"type": "ping"})
	his.event("pong") // and nothing before: it was told once
}

func joinedPresence(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(nil)
	ann.shareWith(id, "write", bob)
	hers, herID := ann.join(id)
	hers.say(members{"type": "presence", "noteId": id, "data": "here"})
	equal(t, "the note", decode[there](t, hers.event("presence")).NoteID, id)
	his, hisID := bob.join(id)
	state := decode[struct {
		NoteID string
		Data   map[string]there
	}](t, his.event("presence_state"))
	equal(t, "who is there", state.Data, map[string]there{herID: {UserID: ann.name, Data: "here"}})
	his.say(members{"type": "presence", "noteId": id, "data": "too"})
	hers.shows("presence", hisID, bob, "too")
	his.shows("presence", hisID, bob, "too")
	hers.say(members{"type": "leave_note", "noteId": id})
	hers.event("note_left")
	his.shows("presence", herID, ann, nil)
	hers.say(members{"type": "presence", "noteId": id, "data": "again"})
	equal(t, "why it is refused", hers.show("error").Code, "invalid")
}

func postedPresence(t *trial) {
	if t.hosting.Abilities[StreamWindow] {
		t.Skip("its streams end while it looks, and come back as other connections")
	}
	ann, bob, mallory := t.user("ann"), t.user("bob"), t.user("mallory")
	id := ann.create(nil)
	ann.shareWith(id, "write", bob)
	stream, streamID := ann.sit(goclient.SSE, id)
	socket, _ := bob.sit(goclient.WebSocket, id)
	socket.settled()
	account := ann.account(goclient.SSE, "")
	accountID := decode[there](t, account.Hello()).ConnectionID
	ann.post(id, "presence", members{"connectionId": streamID, "data": members{"x": "<1>"}}, http.StatusNoContent)
	want := socket.shows("ephemeral", streamID, ann, members{"x": "<1>"})
	equal(t, "the stream's bytes", stream.shows("ephemeral", streamID, ann, members{"x": "<1>"}), want)
	ann.post(id, "presence", members{"connectionId": accountID, "data": 1}, http.StatusNoContent)
	account.event("presence_state")
	account.shows("presence", accountID, ann, 1.0)
	for _, s := range []*tap{stream, socket} {
		s.shows("ephemeral", accountID, ann, 1.0)
	}
	ann.post(id, "presence", members{"connectionId": accountID, "data": nil}, http.StatusNoContent)
	for _, s := range []*tap{stream, socket} {
		s.shows("ephemeral", accountID, ann, nil)
	}
	mallory.post(id, "presence", members{"connectionId": streamID, "data": "forged"}, http.StatusForbidden)
	bob.post(id, "presence", members{"connectionId": streamID, "data": "forged"}, http.StatusNotFound)
	ann.post(id, "presence", members{"connectionId": streamID, "data": make([]int, 4096)}, http.StatusRequestEntityTooLarge)
	ann.post(id, "presence", members{"connectionId": streamID, "extra": 1}, http.StatusBadRequest)
}

func customMessage(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(nil)
	ann.shareWith(id, "read", bob)
	hers, herID := ann.join(id)
	his, _ := bob.sit(goclient.WebSocket, id)
	his.settled()
	hers.say(members{"type": "custom", "noteId": id, "name": "wave", "data": []any{1}})
	for _, s := range []*tap{hers, his} {
		got := decode[there](t, s.event("custom"))
		equal(t, "what came", []any{got.SenderID, got.FromUserID, got.Name, got.Data}, []any{herID, ann.name, "wave", []any{1.0}})
	}
	bob.post(id, "custom", members{"name": "back", "data": "x"}, http.StatusNoContent)
	for _, s := range []*tap{hers, his} {
		got := decode[there](t, s.event("custom"))
		equal(t, "what came by POST", []any{got.SenderID, got.FromUserID, got.Name, got.Data}, []any{"", bob.name, "back", "x"})
	}
	hers.say(members{"type": "custom", "noteId": id, "name": "no name"})
	equal(t, "why it is refused", hers.show("error").Code, "invalid")
	equal(t, "the note's versions", len(ann.history(id)), 2)
	ann.edit(id, members{"content": "x"}) // and the account's log has nothing in between
	hers.event("note_sync")
}

func passersByPresence(t *trial) {
	ann, passer := t.user("ann"), t.user("passer")
	id := ann.create(nil)
	ann.do("share", id, members{"access": "public"})
	hers, herID := ann.sit(goclient.WebSocket, id)
	hers.say(members{"type": "ephemeral", "data": "here"})
	hers.shows("ephemeral", herID, ann, "here")
	his, hisID := passer.sit(goclient.WebSocket, id)
	for _, frame := range []members{{"type": "ephemeral", "data": 1}, {"type": "custom", "name": "wave"}} {
		his.say(frame)
		equal(t, "why it is refused", his.show("error").Code, "forbidden")
	}
	passer.post(id, "presence", members{"connectionId": hisID, "data": 1}, http.StatusForbidden)
	passer.post(id, "custom", members{"name": "wave"}, http.StatusForbidden)
	hers.say(members{"type": "ephemeral", "data": "still"})
	hers.shows("ephemeral", herID, ann, "still")
	his.say(members{"type": "ping"})
	his.event("pong")
}

func removedPresence(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(nil)
	ann.shareWith(id, "write", bob)
	his, hisID := bob.join(id)
	hers, _ := ann.sit(goclient.WebSocket, id)
	hers.settled()
	his.say(members{"type": "presence", "noteId": id, "data": "here"})
	his.shows("presence", hisID, bob, "here")
	hers.shows("ephemeral", hisID, bob, "here")
	ann.do("share", id, members{"remove": []string{bob.name}})
	his.event("note_deleted_sync")
	for _, kind := range []string{hers.next().Type, hers.next().Type} { // in either order
		if kind != "update" && kind != "ephemeral" {
			t.Errorf("she gets %s", kind)
		}
	}
	hers.say(members{"type": "custom", "name": "secret"})
	hers.event("custom")
	his.say(members{"type": "presence", "noteId": id, "data": "still"})
	equal(t, "why it is refused", his.show("error").Code, "forbidden")
}

// next returns the next frame, of whatever type.
func (s *tap) next() goclient.Event {
	t := s.user.t
	t.Helper()
	e, err := s.read()
	if err != nil {
		t.Fatal(err)
	}
	s.inPlace(e)
	return e
}
