package chaos

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// answers checks the answers to a mutation that was sent once or several times.
func (v *verifier) answers(m *Mutation) {
	ack := m.ack()
	for i := range m.Attempts {
		a := &m.Attempts[i]
		switch {
		case a.Outcome == Refused && !slices.Contains(mayRefuse[m.Op], a.Code):
			v.add(RuleAnswer, "a refusal with a reason that cannot be", m.describe(), a.Answer)
		case a.Outcome == Refused && !v.reason(m, a):
			v.add(RuleAnswer, "a refusal whose reason is not so", m.describe(), a.Answer)
		case a.Outcome == Refused && ack != nil && a.Sent.After(ack.Ended):
			v.add(RuleAnswer, "a mutation that was acknowledged is refused when it is sent again", m.describe(), a.Answer)
		case a.Outcome == Acknowledged && a != ack:
			v.sameAnswer(m, ack, a)
		}
	}
}

// reason reports whether the reason of a refusal may have been so.
func (v *verifier) reason(m *Mutation, a *Attempt) bool {
	switch a.Code {
	case "note_exists": // it is somebody else's, or another mutation's
		states := v.states[m.Note]
		_, made := v.made[deed{m.Author, m.ID}]
		return len(states) > 1 && !made
	case "base_gone": // the base was not there yet, or never
		before := v.sent[deed{m.Author, m.BaseID}]
		return before != nil && (before.ack() == nil || !before.ack().Ended.Before(a.Sent))
	case "note_expired":
		v.expired(m, a)
	case "purged":
		states := v.states[m.Note]
		return len(states) > 1 && states[len(states)-1].purged
	case "invalid":
		return m.Op != "share" || m.Owner != "" // who is to own it must be a member
	}
	return true
}

func (v *verifier) sameAnswer(m *Mutation, first, again *Attempt) {
	same := first.Version == again.Version && first.Cursor == again.Cursor
	_, made := v.made[deed{m.Author, m.ID}]
	if same && made && first.Answer != "" && again.Answer != "" { // of one that changed nothing, the author's own fields may have changed since
		same = first.Answer == again.Answer || v.barely(m, again)
	}
	if !same {
		v.add(RuleAnswer, "a mutation that is sent again has another answer", m.describe(), first.Answer, again.Answer)
	}
}

// barely reports whether an answer has no note because there is none any more.
func (v *verifier) barely(m *Mutation, a *Attempt) bool {
	states := v.states[m.Note]
	var answer struct{ UserID string }
	return len(states) > 1 && states[len(states)-1].purged && json.Unmarshal([]byte(a.Answer), &answer) == nil && answer.UserID == ""
}

// lists checks an account's lists at the end: they show the notes that it may see, all of
// them, as they are.
func (v *verifier) lists(user string, a *Account) {
	want := map[bool]map[string]int64{false: {}, true: {}}
	for note, states := range v.states {
		if head := states[len(states)-1]; head != nil && head.role(user) != "" && !head.purged {
			want[head.deleted][note] = int64(len(states) - 1)
		}
	}
	for trash, list := range map[bool]map[string]int64{false: a.Listed, true: a.Trashed} {
		if maps.Equal(list, want[trash]) {
			continue
		}
		where := map[bool]string{false: "list", true: "trash"}[trash]
		for _, note := range sorted(list) {
			if v.neverOf(note, user) {
				v.add(RuleAudience, fmt.Sprintf("the %s of %s shows %s, of which he was never a member", where, user, note))
			}
		}
		v.late(RuleComplete, fmt.Sprintf("the %s of %s is not what he may see", where, user), differing(list, want[trash]))
	}
}

func (v *verifier) neverOf(note, user string) bool {
	for _, s := range v.states[note] {
		if s != nil && s.role(user) != "" {
			return false
		}
	}
	return true
}

func differing(got, want map[string]int64) string {
	text := "it shows, and should:"
	for _, note := range sorted(got) {
		if want[note] != got[note] {
			text += fmt.Sprintf(" %s %d, %d;", note, got[note], want[note])
		}
	}
	for _, note := range sorted(want) {
		if _, ok := got[note]; !ok {
			text += fmt.Sprintf(" %s not, %d;", note, want[note])
		}
	}
	return text
}

// sighting checks that whoever was shown a note was a member at that version.
func (v *verifier) sighting(s Sighting) {
	states := v.states[s.Note]
	if s.Version < 1 || s.Version >= int64(len(states)) {
		v.add(RuleHistory, fmt.Sprintf("%s showed %s version %d of %s, which does not exist", s.Where, s.Account, s.Version, s.Note))
		return
	}
	at := states[s.Version]
	if at.purged || at.role(s.Account) == "" && (s.Kept || !at.public || at.deleted) && !(s.Kept && v.joinsAfter(s.Note, s.Account, s.Version)) {
		v.add(RuleAudience, fmt.Sprintf("%s showed %s version %d of %s, at which he was no member", s.Where, s.Account, s.Version, s.Note))
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
