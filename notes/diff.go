package notes

import (
	"slices"
	"strings"

	"notewire/notes/merge"
)

// Diff is what changed between two versions of a note.
type Diff struct {
	From, To int64
	Fields   []FieldDiff // of those that have one value
	Content  []Hunk      // empty: it is the same
	Blob     []ValueDiff
	Members  *MembersDiff // nil: not the reader's to see
}

// FieldDiff is a field that changed, by its JSON name. Before and After are nil where one of them
// is longer than a diff shows.
type FieldDiff struct {
	Name          string
	Before, After any // a *string, string, bool, Access or UserID
}

// Hunk is a part of two texts: in both, in the first or in the second, in this order.
type Hunk struct {
	Op    string // OpEqual, OpDelete, OpInsert or OpSkip
	Text  string // of OpSkip none
	Lines int    // of OpSkip: how many lines are left out; the last of a text may have no end
}

const (
	OpEqual  = "equal"
	OpDelete = "delete"
	OpInsert = "insert"
	OpSkip   = "skip" // a part that is equal, and not shown
)

// MembersDiff is who came, went, or got another role.
type MembersDiff struct {
	Added, Removed []Member
	Changed        []RoleDiff
}

// RoleDiff is a member's other role.
type RoleDiff struct {
	User          UserID
	Before, After Role
}

// longestShown is how many bytes of a field a diff shows, before and after each.
const longestShown = 1 << 10

// DiffNotes returns what changed from one version of a note to another. context is how many lines
// of equal text are shown around changes; negative: all. Its time is bounded by the bounds of
// merge.Diff, and else grows as the notes do.
func DiffNotes(before, after *Note, context int) *Diff {
	d := &Diff{From: before.Version, To: after.Version}
	for _, name := range differing(&before.Body, &after.Body) {
		switch name {
		case "content":
			d.Content = shorten(hunksOf(before.Content, after.Content), context)
		case "blob":
			d.Blob = diffJSON(before.Blob, after.Blob)
		default:
			d.add(name, before.Body.value(name), after.Body.value(name))
		}
	}
	d.add("access", before.Access, after.Access)
	d.add("deleted", before.Deleted, after.Deleted)
	d.add("userId", before.Owner, after.Owner)
	d.Members = diffMembers(before, after)
	return d
}

// add adds a field that is not the same. Strings of a body come as they are compared: differing
// has seen that they are not.
func (d *Diff) add(name string, before, after any) {
	if before == after {
		return
	}
	f := FieldDiff{Name: name}
	if len(shownText(before)) <= longestShown && len(shownText(after)) <= longestShown {
		f.Before, f.After = before, after
	}
	d.Fields = append(d.Fields, f)
}

func shownText(value any) string {
	s, _ := value.(*string)
	return deref(s)
}

// value returns a field that has one value, by its JSON name.
func (b *Body) value(name string) any {
	switch name {
	case "title":
		return b.Title
	case "encryptedTitle":
		return b.EncryptedTitle
	case "encryptedContent":
		return b.EncryptedContent
	case "iv":
		return b.IV
	case "salt":
		return b.Salt
	}
	return b.Type
}

func hunksOf(before, after string) []Hunk {
	parts := merge.Diff(before, after)
	hunks := make([]Hunk, len(parts))
	for i, part := range parts {
		hunks[i] = Hunk{Op: string(part.Op), Text: part.Text}
	}
	return hunks
}

// shorten leaves out the middle of what is equal, but for some lines next to each change, and the
// rest of a line that changed.
func shorten(hunks []Hunk, context int) []Hunk {
	if context < 0 {
		return hunks
	}
	var short []Hunk
	for i, h := range hunks {
		if h.Op != OpEqual {
			short = append(short, h)
			continue
		}
		head, tail := 0, len(h.Text)
		if i > 0 {
			head = behindLine(h.Text, context+partOfLine(hunks[:i]))
		}
		if i < len(hunks)-1 {
			tail = beforeLine(h.Text, context+1)
		}
		if head >= tail {
			short = append(short, h)
			continue
		}
		for _, part := range []Hunk{{OpEqual, h.Text[:head], 0}, {OpSkip, "", linesIn(h.Text[head:tail])}, {OpEqual, h.Text[tail:], 0}} {
			if part.Text != "" || part.Op == OpSkip {
				short = append(short, part)
			}
		}
	}
	return short
}

func linesIn(s string) int {
	lines := strings.Count(s, "\n")
	if !strings.HasSuffix(s, "\n") {
		lines++
	}
	return lines
}

// partOfLine is 1 if what precedes an equal part does not end a line on both sides.
func partOfLine(before []Hunk) int {
	for _, h := range slices.Backward(before) {
		if h.Op == OpEqual {
			break
		}
		if !strings.HasSuffix(h.Text, "\n") {
			return 1
		}
	}
	return 0
}

// behindLine returns the place behind the n-th line end, or the end.
func behindLine(s string, n int) (at int) {
	for ; n > 0; n-- {
		i := strings.IndexByte(s[at:], '\n')
		if i < 0 {
			return len(s)
		}
		at += i + 1
	}
	return at
}

// beforeLine returns the place behind the n-th line end from the end, or the beginning.
func beforeLine(s string, n int) int {
	at := len(s) + 1
	for ; n > 0; n-- {
		if at = strings.LastIndexByte(s[:at-1], '\n') + 1; at == 0 {
			return 0
		}
	}
	return at
}

func diffMembers(before, after *Note) *MembersDiff {
	d := &MembersDiff{}
	for _, m := range before.Members {
		switch role := after.memberRole(m.User); role {
		case m.Role:
		case Stranger:
			d.Removed = append(d.Removed, m)
		default:
			d.Changed = append(d.Changed, RoleDiff{m.User, m.Role, role})
		}
	}
	for _, m := range after.Members {
		if before.memberRole(m.User) == Stranger {
			d.Added = append(d.Added, m)
		}
	}
	return d
}

// memberRole is user's role as a member; the owner has none.
func (n *Note) memberRole(user UserID) Role {
	if i, ok := n.member(user); ok {
		return n.Members[i].Role
	}
	return Stranger
}
