package chaos

import (
	"fmt"
	"maps"
)

// body is what an edit may change. unknown says that nobody who was asked could still tell.
type body struct {
	title   string // empty: none
	content string
	unknown bool
}

// state is a note as of one version, as the mutations up to it say.
type state struct {
	body
	posted  body // what the mutation of this version carried; the text, if it was no merge
	owner   string
	deleted bool
	public  bool
	purged  bool
	expires int64             // ms since 1970; 0: never
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
		next := v.next(note, states, m, version)
		if next == nil || m.Op != version.Op || m.From != version.RevertedFrom || m.Kept != version.RevertedKept {
			v.add(RuleHistory, "a version that its mutation cannot have made", m.describe(), version.describe(note))
			break
		}
		v.made[d] = where{note, version.Version}
		states = append(states, next)
		v.inTime(m, next, version.describe(note))
		v.shows(next, version.Shown, version.Version, version.describe(note))
	}
	v.states[note] = states
}

// next returns what a mutation makes of the newest state, as far as the version must tell, or nil
// if it cannot be.
func (v *verifier) next(note string, states []*state, m *Mutation, version *Version) *state {
	next := apply(states, m)
	switch {
	case next == nil:
		return nil
	case m.Op == "create":
		v.lives(m, next, version, note)
	case m.based():
		v.merge(note, states, next, m, version)
		return next
	}
	if version.Merged || version.Conflict != nil {
		v.add(RuleMerge, "a version that was not merged says that it was", m.describe(), version.describe(note))
	}
	return next
}

// apply returns what a mutation makes of the newest state, or nil if it cannot be. The text of
// an edit with a base is another matter: see merge.
func apply(states []*state, m *Mutation) *state {
	before := states[len(states)-1]
	if m.Op == "create" {
		if before != nil {
			return nil
		}
		written := body{title: m.Title, content: m.Text}
		return &state{owner: m.Author, body: written, posted: written}
	}
	if before == nil || before.purged || !allowed(before.role(m.Author), m.Op) {
		return nil
	}
	next := *before
	next.members = maps.Clone(before.members)
	if next.members == nil {
		next.members = map[string]string{}
	}
	switch m.Op {
	case "edit":
		next.body = before.body.changed(m)
	case "revert":
		if m.From < 1 || m.From >= int64(len(states)) {
			return nil
		}
		if next.body = states[m.From].body; m.Kept {
			next.body = states[m.From].posted
		}
	case "trash", "restore":
		if next.deleted = m.Op == "trash"; next.deleted == before.deleted {
			return nil
		}
	case "purge":
		if !before.deleted {
			return nil
		}
		next.purged, next.body = true, body{unknown: true}
	case "share":
		if !next.share(m) {
			return nil
		}
	case "leave":
		delete(next.members, m.Author)
	default:
		return nil
	}
	next.posted = next.body
	return &next
}

// changed is the text with what an edit sets in it.
func (t body) changed(m *Mutation) body {
	if t.content = m.Text; m.Title != "" {
		t.title, t.unknown = m.Title, false
	}
	return t
}

// share does what a share asks, and reports whether it can be.
func (s *state) share(m *Mutation) bool {
	for _, user := range m.Remove {
		delete(s.members, user)
	}
	maps.Copy(s.members, m.Members)
	if m.Access != "" {
		s.public = m.Access == "public"
	}
	if m.Owner == "" || m.Owner == s.owner {
		return true
	}
	if s.members[m.Owner] == "" {
		return false
	}
	delete(s.members, m.Owner)
	s.members[s.owner] = "write"
	s.owner = m.Owner
	return true
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
	if shown := got.text(); shown != want.body && !want.unknown {
		v.add(RuleHistory, "a note is shown with another text than was sent",
			append(evidence, fmt.Sprintf("shown: %q, %.200q", shown.title, shown.content), fmt.Sprintf("sent:  %q, %.200q", want.title, want.content))...)
	}
	access := map[bool]string{false: "private", true: "public"}[want.public]
	if got.Version != version || got.UserID != want.owner || got.Deleted != want.deleted || !maps.Equal(got.Roles, want.members) || got.Access != access || got.expires() != want.expires {
		v.add(RuleHistory, "a note is shown with another version, owner, members, access, time or place",
			append(evidence, fmt.Sprintf("shown: version %d of %s, deleted %v, %v, %s, expires %d", got.Version, got.UserID, got.Deleted, got.Roles, got.Access, got.expires()),
				fmt.Sprintf("sent:  version %d of %s, deleted %v, %v, %s, expires %d", version, want.owner, want.deleted, want.members, access, want.expires))...)
	}
}

func (n *Shown) text() body {
	t := body{content: n.Content}
	if n.Title != nil {
		t.title = *n.Title
	}
	return t
}

func (n *Shown) expires() int64 {
	if n.ExpiresAt == nil {
		return 0
	}
	return *n.ExpiresAt
}
