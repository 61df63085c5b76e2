package chaos

import (
	"encoding/json"
	"fmt"
	"maps"
)

// piece puts together the history of notes that are gone, for whose versions nobody can ask any
// more: who made which is in the logs, and some of the texts in answers and events from before.
func (v *verifier) piece() {
	versions := map[string]map[int64]deed{}
	for _, user := range sorted(v.Accounts) {
		for _, e := range v.Accounts[user].Log {
			f := v.frames.of(e.Data)
			m := v.sent[deed{f.FromUserID, f.MutationID}]
			if _, gone := v.Gone[f.NoteID]; !gone || m == nil || m.Op == "organise" {
				continue
			}
			if versions[f.NoteID] == nil {
				versions[f.NoteID] = map[int64]deed{}
			}
			versions[f.NoteID][f.Version] = deed{f.FromUserID, f.MutationID}
		}
	}
	shown := v.shownOf(versions)
	v.Notes = maps.Clone(v.Notes)
	for _, note := range sorted(versions) {
		h := &History{}
		for _, n := range sortedInts(versions[note]) {
			d := versions[note][n]
			m := v.sent[d]
			h.Versions = append(h.Versions, Version{
				Version: n, Op: m.Op, Author: d.author, MutationID: d.id, RevertedFrom: m.From, RevertedKept: m.Kept,
				Shown: shown[note][n], Pieced: true,
			})
		}
		v.Notes[note] = h
	}
}

// shownOf collects how notes were shown, version by version, to whoever followed or wrote.
func (v *verifier) shownOf(notes map[string]map[int64]deed) map[string]map[int64]*Shown {
	all := map[string]map[int64]*Shown{}
	add := func(n *Shown) {
		if n == nil || notes[n.ID] == nil || n.Roles == nil && n.Collaborators == nil {
			return
		}
		if all[n.ID] == nil {
			all[n.ID] = map[int64]*Shown{}
		}
		all[n.ID][n.Version] = n
	}
	for _, s := range v.Followers {
		if s.Passer {
			continue
		}
		for _, e := range s.Events {
			add(v.frames.of(e.Data).shown())
		}
	}
	for _, m := range v.Mutations {
		for i := range m.Attempts {
			var n Shown
			if a := &m.Attempts[i]; a.Outcome == Acknowledged && notes[m.Note] != nil && json.Unmarshal([]byte(a.Answer), &n) == nil {
				add(&n)
			}
		}
	}
	return all
}

// gone checks what accounts are answered that ask for a note which is in nobody's lists.
func (v *verifier) gone(note string, codes map[string]string) {
	var head *state
	if states := v.states[note]; len(states) > 0 {
		head = states[len(states)-1]
	}
	if head != nil && !head.purged {
		v.late(RuleComplete, fmt.Sprintf("%s is in nobody's lists, and was not purged", note))
		return
	}
	for _, user := range sorted(codes) {
		want := "not_found"
		if head != nil && head.role(user) != "" {
			want = "purged"
		}
		if codes[user] != want {
			v.add(RuleGone, fmt.Sprintf("%s, which is gone, is %s to %s, and should be %s", note, codes[user], user, want))
		}
	}
}
