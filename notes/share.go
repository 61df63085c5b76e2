package notes

import (
	"fmt"
	"slices"
)

// Share says who sees the note: public or private, members added or with another role,
// members removed.
type Share struct {
	Access  Opt[Access] `json:"access,omitzero"`
	Members []Member    `json:"members,omitempty"` // added, or given this role
	Remove  []UserID    `json:"remove,omitempty"`
}

func (Share) Name() string { return "share" }

func (s Share) check(l *Limits) error {
	if !s.Access.Set && len(s.Members) == 0 && len(s.Remove) == 0 {
		return Refuse(Invalid, "give access, members or remove")
	}
	if s.Access.Set && s.Access.Value != Private && s.Access.Value != Public {
		return Refuse(Invalid, `access must be "private" or "public"`)
	}
	if n := len(s.Members) + len(s.Remove); n > MembersAtOnce {
		return Refuse(LimitExceeded, countMessage("members in one request", n, MembersAtOnce))
	}
	seen := map[UserID]bool{}
	for _, m := range s.Members {
		if m.Role != Reader && m.Role != Writer {
			return Refuse(Invalid, `a member's role must be "read" or "write"`)
		}
		if err := checkMember(m.User, seen); err != nil {
			return err
		}
	}
	for _, user := range s.Remove {
		if err := checkMember(user, seen); err != nil {
			return err
		}
	}
	return nil
}

func checkMember(user UserID, seen map[UserID]bool) error {
	if !ValidID(string(user)) {
		return Refuse(Invalid, "a user id must be 1 to 64 of A-Z a-z 0-9 _ -")
	}
	if seen[user] {
		return Refuse(Invalid, fmt.Sprintf("user %s is named twice", user))
	}
	seen[user] = true
	return nil
}

func (s Share) decide(d *decision) error {
	if err := d.may(ActShare); err != nil {
		return err
	}
	next := *d.note
	if s.Access.Set {
		next.Access = s.Access.Value
	}
	next.Members = slices.Clone(next.Members)
	for _, user := range s.Remove {
		next.removeMember(user)
	}
	for _, m := range s.Members {
		if m.User == next.Owner {
			return Refuse(Invalid, "the owner is not a member")
		}
		next.setMember(m)
	}
	if n := len(next.Members); n > d.limits.Members {
		return Refuse(LimitExceeded, countMessage("members", n, d.limits.Members))
	}
	return d.write(change{note: &next, changed: []string{"access", "collaborators", "roles"}})
}

// Leave ends the author's own membership.
type Leave struct{}

func (Leave) Name() string { return "leave" }

func (Leave) check(*Limits) error { return nil }

func (Leave) decide(d *decision) error {
	if err := d.may(ActLeave); err != nil {
		return err
	}
	next := *d.note
	next.Members = slices.Clone(next.Members)
	next.removeMember(d.Author)
	return d.write(change{note: &next, changed: []string{"collaborators", "roles"}})
}

func (n *Note) setMember(m Member) {
	i, ok := n.member(m.User)
	if ok {
		n.Members[i] = m
		return
	}
	n.Members = slices.Insert(n.Members, i, m)
}

func (n *Note) removeMember(user UserID) {
	if i, ok := n.member(user); ok {
		n.Members = slices.Delete(n.Members, i, i+1)
	}
}

func countMessage(what string, n, limit int) string {
	return fmt.Sprintf("%d %s; the limit is %d", n, what, limit)
}
