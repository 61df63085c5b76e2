package notestest

import (
	"slices"

	"notewire/notes"
)

var transferRules = []rule{
	{"a transfer makes a member the owner, and the owner a writer, and tells both", transferred},
	{"a note is transferred to nobody but a member, by nobody but its owner", transferRefused},
	{"a note is transferred by one request that also adds its new owner", transferToNewMember},
}

var transferAtOnceRules = []rule{
	{"a note with many members is transferred to one who is told late of others' changes", transferToLateMember},
	{"of two transfers at once, one is refused", transfersAtOnce},
}

func transferTo(user notes.UserID) notes.Share { return notes.Share{Owner: user} }

var transferChanged = []string{"collaborators", "roles", "userId"}

func transferred(t *trial) {
	t.note("n", "text", reader(bob), reader(cat))
	t.do(bob, "n", organise(star))
	out := t.do(ann, "n", transferTo(bob))
	equal(t, "the owner", out.View.Owner, bob)
	for _, user := range []notes.UserID{ann, bob, cat} {
		equal(t, "the row of "+string(user), tellsRow(t.last(user)), toldRow{notes.KindSync, "", "share", 3, transferChanged})
		equal(t, "the members", t.get(user, "n").Members, []notes.Member{writer(ann), reader(cat)})
		equal(t, "the owner", t.get(user, "n").Owner, bob)
	}
	equal(t, "the roles in the entries", []notes.Role{t.entry(ann, "n").Role, t.entry(bob, "n").Role, t.entry(cat, "n").Role},
		[]notes.Role{notes.Writer, notes.Owner, notes.Reader})
	equal(t, "the new owner's star", t.get(bob, "n").Fields.Starred, true)
	t.do(ann, "n", edit("hers still"))
	t.refused(notes.Forbidden, ann, "n", notes.Trash{})
	t.refused(notes.Forbidden, ann, "n", transferTo(ann))
	t.do(bob, "n", removing(ann))
	t.refused(notes.Forbidden, ann, "n", edit("x"))
	t.do(bob, "n", notes.Trash{})
	t.do(bob, "n", notes.Purge{})
	equal(t, "whose version 1 was", t.versions("n")[0].Owner, ann)
}

func transferRefused(t *trial) {
	t.note("n", "", writer(bob), reader(cat))
	before := t.state("n")
	t.refused(notes.Invalid, ann, "n", transferTo(eve))
	t.refused(notes.Invalid, ann, "n", notes.Share{Owner: bob, Remove: []notes.UserID{bob}})
	t.refused(notes.Forbidden, bob, "n", transferTo(bob))
	t.refused(notes.Forbidden, cat, "n", transferTo(bob))
	equal(t, "whether a transfer to its owner has a row", t.do(ann, "n", transferTo(ann)).Logged, false)
	equal(t, "the state", t.state("n"), before)
}

func transferToNewMember(t *trial) {
	t.note("n", "text")
	m := notes.Share{Owner: bob, Members: []notes.Member{reader(bob)}, Access: notes.Some(notes.Public)}
	first := t.as("m", ann, "n", m)
	equal(t, "the new owner's row", tellsRow(t.last(bob)), toldRow{notes.KindCreated, "", "share", 2, append([]string{"access"}, transferChanged...)})
	equal(t, "his role", t.entry(bob, "n").Role, notes.Owner)
	t.do(bob, "n", transferTo(ann))
	t.sameAnswer(first, t.as("m", ann, "n", m)) // it has been given back since
	equal(t, "the owner", t.get(ann, "n").Owner, ann)
}

func transferToLateMember(t *trial) {
	users, joined := t.crowd(60)
	next := users[59]
	t.crash()
	t.do(ann, "n", edit("1")) // of which he is not told yet
	t.do(ann, "n", transferTo(next))
	t.heal()
	t.do(next, "n", add(reader("new"))) // so he is, first
	t.sweep(t.service)
	t.settled()
	versions := t.versions("n")
	for _, user := range append(slices.Clone(users), ann) {
		t.toldAll(versions, user, joined[user])
	}
	equal(t, "the roles in the entries", []notes.Role{t.entry(next, "n").Role, t.entry(ann, "n").Role}, []notes.Role{notes.Owner, notes.Writer})
	t.do(next, "n", removing(ann))
	t.do(next, "n", notes.Trash{})
	t.settled()
}

func transfersAtOnce(t *trial) {
	t.note("n", "", writer(bob), writer(cat))
	heirs := []notes.UserID{bob, cat}
	won := make([]bool, 2)
	t.together(2, func(i int, s *notes.Service) {
		_, err := t.send(s, ann, "n", transferTo(heirs[i]))
		if won[i] = err == nil; !won[i] && notes.CodeOf(err) != notes.Forbidden {
			t.Error(err)
		}
	})
	equal(t, "transfers", count(won, true), 1)
	equal(t, "the owner", t.get(ann, "n").Owner, heirs[slices.Index(won, true)])
}
