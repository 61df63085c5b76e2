package chaos

import (
	"fmt"
	"maps"
)

// state is a note as of one version, as the mutations up to it say.
type state struct {
	owner   string
	title   string // empty: none
	content string
	deleted bool
	members map[string]string // roles by account; without the owner
}

func (s *state) role(user string) string {
	if s.owner == user {
		return "owner"
	}
	return s.members[user]
}

// history checks a note's versions: numbered without a gap, each what its mutation makes of
// the one before, by somebody who might.
func (v *verifier) history(note string, h *History) {
	states := []*state{nil}
	for i := range h.Versions {
		version := &h.Versions[i]
		if version.Version != int64(i)+1 {
			v.add(RuleHistory, fmt.Sprintf("the history of %s has version %d where %d must be", note, version.Version, i+1), version.describe(note))
			break
		}
		d := deed{version.Author, version.MutationID}
		if first, twice := v.made[d]; twice {
			v.add(RuleTwice, "one mutation made two versions", v.Notes[first.note].Versions[first.version-1].describe(first.note), version.describe(note))
			break
		}
		m := v.effect(d, note, version.describe(note))
		if m == nil {
			break
		}
		next := apply(states, m)
		if next == nil || m.Op != version.Op || m.From != version.RevertedFrom {
			v.add(RuleHistory, "a version that its mutation cannot have made", m.describe(), version.describe(note))
			break
		}
		v.made[d] = where{note, version.Version}
		states = append(states, next)
		v.shows(next, version.Shown, version.Version, version.describe(note))
	}
	v.states[note] = states
}

// apply returns what a mutation makes of the newest state, or nil if it cannot be.
func apply(states []*state, m *Mutation) *state {
	before := states[len(states)-1]
	if m.Op == "create" {
		if before != nil {
			return nil
		}
		return &state{owner: m.Author, title: m.Title, content: m.Text}
	}
	if before == nil || !allowed(before.role(m.Author), m.Op) {
		return nil
	}
	next := *before
	next.members = maps.Clone(before.members)
	if next.members == nil {
		next.members = map[string]string{}
	}
	switch m.Op {
	case "edit":
		next.content = m.Text
		if m.Title != "" {
			next.title = m.Title
		}
	case "revert":
		if m.From < 1 || m.From >= int64(len(states)) {
			return nil
		}
		next.title, next.content = states[m.From].title, states[m.From].content
	case "trash", "restore":
		if next.deleted = m.Op == "trash"; next.deleted == before.deleted {
			return nil
		}
	case "share":
		for _, user := range m.Remove {
			delete(next.members, user)
		}
		maps.Copy(next.members, m.Members)
	case "leave":
		delete(next.members, m.Author)
	default:
		return nil
	}
	return &next
}

func allowed(role, op string) bool {
	switch op {
	case "edit", "revert":
		return role == "owner" || role == "write"
	case "leave":
		return role == "read" || role == "write"
	}
	return role == "owner"
}

// shows checks that a note is shown as it was. Nothing shown is nothing wrong.
func (v *verifier) shows(want *state, got *Shown, version int64, evidence ...string) {
	if got == nil {
		return
	}
	title := ""
	if got.Title != nil {
		title = *got.Title
	}
	if got.Content != want.content || title != want.title {
		v.add(RuleHistory, "a note is shown with another text than was sent",
			append(evidence, fmt.Sprintf("shown: %q, %.200q", title, got.Content), fmt.Sprintf("sent:  %q, %.200q", want.title, want.content))...)
	}
	if got.Version != version || got.UserID != want.owner || got.Deleted != want.deleted || !maps.Equal(got.Roles, want.members) {
		v.add(RuleHistory, "a note is shown with another version, owner, members or place",
			append(evidence, fmt.Sprintf("shown: version %d of %s, deleted %v, %v", got.Version, got.UserID, got.Deleted, got.Roles),
				fmt.Sprintf("sent:  version %d of %s, deleted %v, %v", version, want.owner, want.deleted, want.members))...)
	}
}
