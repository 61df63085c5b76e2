package notestest

import (
	"notewire/notes"
)

var latePurgeRules = []rule{
	{"all of 60 members are told of a purge, and lose their entries", purgeOfMany},
	{"who is yet to be told of a purge sees and does nothing more of the note", untoldOfPurge},
}

func purgeOfMany(t *trial) {
	users, joined := t.crowd(60)
	t.do(ann, "n", notes.Trash{})
	out := t.do(ann, "n", notes.Purge{})
	t.settled()
	for _, user := range append(users, ann) {
		log := t.logByPages(user, 50)
		equal(t, "rows of "+string(user), int64(len(log)), out.Version-joined[user]+1)
		equal(t, "the last row of "+string(user), tellsRow(log[len(log)-1]), toldRow{notes.KindDeleted, notes.ReasonPurged, "purge", out.Version, []string{"purged"}})
	}
	entries, err := t.store.Accounts(t.Context(), "n", users...)
	if err != nil {
		t.Fatal(err)
	}
	for user, account := range entries {
		if account.Entry != nil {
			t.Errorf("the entry of %s is %+v", user, account.Entry)
		}
	}
}

func untoldOfPurge(t *trial) {
	users, joined := t.crowd(60)
	last := users[59]
	t.do(ann, "own", notes.Create{})
	t.crash()
	t.do(ann, "n", edit("1"))
	t.do(ann, "n", notes.Trash{})
	out := t.do(ann, "n", notes.Purge{})
	t.heal()
	if t.entry(last, "n").Version != out.Version-3 {
		t.Fatal("he has been told already")
	}
	for _, q := range []notes.ListQuery{{}, {Trashed: true}, {ByID: true}} {
		equal(t, "a list of who is untold", t.listed(last, q), nil)
	}
	t.gone(notes.Purged, last)
	t.refused(notes.Purged, last, "n", organise(star))
	t.refused(notes.Purged, last, "n", edit("x"))
	t.store.Store = t.harness.Reopen()
	t.sweep(t.instance())
	t.settled()
	log := t.log(last)
	var told []toldRow
	for _, row := range log {
		told = append(told, tellsRow(row))
	}
	lost := func(version int64, op string) toldRow {
		return toldRow{notes.KindDeleted, notes.ReasonAccessLost, op, version, nil}
	}
	equal(t, "his rows", told, []toldRow{
		lost(joined[last], "share"), lost(out.Version-2, "edit"),
		{notes.KindDeleted, notes.ReasonTrashed, "trash", out.Version - 1, []string{"deleted"}},
		{notes.KindDeleted, notes.ReasonPurged, "purge", out.Version, []string{"purged"}},
	})
	entries, err := t.store.EntriesOf(t.Context(), last, "n")
	if err != nil || entries[0] != nil {
		t.Errorf("his entry is %+v, error %v", entries[0], err)
	}
}
