package e2e

import (
	"context"
	"slices"

	"notewire/client/goclient"
)

var signInRules = slices.Concat(
	[]rule{
		{"a bad token is refused", nil, badToken},
		{"a bad token in an auth frame ends the socket", []Ability{AccountSocket, AuthFrame}, badTokenInFrame},
		{"whoever shows no token is the local user, or nobody", nil, noToken},
		{"a socket that shows no token is the local user's", []Ability{AccountSocket, LocalSocketWithoutToken}, noTokenOnSocket},
	},
	onEach(onAccounts, "a bad token opens no account's stream", badTokenOnAccounts),
	onEach(onNotes, "a bad token opens no note's stream", badTokenOnNotes),
)

// forger returns an account with a token that is no good.
func (t *trial) forger(inSubprotocol bool) *user {
	t.Helper()
	token := func(context.Context) (string, error) { return "forged.token.x", nil }
	return t.visitor("forger", goclient.Options{Token: token, TokenInSubprotocol: inSubprotocol})
}

func badToken(t *trial) {
	forger := t.forger(false)
	id := t.id("note")
	forger.refused(401, "unauthenticated", "create", id, nil)
	_, err := forger.Notes(t.ctx, goclient.ListQuery{})
	t.isRefusal(err, 401, "unauthenticated")
	_, err = t.user("ann").Note(t.ctx, id)
	t.isRefusal(err, 404, "not_found")
}

func badTokenInFrame(t *trial) {
	_, err := t.forger(false).OpenAccount(t.ctx, goclient.WebSocket, "")
	t.isEnd(err, goclient.CodeAuthFailed)
}

func badTokenOnAccounts(t *trial, transport goclient.Transport) {
	_, err := t.forger(true).OpenAccount(t.ctx, transport, "")
	t.hasStatus("an account's stream", err, 401)
}

func badTokenOnNotes(t *trial, transport goclient.Transport) {
	id := t.user("ann").create(nil)
	for _, inSubprotocol := range []bool{false, true} {
		_, err := t.forger(inSubprotocol).OpenNote(t.ctx, transport, id, "")
		t.hasStatus("a note's stream", err, 401)
	}
}

func noToken(t *trial) {
	nobody := t.visitor("local", goclient.Options{})
	id := t.id("note")
	sse := t.hosting.Abilities[AccountSSE]
	if !t.hosting.Abilities[LocalUserWithoutToken] {
		nobody.refused(401, "unauthenticated", "create", id, nil)
		if sse {
			_, err := nobody.OpenAccount(t.ctx, goclient.SSE, "")
			t.hasStatus("an event stream", err, 401)
		}
		return
	}
	at := nobody.place()
	nobody.do("create", id, nil)
	equal(t, "who owns the note", nobody.get(id).UserID, "local")
	if sse {
		equal(t, "the event", nobody.account(goclient.SSE, at).show("note_created_sync").NoteID, id)
	}
	_, err := t.user("ann").Note(t.ctx, id)
	t.isRefusal(err, 403, "forbidden")
}

func noTokenOnSocket(t *trial) {
	s := t.visitor("local", goclient.Options{}).account(goclient.WebSocket, "")
	equal(t, "who is signed in", decode[struct{ UserID string }](t, s.Hello()).UserID, "local")
}
