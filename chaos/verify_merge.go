package chaos

import (
	"fmt"
	"slices"
)

// An edit of an old version: what it must leave, without computing it. Every word of a run is
// written once, so whose it is, and whether somebody took it out, can be told from the three texts
// that were merged: the base, what was posted, and the head as it was committed.

// merge completes the state that an edit with a base has made.
func (v *verifier) merge(note string, states []*state, next *state, m *Mutation, version *Version) {
	head := states[len(states)-1].body
	base, there := v.base(m, states)
	if !there {
		v.add(RuleMerge, "an edit of what was not there", m.describe(), version.describe(note))
		return
	}
	next.posted = base.changed(m)
	c := merging{verifier: v, base: base, posted: next.posted, head: head, m: m, version: version, note: note}
	switch {
	case base.unknown || head.unknown:
		if next.body = (body{unknown: true}); version.Shown != nil {
			next.body = version.Shown.text()
		}
	case head == base: // so a client alone has no conflict with itself
		if next.body = next.posted; version.Merged || version.Conflict != nil {
			c.wrong("an edit that met nothing says that it was merged")
		}
	case version.Shown == nil:
		next.body = body{unknown: true}
	default:
		next.body = version.Shown.text()
		c.result = next.body
		c.check()
	}
}

// base is what an edit says that it was made of, and whether that was there.
func (v *verifier) base(m *Mutation, states []*state) (base body, there bool) {
	if m.BaseID == "" {
		if m.Base < 1 || m.Base >= int64(len(states)) {
			return body{}, false
		}
		return states[m.Base].body, true
	}
	before := v.sent[deed{m.Author, m.BaseID}]
	if before == nil || before.Note != m.Note {
		return body{}, false
	}
	if made, ok := v.made[deed{m.Author, m.BaseID}]; ok {
		if made.version >= int64(len(states)) {
			return body{}, false
		}
		return states[made.version].posted, true
	}
	if !before.based() || before.ack() == nil && before.first(Unknown) == nil {
		return body{}, false
	}
	base, there = v.base(before, states) // it found its effect already there
	return base.changed(before), there
}

// merging is one merge.
type merging struct {
	*verifier
	base, posted, head, result body

	m       *Mutation
	version *Version
	note    string
}

func (c *merging) wrong(what string) {
	c.add(RuleMerge, what, c.m.describe(), c.version.describe(c.note),
		fmt.Sprintf("base:   %q %.1500q", c.base.title, c.base.content), fmt.Sprintf("posted: %q %.1500q", c.posted.title, c.posted.content),
		fmt.Sprintf("head:   %q %.1500q", c.head.title, c.head.content), fmt.Sprintf("result: %q %.1500q", c.result.title, c.result.content))
}

// conflict reports whether the version names a conflict in a field. Of a note that is gone nobody
// may be left who knows.
func (c *merging) conflict(field string) bool {
	return c.version.Pieced || c.version.Conflict != nil && slices.Contains(c.version.Conflict.Fields, field)
}

func (c *merging) check() {
	if !c.version.Pieced {
		c.flags()
	}
	title := c.head.title
	if c.posted.title != c.base.title {
		title = c.posted.title
	}
	if c.result.title != title {
		c.wrong("a merge has another title than either side would have")
	}
	mine, theirs := c.posted.content != c.base.content, c.head.content != c.base.content
	switch {
	case !mine && c.result.content != c.head.content:
		c.wrong("an edit of the title alone changes the text")
	case mine && !theirs && c.result.content != c.posted.content:
		c.wrong("an edit that met no other of the text leaves another than was posted")
	case mine && theirs:
		c.words()
		c.lines()
	}
}

// flags checks what the version says of the merge.
func (c *merging) flags() {
	if !c.version.Merged {
		c.wrong("an edit was merged, and does not say so")
	}
	both := func(base, posted, head string) bool { return posted != base && head != base && posted != head }
	title, content := both(c.base.title, c.posted.title, c.head.title), both(c.base.content, c.posted.content, c.head.content)
	if title != c.conflict("title") {
		c.wrong("the titles of both sides, and whether they are a conflict")
	}
	if c.conflict("content") && !content {
		c.wrong("a conflict in a text that one side did not change")
	}
	conflict := c.version.Conflict
	if conflict == nil {
		return
	}
	if len(conflict.Fields) == 0 || slices.ContainsFunc(conflict.Fields, func(name string) bool { return name != "title" && name != "content" }) {
		c.wrong("a conflict in nothing, or in what nobody has changed")
	}
	switch shownAll := c.result == c.posted; {
	case shownAll != (conflict.Kept == ""):
		c.wrong("a conflict keeps what is shown, or does not keep what is not")
	case !shownAll && c.version.Kept == nil:
		c.wrong("what a conflict kept is not there")
	case !shownAll && c.version.Kept.text() != c.posted:
		c.wrong(fmt.Sprintf("a conflict kept something else than was posted: %.1500q", c.version.Kept.Content))
	}
}
