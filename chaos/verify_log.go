package chaos

import (
	"fmt"
	"slices"
)

// log checks the whole of an account's log: numbered 1..n, no mutation twice, versions of a
// note in order, and each event what the history says.
func (v *verifier) log(user string, events []Event) {
	rows := map[deed]int64{}
	v.rows[user] = rows
	newest := map[string]int64{}
	folders := map[string]Folder{}
	v.folders[user] = folders
	for i, e := range events {
		f := v.frames.of(e.Data)
		if e.Seq != int64(i)+1 {
			v.add(RuleLog, fmt.Sprintf("the log of %s has event %d where %d must be: %s", user, e.Seq, i+1, gapOrDuplicate(e.Seq, int64(i)+1)), e.Data)
			return
		}
		d := deed{f.FromUserID, f.MutationID}
		if first, twice := rows[d]; twice {
			v.add(RuleTwice, fmt.Sprintf("the log of %s has one mutation at %d and at %d", user, first, e.Seq), events[first-1].Data, e.Data)
		}
		rows[d] = e.Seq
		if f.Version < newest[f.NoteID] {
			v.add(RuleLog, fmt.Sprintf("the log of %s has version %d of %s after version %d", user, f.Version, f.NoteID, newest[f.NoteID]), e.Data)
		}
		newest[f.NoteID] = f.Version
		if f.FolderID != "" {
			v.folder(user, folders, f, e.Data)
		} else {
			v.row(user, f, e.Data)
		}
	}
}

func gapOrDuplicate(got, want int64) string {
	if got > want {
		return "a gap"
	}
	return "a duplicate"
}

// row checks one event of an account's log against the history.
func (v *verifier) row(user string, f *frame, data string) {
	m := v.effect(deed{f.FromUserID, f.MutationID}, f.NoteID, data)
	states := v.states[f.NoteID]
	if m == nil {
		return
	}
	if f.Version < 1 || f.Version >= int64(len(states)) {
		v.add(RuleLog, fmt.Sprintf("the log of %s tells of version %d of %s, which does not exist", user, f.Version, f.NoteID), data)
		return
	}
	now, before := states[f.Version], states[f.Version-1]
	if m.Op == "organise" {
		before = now
		if user != m.Author {
			v.add(RuleAudience, fmt.Sprintf("the log of %s tells how another organises", user), data)
		}
		if shown := f.shown(); shown != nil && !slices.Equal(shown.Tags, []string{m.Text}) {
			v.add(RuleAcknowledged, "an event has other tags than were sent", m.describe(), data)
		}
		if shown := f.shown(); shown != nil && m.Folder != "" && (shown.FolderID == nil || *shown.FolderID != m.Folder) {
			v.add(RuleAcknowledged, "an event has another folder than was sent", m.describe(), data)
		}
	} else if v.made[deed{m.Author, m.ID}] != (where{f.NoteID, f.Version}) {
		v.add(RuleLog, fmt.Sprintf("the log of %s tells of another version than the mutation made", user), m.describe(), data)
	}
	if now.role(user) == "" && (before == nil || before.role(user) == "") {
		v.add(RuleAudience, fmt.Sprintf("the log of %s tells of %s, which was not his to see at version %d", user, f.NoteID, f.Version), data)
		return
	}
	v.kind(user, f, m, before, now, data)
}

// kind checks that an event shows the note, or that it is out of sight.
func (v *verifier) kind(user string, f *frame, m *Mutation, before, now *state, data string) {
	want := "note_sync"
	switch {
	case now.purged:
		want = "note_deleted_sync purged"
	case now.role(user) == "":
		want = "note_deleted_sync access_lost"
	case before == nil || before.role(user) == "" || before.deleted && !now.deleted:
		want = "note_created_sync"
	case now.deleted && !before.deleted:
		want = "note_deleted_sync trashed"
	}
	got := f.Type
	if f.Reason != "" {
		got += " " + f.Reason
	}
	if got != want && !(f.hides() && v.losesAccess(f.NoteID, user, f.Version)) {
		v.add(RuleLog, fmt.Sprintf("the log of %s has %s where %s must be", user, got, want), m.describe(), data)
	}
	if f.Type == "note_sync" {
		v.eventMerge(f, &v.Notes[f.NoteID].Versions[f.Version-1], data)
	}
	if shown := f.shown(); shown != nil {
		if now.role(user) == "" {
			v.add(RuleAudience, fmt.Sprintf("%s is shown %s at version %d, at which he is no member", user, f.NoteID, f.Version), data)
		}
		v.shows(now, shown, f.Version, data)
	}
}

// losesAccess reports whether the account is no member of the note at some version after that, or
// the note is gone: then rows of it read as out of sight.
func (v *verifier) losesAccess(note, user string, after int64) bool {
	for _, s := range v.states[note][min(after+1, int64(len(v.states[note]))):] {
		if s.role(user) == "" || s.purged {
			return true
		}
	}
	return false
}

// lateMembers is how many members there are before the rows of some may come after the commit.
const lateMembers = 20

// complete checks that every member of a note has an event for every version, and whoever
// was removed the one that says so. Who was removed before his late row was written does not
// get it.
func (v *verifier) complete(note string) {
	states := v.states[note]
	for i := 1; i < len(states); i++ {
		version := &v.Notes[note].Versions[i-1]
		d := deed{version.Author, version.MutationID}
		for _, user := range concerned(states[i-1], states[i]) {
			if v.Accounts[user] == nil || v.rows[user][d] != 0 {
				continue
			}
			if len(states[i].members) > lateMembers && states[i].role(user) != "" && v.losesAccess(note, user, int64(i)) {
				continue
			}
			v.late(RuleComplete, fmt.Sprintf("the log of %s has no event for version %d of %s, which was his to see", user, i, note), version.describe(note))
		}
	}
}

// concerned lists the accounts of a note before and after, in order.
func concerned(before, after *state) []string {
	users := map[string]bool{}
	for _, s := range []*state{before, after} {
		if s != nil {
			users[s.owner] = true
			for user := range s.members {
				users[user] = true
			}
		}
	}
	return sorted(users)
}
