package e2e

import (
	"notewire/client/goclient"
)

var socketRules = []rule{
	{"a socket signs in by an auth frame, joins and leaves notes, and answers pings", []Ability{AccountSocket, AuthFrame}, accountSocket},
	{"a socket of the account dialect signs in by its subprotocol", []Ability{AccountSocket}, accountSubprotocol},
	{"a socket of the note dialect signs in by its subprotocol", []Ability{NoteSocket}, noteSubprotocol},
}

func accountSocket(t *trial) {
	ann := t.user("ann")
	id := ann.create(nil)
	s := ann.account(goclient.WebSocket, "")
	hello := decode[struct{ UserID, Cursor, ConnectionID, SessionSecret string }](t, s.Hello())
	equal(t, "who is signed in", hello.UserID, ann.name)
	if hello.Cursor == "" || hello.ConnectionID == "" || hello.SessionSecret == "" {
		t.Errorf("%s", s.Hello().Data)
	}
	s.say(members{"type": "join_note", "noteId": id})
	equal(t, "the note that is joined", s.show("note_joined").NoteID, id)
	s.say(members{"type": "leave_note", "noteId": id})
	equal(t, "the note that is left", s.show("note_left").NoteID, id)
	s.say(members{"type": "join_note", "noteId": t.id("absent")})
	equal(t, "what is refused", s.show("error").Code, "not_found")
	s.say(members{"type": "ping"})
	s.event("pong")
	ann.edit(id, members{"content": "x"}) // whether or not it is joined
	equal(t, "the event", s.show("note_sync").NoteID, id)
}

// asABrowser returns u by a client that shows its token as browsers do.
func (u *user) asABrowser() *user {
	u.t.Helper()
	o := u.options
	o.TokenInSubprotocol = true
	return u.t.visitor(u.name, o)
}

func accountSubprotocol(t *trial) {
	ann := t.user("ann")
	first := ann.do("create", t.id("note"), nil)
	ann.edit(first.ID, members{"content": "x"})
	s := ann.asABrowser().account(goclient.WebSocket, first.Cursor)
	equal(t, "who is signed in", decode[struct{ UserID string }](t, s.Hello()).UserID, ann.name)
	equal(t, "the event after its cursor", s.show("note_sync").UpdatedNote.Content, "x")
	ann.edit(first.ID, members{"content": "y"})
	equal(t, "and one that is new", s.show("note_sync").UpdatedNote.Content, "y")
}

func noteSubprotocol(t *trial) {
	ann := t.user("ann")
	id := ann.create(members{"content": "x"})
	s := ann.asABrowser().note(goclient.WebSocket, id, "")
	ann.edit(id, members{"content": "y"})
	equal(t, "the event", s.show("update").Data.Content, "y")
	_, err := t.user("mallory").asABrowser().OpenNote(t.ctx, goclient.WebSocket, id, "")
	t.hasStatus("another's", err, 403)
}
