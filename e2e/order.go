package e2e

import (
	"fmt"
	"slices"

	"notewire/client/goclient"
)

var orderRules = []rule{
	{"two clients on different transports see each other's changes", []Ability{AccountSocket, AccountSSE}, eachOther},
	{"edits of two writers have one order everywhere", nil, oneOrder},
}

func eachOther(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "start"})
	ann.shareWith(id, "write", bob)
	hers, his := ann.account(goclient.WebSocket, ""), bob.account(goclient.SSE, "")
	for i := range 5 {
		content := fmt.Sprint("hers ", i)
		hers.say(members{"type": "note_update", "noteId": id, "changes": members{"content": content}})
		hers.event("note_update_success")
		e := his.show("note_sync")
		equal(t, "what he sees", []string{e.UpdatedNote.Content, e.FromUserID}, []string{content, ann.name})
		content = fmt.Sprint("his ", i)
		bob.edit(id, members{"content": content})
		e = hers.show("note_sync")
		equal(t, "what she sees", []string{e.UpdatedNote.Content, e.FromUserID}, []string{content, bob.name})
		his.event("note_sync")
	}
}

// oneOrder compares what every stream of both writers says with the history.
func oneOrder(t *trial) {
	const each = 10
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(nil)
	ann.shareWith(id, "write", bob)
	var streams []*tap
	for _, u := range []*user{ann, bob} {
		for _, transport := range t.transports(onAccounts) {
			streams = append(streams, u.account(transport, ""))
		}
		for _, transport := range t.transports(onNotes) {
			streams = append(streams, u.note(transport, id, ""))
		}
	}
	done := make(chan error, 2)
	for _, u := range []*user{ann, bob} {
		go func() {
			for i := range each {
				if _, err := u.mutate("edit", id, members{"changes": members{"content": fmt.Sprint(u.name, i)}, "mutationId": fmt.Sprint(u.name, i)}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	var order []string
	for _, v := range ann.history(id)[2:] {
		order = append(order, v.MutationID)
	}
	equal(t, "edits in the history", len(order), 2*each)
	for _, u := range []*user{ann, bob} {
		var own []string
		for i := range each {
			own = append(own, fmt.Sprint(u.name, i))
		}
		others := func(m string) bool { return !slices.Contains(own, m) }
		equal(t, "one writer's edits", slices.DeleteFunc(slices.Clone(order), others), own)
	}
	for _, s := range streams {
		var got []string
		for range order {
			got = append(got, s.any().MutationID)
		}
		equal(t, fmt.Sprintf("the order of %s by %s", s.user.name, s.transport), got, order)
	}
}
