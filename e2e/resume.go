package e2e

import (
	"fmt"

	"notewire/client/goclient"
)

var resumeRules = append(
	onEach(onAccounts, "an account's stream goes on from each cursor, and then is live", resumeAccount),
	onEach(onNotes, "a note's stream goes on from each cursor, and then is live", resumeNote)...)

func resumeAccount(t *trial, transport goclient.Transport) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(members{"content": "1"})
	ann.edit(id, members{"content": "2", "starred": true})
	ann.do("organise", id, members{"fields": members{"addTags": []string{"x"}}})
	ann.shareWith(id, "write", bob)
	bob.edit(id, members{"content": "5"})
	ann.do("trash", id, nil)
	ann.do("restore", id, nil)
	resumes(t, 7, func(cursor string) *tap { return ann.account(transport, cursor) },
		func(content string) { bob.edit(id, members{"content": content}) })
}

func resumeNote(t *trial, transport goclient.Transport) {
	ann := t.user("ann")
	id := ann.create(members{"content": "1"})
	for i := range 4 {
		ann.edit(id, members{"content": fmt.Sprint(i + 2)})
	}
	ann.do("revert", id, members{"version": 2})
	resumes(t, 6, func(cursor string) *tap { return ann.note(transport, id, cursor) },
		func(content string) { ann.edit(id, members{"content": content}) })
}

// resumes opens a log of n events from its beginning and after each event, and checks that
// what comes is the rest of it, and then what is new. That there is no gap and no duplicate
// every tap checks.
func resumes(t *trial, n int, open func(cursor string) *tap, edit func(content string)) {
	t.Helper()
	whole := open("0")
	var log []goclient.Event
	for range n {
		log = append(log, whole.any())
	}
	for i := range n + 1 {
		cursor := "0"
		if i > 0 {
			cursor = log[i-1].Cursor
		}
		s := open(cursor)
		for _, want := range log[i:] {
			equal(t, "an event after "+cursor, string(s.any().Data), string(want.Data))
		}
		edit(fmt.Sprint("live", i))
		log = append(log, whole.any())
		equal(t, "an event that is live", string(s.any().Data), string(log[len(log)-1].Data))
		_ = s.Close()
	}
}

// any returns the next event, of whatever type.
func (s *tap) any() goclient.Event {
	t := s.user.t
	t.Helper()
	e, err := s.read()
	if err != nil || e.Cursor == "" {
		t.Fatalf("%s: no event after %s: %.300s, error %v", s.transport, s.cursor, e.Data, err)
	}
	s.inPlace(e)
	return e
}
