package notes

import (
	"fmt"
	"slices"
)

// Share says who sees the note: public or private, members added or with another role,
// members removed, another owner.
type Share struct {
	Access  Opt[Access] `json:"access,omitzero"`
	Members []Member    `json:"members,omitempty"` // added, or given this role
	Remove  []UserID    `json:"remove,omitempty"`
	// Owner is the new owner: a member, or one of Members. The old owner stays as a writer.
	Owner UserID `json:"owner,omitempty"`
}

func (Share) Name() string { return "share" }

func (s Share) check(l *Limits) error {
	if !s.Access.Set && len(s.Members) == 0 && len(s.Remove) == 0 && s.Owner == "" {
		return Refuse(Invalid, "give access, members, remove or owner")
	}
	if s.Owner != "" && !ValidID(string(s.Owner)) {
		return Refuse(Invalid, "a user id must be 1 to 64 of A-Z a-z 0-9 _ -")
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
	if err := s.transfer(&next); err != nil {
		return err
	}
	if n := len(next.Members); n > d.limits.Members {
		return Refuse(LimitExceeded, countMessage("members", n, d.limits.Members))
	}
	changed := sharedDifferently(d.note, &next)
	if len(changed) == 0 {
		return nil // it is as asked for already: acknowledged
	}
	return d.write(change{note: &next, changed: changed})
}

// transfer makes a member the owner, and the owner a writer.
func (s Share) transfer(next *Note) error {
	if s.Owner == "" || s.Owner == next.Owner {
		return nil
	}
	if _, ok := next.member(s.Owner); !ok {
		return Refuse(Invalid, "the new owner must be a member of the note")
	}
	next.removeMember(s.Owner)
	next.setMember(Member{User: next.Owner, Role: Writer})
	next.Owner = s.Owner
	return nil
}

// sharedDifferently lists the JSON names of what differs in who sees a note.
func sharedDifferently(before, after *Note) []string {
	var names []string
	if before.Access != after.Access {
		names = append(names, "access")
	}
	same := func(a, b Member) bool { return a.User == b.User }
	if !slices.EqualFunc(before.Members, after.Members, same) {
		names = append(names, "collaborators")
	}
	if !slices.Equal(before.Members, after.Members) {
		names = append(names, "roles")
	}
	if before.Owner != after.Owner {
		names = append(names, "userId")
	}
	return names
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
