package notestest

import (
	"notewire/notes"
	"notewire/notes/merge"
)

// edit is the part of the world that knows bases.
func (w *world) edit(n *worldNote, user notes.UserID, m notes.Mutation, op notes.Edit) notes.Code {
	c, next := op.Changes, n.next()
	var asks []string
	if c.Deleted.Set && c.Deleted.Value != next.deleted {
		next.deleted = c.Deleted.Value
		asks = append(asks, map[bool]string{true: "trash", false: "restore"}[next.deleted])
	}
	body := c.Title.Set || c.Content.Set
	if body {
		asks = append(asks, "edit")
	}
	version := len(asks) > 0
	if c.Starred.Set || !version {
		asks = append(asks, "organise")
	}
	if code := n.refusal(user, asks...); code != "" {
		return code
	}
	if !version && !c.Starred.Set && !c.Deleted.Set {
		return notes.Invalid
	}
	base, code := w.base(n, user, m, op)
	switch {
	case code != "":
		return code
	case body && base != nil && !base.same(next.worldBody):
		posted := base.patched(c.BodyPatch)
		version = next.merge(*base, posted) || next.deleted != n.head().deleted
	case body:
		next.worldBody = next.patched(c.BodyPatch)
	}
	if !version {
		w.star(n, user, m, c.FieldsPatch)
		return ""
	}
	if c.Starred.Set {
		n.stars[user] = c.Starred.Value
	}
	w.write(n, user, m, next, n.roles)
	return ""
}

// base is what the author had before him, or nil; or why it cannot be found.
func (w *world) base(n *worldNote, user notes.UserID, m notes.Mutation, op notes.Edit) (*worldBody, notes.Code) {
	head := notes.Seen(len(n.versions))
	switch {
	case op.ExpectedVersion != 0 && op.ExpectedVersion != head:
		return nil, notes.VersionMismatch
	case op.BaseVersion > head:
		return nil, notes.Invalid
	case op.BaseVersion != 0:
		return &n.versions[op.BaseVersion-1].worldBody, ""
	case op.BaseMutation != "":
		done, known := w.mutations[worldMutation{user, op.BaseMutation}]
		if !known || done.note != m.Note {
			return nil, notes.BaseGone
		}
		v := &n.versions[done.version-1]
		if v.mutation == op.BaseMutation && v.author == user && v.posted != nil {
			return v.posted, ""
		}
		return &v.worldBody, ""
	}
	return nil, ""
}

func (b worldBody) same(c worldBody) bool { return sameTitle(b, c) && b.text == c.text }

func sameTitle(a, b worldBody) bool {
	if a.title == nil || b.title == nil {
		return a.title == b.title
	}
	return *a.title == *b.title
}

func (b worldBody) patched(p notes.BodyPatch) worldBody {
	if p.Title.Set {
		b.title = p.Title.Value
	}
	if p.Content.Set {
		b.text = p.Content.Value
	}
	return b
}

// merge makes v, which has the head's body, the merge of what was posted on base with it. It
// returns false if there is nothing to write.
func (v *worldVersion) merge(base, posted worldBody) bool {
	head := v.worldBody
	if !sameTitle(base, posted) {
		v.title = posted.title
		if !sameTitle(base, head) && !sameTitle(head, posted) {
			v.conflicts = append(v.conflicts, "title")
		}
	}
	if base.text != posted.text {
		switch conflict := false; {
		case base.text == head.text:
			v.text = posted.text
		default:
			if v.text, conflict = merge.Text(base.text, head.text, posted.text); conflict {
				v.conflicts = append(v.conflicts, "content")
			}
		}
	}
	v.merged = true
	if !posted.same(v.worldBody) {
		v.posted = &posted
	}
	return v.posted != nil || !v.same(head)
}
