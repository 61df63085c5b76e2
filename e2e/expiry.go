package e2e

import (
	"time"

	"notewire/client/goclient"
)

var expiryRules = []rule{
	{"a note that has expired is read, organised, shared and trashed, but not changed", nil, expired},
	{"a frame that changes a note that has expired is refused", []Ability{AccountSocket, NoteSocket}, expiredFrames},
	{"the time until a note expires is a number of hours, up to ten years", nil, expiryTimes},
}

// aSecond is in hours.
const aSecond = 1.0 / 3600

// expiring makes a note with two versions that expires soon, and returns it when it has.
func (u *user) expiring() string {
	t := u.t
	t.Helper()
	edit := members{"changes": members{"content": "two"}}
	for lives := aSecond; ; lives *= 4 {
		id := u.create(members{"content": "one", "expiresInHours": lives})
		_, err := u.mutate("edit", id, edit)
		if err != nil { // the machine is busy: that was no time
			t.isRefusal(err, 409, "note_expired")
			continue
		}
		for err == nil {
			select {
			case <-time.After(100 * time.Millisecond): // its time is the clock's, which only waiting moves
				_, err = u.mutate("edit", id, edit)
			case <-t.ctx.Done():
				t.Fatal("it does not expire")
			}
		}
		refusal := t.isRefusal(err, 409, "note_expired")
		equal(t, "the note as it is", decode[goclient.Note](t, goclient.Event{Data: refusal.Current}).Content, "two")
		return id
	}
}

func expired(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.expiring()
	ann.refused(409, "note_expired", "revert", id, members{"version": 1})
	ann.refused(409, "note_expired", "edit", id, members{"changes": members{"title": "t", "starred": true}})
	ann.do("organise", id, members{"fields": members{"starred": true}})
	ann.edit(id, members{"archived": true}) // her own fields are no part of what it says
	ann.shareWith(id, "write", bob)
	bob.refused(409, "note_expired", "edit", id, members{"changes": members{"content": "his"}})
	ann.do("trash", id, nil)
	ann.do("restore", id, nil)
	n := bob.get(id)
	equal(t, "the note", []any{n.Content, n.Deleted}, []any{"two", false})
	n = ann.get(id)
	equal(t, "her fields", []bool{n.Starred, n.Archived}, []bool{true, true})
	ann.do("trash", id, nil)
	ann.do("purge", id, nil)
}

func expiredFrames(t *trial) {
	ann := t.user("ann")
	id := ann.expiring()
	s := ann.account(goclient.WebSocket, "")
	s.say(members{"type": "note_update", "noteId": id, "changes": members{"content": "x"}, "mutationId": "late"})
	e := s.event("error")
	equal(t, "why, and which", []string{decode[shown](t, e).Code, e.MutationID, e.NoteID}, []string{"note_expired", "late", id})
	n := ann.note(goclient.WebSocket, id, "")
	n.say(members{"type": "update_event", "data": members{"content": "x"}})
	equal(t, "why", n.show("error").Code, "note_expired")
}

func expiryTimes(t *trial) {
	ann := t.user("ann")
	for _, hours := range []float64{-1, 87_601} {
		ann.refused(400, "invalid", "create", "", members{"expiresInHours": hours})
	}
	short := ann.get(ann.create(members{"expiresInHours": 0.0125}))
	equal(t, "three quarters of a minute", *short.ExpiresAt-short.CreatedAt, int64(45_000))
	id := ann.create(members{"expiresInHours": 87_600})
	n := ann.get(id)
	equal(t, "how long it lives", *n.ExpiresAt-n.CreatedAt, int64(87_600*3_600_000))
	equal(t, "a note without a time", ann.get(ann.create(nil)).ExpiresAt, (*int64)(nil))
	ann.edit(id, members{"content": "in time"})
	equal(t, "the time after an edit", *ann.get(id).ExpiresAt, *n.ExpiresAt)
}
