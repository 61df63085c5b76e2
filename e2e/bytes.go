package e2e

import "notewire/client/goclient"

var bytesRules = []rule{
	{"an event of an account is the same bytes on every transport, live and replayed", []Ability{AccountSocket, AccountSSE}, accountBytes},
	{"an event of a note is the same bytes on every transport, live and replayed", []Ability{NoteSocket, NoteSSE}, noteBytes},
}

func accountBytes(t *trial) {
	ann := t.user("ann")
	sameBytes(t, ann, t.id("note"), func(transport goclient.Transport, cursor string) *tap { return ann.account(transport, cursor) }, 8)
}

func noteBytes(t *trial) {
	ann := t.user("ann")
	id := t.id("note")
	ann.do("create", id, nil)
	sameBytes(t, ann, id, func(transport goclient.Transport, cursor string) *tap { return ann.note(transport, id, cursor) }, 6)
}

// sameBytes makes every kind of change, of which n are events of the log.
func sameBytes(t *trial, u *user, id string, open func(goclient.Transport, string) *tap, n int) {
	t.Helper()
	socket, stream := open(goclient.WebSocket, ""), open(goclient.SSE, "")
	from := stream.cursor
	_, _ = u.mutate("create", id, members{"content": "é <b>&</b> \u2028 \"漢\""}) // or it is there
	u.edit(id, members{"title": "𝄞", "blob": members{"z": 1.0, "a": []any{}}})
	u.do("organise", id, members{"fields": members{"starred": true}})
	u.edit(id, members{"content": "<\\>", "addTags": []string{"x"}})
	u.do("share", id, members{"members": []members{{"userId": t.id("bob"), "role": "read"}}})
	u.do("revert", id, members{"version": 1})
	u.do("trash", id, nil)
	u.do("restore", id, nil)
	var log []string
	for range n {
		e := stream.any()
		log = append(log, string(e.Data))
		if e.Type == "delete" && socket.noteID != "" { // which ends both
			equal(t, "on a socket", string(socket.any().Data), log[len(log)-1])
			socket, stream = open(goclient.WebSocket, e.Cursor), open(goclient.SSE, e.Cursor)
			continue
		}
		equal(t, "on a socket", string(socket.any().Data), log[len(log)-1])
	}
	for _, transport := range []goclient.Transport{goclient.WebSocket, goclient.SSE} {
		replay := open(transport, from)
		for _, want := range log {
			equal(t, "replayed by "+string(transport), string(replay.any().Data), want)
		}
	}
}
