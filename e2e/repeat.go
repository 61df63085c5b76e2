package e2e

import "notewire/client/goclient"

var repeatRules = append(
	[]rule{{"a mutation that is sent again has one effect and one answer", nil, repeated}},
	onEach(onAccounts, "a mutation that is sent again is one event", repeatedEvents)...,
)

func repeated(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := t.id("note")
	sent := map[string]members{
		"create": {"content": "one"}, "edit": {"changes": members{"content": "two"}}, "organise": {"fields": members{"starred": true}},
		"share": {"members": []members{{"userId": bob.name, "role": "write"}}}, "revert": {"version": 1}, "trash": {}, "restore": {},
	}
	ops := []string{"create", "edit", "organise", "share", "revert", "trash", "restore"}
	first := map[string]*goclient.Answer{}
	for _, op := range ops {
		sent[op]["mutationId"] = newMutationID()
		first[op] = ann.do(op, id, sent[op])
	}
	bob.edit(id, members{"content": "meanwhile"})
	for _, op := range ops {
		again := ann.do(op, id, sent[op])
		equal(t, "the answer to "+op, string(again.Body), string(first[op].Body))
	}
	equal(t, "versions", len(ann.history(id)), 7)
	equal(t, "the content", ann.get(id).Content, "meanwhile")

	other := members{"mutationId": sent["edit"]["mutationId"], "changes": members{"content": "another"}}
	refusal := ann.refused(409, "mutation_reused", "edit", id, other)
	equal(t, "which is refused", refusal.MutationID, other["mutationId"].(string))
	ann.refused(409, "mutation_reused", "trash", id, members{"mutationId": sent["edit"]["mutationId"]})
	bob.do("edit", id, other) // ids are each account's own
}

func repeatedEvents(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(nil)
	s := ann.account(transport, "")
	edit := members{"changes": members{"content": "x"}, "mutationId": newMutationID()}
	for range 3 {
		ann.do("edit", id, edit)
	}
	ann.edit(id, members{"content": "y"})
	equal(t, "the first event", s.show("note_sync").UpdatedNote.Content, "x")
	equal(t, "the second", s.show("note_sync").UpdatedNote.Content, "y")
}
