package e2e

import (
	"fmt"

	"notewire/client/goclient"
)

var crowdRules = onEach(onAccounts, "all of 25 members are told of every change, in order", crowd)

// crowd has more members than a transaction tells at once.
func crowd(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(members{"content": "0"})
	var all []*user
	for i := range 25 {
		all = append(all, t.user(fmt.Sprintf("member%02d", i)))
	}
	ann.shareWith(id, "write", all[:20]...)
	ann.shareWith(id, "write", all[20:]...)
	ann.edit(id, members{"content": "1"})
	all[24].edit(id, members{"content": "2"})
	for i, u := range all {
		s := u.account(transport, "0")
		version := s.event("note_created_sync").Version
		if i < 20 {
			equal(t, "the version that he joined", version, int64(2))
			equal(t, "who is a member", len(s.show("note_sync").UpdatedNote.Collaborators), 25)
		} else {
			equal(t, "the version that he joined", version, int64(3))
		}
		for _, content := range []string{"1", "2"} {
			equal(t, "the content", s.show("note_sync").UpdatedNote.Content, content)
		}
		_ = s.Close() // of 25, only one at a time
	}
}
