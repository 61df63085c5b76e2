package e2e

import (
	"crypto/sha256"
	"fmt"

	"notewire/client/goclient"
)

var bytesRules = []rule{
	{"an event of an account is the same bytes on every transport, live and replayed", []Ability{AccountSocket, AccountSSE}, accountBytes},
	{"an event of a note is the same bytes on every transport, live and replayed", []Ability{NoteSocket, NoteSSE}, noteBytes},
}

func accountBytes(t *trial) {
	ann := t.user("ann")
	sameBytes(t, ann, t.id("note"), t.transports(onAccounts), func(transport goclient.Transport, cursor string) *tap { return ann.account(transport, cursor) }, 12)
}

func noteBytes(t *trial) {
	ann := t.user("ann")
	id := t.id("note")
	ann.do("create", id, nil)
	sameBytes(t, ann, id, t.transports(onNotes), func(transport goclient.Transport, cursor string) *tap { return ann.note(transport, id, cursor) }, 7)
}

// sameBytes makes every kind of change, of which n are events of the log, and compares what
// each transport brings while they are made, and afterwards, by its SHA-256.
func sameBytes(t *trial, u *user, id string, transports []goclient.Transport, open func(goclient.Transport, string) *tap, n int) {
	t.Helper()
	live := map[goclient.Transport]*tap{}
	for _, transport := range transports {
		live[transport] = open(transport, "")
	}
	from := live[transports[0]].cursor
	_, _ = u.mutate("create", id, members{"content": "é <b>&</b> \u2028 \"漢\""}) // or it is there
	u.edit(id, members{"title": "𝄞", "blob": members{"z": 1.0, "a": []any{}}})
	u.do("organise", id, members{"fields": members{"starred": true}})
	u.edit(id, members{"content": "<\\>", "addTags": []string{"x"}})
	u.do("edit", id, members{"changes": members{"content": "typed meanwhile", "title": "t"}, "baseVersion": 1})
	folder := u.do("folder_create", t.id("folder"), members{"name": "<Ünsortiert>"}).ID
	u.do("folder_update", folder, members{"changes": members{"color": "#0099ff", "parentId": nil}})
	u.do("folder_delete", folder, nil)
	u.do("share", id, members{"members": []members{{"userId": t.id("bob"), "role": "read"}}})
	u.do("revert", id, members{"version": 1})
	u.do("trash", id, nil)
	u.do("restore", id, nil)
	recorded := map[string]string{}
	for _, transport := range transports {
		recorded[string(transport)+", live"] = record(live[transport], n, open)
		recorded[string(transport)+", replayed"] = record(open(transport, from), n, open)
	}
	want := recorded[string(transports[0])+", live"]
	for how, sum := range recorded {
		equal(t, "the SHA-256 of what came by "+how, sum, want)
	}
}

// record returns the SHA-256 of the texts of n events. The end of a note's stream by its trash
// is passed over.
func record(s *tap, n int, open func(goclient.Transport, string) *tap) string {
	sum := sha256.New()
	for range n {
		e := s.any()
		fmt.Fprintf(sum, "%s\n", e.Data)
		if e.Type == "delete" && s.noteID != "" { // which may end it
			_ = s.Close()
			s = open(s.transport, e.Cursor)
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}
