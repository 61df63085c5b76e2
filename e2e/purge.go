package e2e

import (
	"bytes"
	"slices"

	"notewire/client/goclient"
)

var purgeRules = slices.Concat(
	[]rule{{"a note is purged from the trash by its owner, for good, and its id with it", nil, purged}},
	onEach(onAccounts, "a purge tells every member, and the log shows no more of the note", purgeEvents),
	onEach(onNotes, "a note's stream ends when it is purged", purgeEndsStreams),
)

func purged(t *trial) {
	ann, bob, mallory := t.user("ann"), t.user("bob"), t.user("mallory")
	id := ann.create(members{"content": "secret"})
	ann.shareWith(id, "write", bob)
	ann.refused(400, "invalid", "purge", id, nil)
	ann.do("trash", id, nil)
	bob.refused(403, "forbidden", "purge", id, nil)
	body := members{"mutationId": newMutationID()}
	answer := ann.do("purge", id, body)
	equal(t, "the answer", []any{answer.ID, answer.Version, answer.MutationID}, []any{id, int64(4), body["mutationId"]})
	equal(t, "the answer to the same again", string(ann.do("purge", id, body).Body), string(answer.Body))
	for _, u := range []*user{ann, bob} {
		_, err := u.Note(t.ctx, id)
		t.isRefusal(err, 410, "purged")
		_, err = u.Versions(t.ctx, id, 0)
		t.isRefusal(err, 410, "purged")
		_, err = u.Version(t.ctx, id, 1)
		t.isRefusal(err, 410, "purged")
		for op, body := range map[string]members{
			"edit": {"changes": members{"content": "x"}}, "organise": {"fields": members{"starred": true}}, "revert": {"version": 1},
			"trash": nil, "restore": nil, "purge": nil, "share": {"access": "public"}, "leave": nil,
		} {
			u.refused(410, "purged", op, id, body)
		}
		for _, q := range []goclient.ListQuery{{}, {Deleted: true}, {ByID: true}} {
			equal(t, "the list", u.list(q), nil)
		}
		u.refused(409, "note_exists", "create", id, nil)
	}
	_, err := mallory.Note(t.ctx, id)
	t.isRefusal(err, 404, "not_found")
	mallory.refused(404, "not_found", "edit", id, members{"changes": members{"content": "x"}})
	mallory.refused(409, "note_exists", "create", id, nil)
	for _, transport := range t.transports(onNotes) {
		_, err := ann.OpenNote(t.ctx, transport, id, "0")
		t.hasStatus("a stream by "+string(transport), err, 410)
	}
}

func purgeEvents(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "secret"})
	ann.shareWith(id, "read", bob)
	streams := []*tap{ann.account(transport, ""), bob.account(transport, "")}
	ann.do("trash", id, nil)
	ann.do("purge", id, nil)
	for _, s := range streams {
		s.loses(id, "trashed")
		s.loses(id, "purged")
	}
	for i, u := range []*user{ann, bob} {
		replay := u.account(transport, "0")
		for replay.cursor != streams[i].cursor {
			if e := replay.any(); bytes.Contains(e.Data, []byte("secret")) {
				t.Fatalf("the log still shows %s", e.Data)
			}
		}
	}
}

func purgeEndsStreams(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(members{"content": "x"})
	ann.do("trash", id, nil)
	s := ann.note(transport, id, "") // which waits for its restoration
	ann.do("purge", id, nil)
	if transport == goclient.Poll { // a poll that comes after it learns it by its status
		if _, err := s.read(); err != nil {
			t.isRefusal(err, 410, "purged")
			return
		}
		_, err := s.read()
		t.isEnd(err, goclient.CodeDeleted)
		return
	}
	s.ends(goclient.CodeDeleted, "delete")
}
