package chaos

import (
	"fmt"
	"time"
)

// lives takes the end of a note from its first version, which must be as long after the create
// as that asked for. The servers' clocks are this machine's.
func (v *verifier) lives(m *Mutation, next *state, version *Version, note string) {
	if version.Shown == nil {
		return
	}
	next.expires = version.Shown.expires()
	if m.Lives == 0 {
		return // then there is none, or shows will tell
	}
	at, latest := time.UnixMilli(next.expires), time.Time{}
	for _, a := range m.Attempts {
		if a.Ended.After(latest) && (m.ack() == nil || !a.Sent.After(m.ack().Ended)) {
			latest = a.Ended
		}
	}
	if at.Before(m.begun().Add(m.Lives-clockStep)) || m.ack() != nil && at.After(latest.Add(m.Lives+clockStep)) {
		v.add(RuleExpired, fmt.Sprintf("a note that was to live %v ends at %v", m.Lives, at), m.describe(), version.describe(note))
	}
}

// clockStep is what rounding to milliseconds takes.
const clockStep = 2 * time.Millisecond

// inTime checks that an edit or a revert was sent before the note's time was over.
func (v *verifier) inTime(m *Mutation, s *state, evidence string) {
	if (m.Op == "edit" || m.Op == "revert") && s.expires != 0 && m.begun().UnixMilli() > s.expires {
		v.add(RuleExpired, "a note is edited after its time", m.describe(), evidence)
	}
}

// expired checks a refusal because a note's time was over.
func (v *verifier) expired(m *Mutation, a *Attempt) {
	states := v.states[m.Note]
	if len(states) < 2 || states[1].expires == 0 || a.Ended.UnixMilli() < states[1].expires {
		v.add(RuleExpired, "a note is refused as expired before its time", m.describe(), a.Answer)
	}
}
