package notes

import (
	"fmt"
	"slices"

	"notewire/notes/merge"
)

// An edit of a version that is no longer the head is merged with what came since, field by
// field against what the author had before him: the side that changed wins. Where both changed,
// texts and blobs are merged inside; of other fields the later, the author's, wins. What both
// changed at one place is a conflict: it is reported, and what the head does not show of it is
// kept beside the version. Ciphertext only its readers can merge.

// ciphertext are the fields that only make sense together.
var ciphertext = []string{"encryptedTitle", "encryptedContent", "iv", "salt"}

// merge makes c the merge of the edit of base with the head.
func (e Edit) merge(d *decision, c *change, base *Body) error {
	head := &d.note.Body
	posted, _ := e.Changes.BodyPatch.apply(*base)
	mine, theirs := differing(base, &posted), differing(base, head)
	merged := *head
	for _, name := range mine {
		if !slices.Contains(theirs, name) {
			merged.take(name, &posted)
			continue
		}
		c.join(name, head, &merged, base, &posted)
	}
	if touches(mine) && touches(theirs) && !sameCiphertext(&posted, head) {
		refusal := d.withCurrent(Conflict, "The ciphertext changed after it was read: merge it with current, and send it on that").(*Error)
		note := *d.note
		note.Body = *base
		refusal.Base = d.view(&note)
		return refusal
	}
	if err := d.limits.checkMerged(&merged); err != nil {
		return err
	}
	c.note.Body, c.changed, c.merged = merged, differing(head, &merged), true
	if len(differing(&posted, &merged)) > 0 {
		c.posted = &posted
	}
	return nil
}

// join merges a field that both have changed.
func (c *change) join(name string, head, merged, base, posted *Body) {
	conflict := false
	switch name {
	case "content":
		merged.Content, conflict = merge.Text(base.Content, head.Content, posted.Content)
	case "blob":
		var paths []string
		merged.Blob, paths = merge.JSON(base.Blob, head.Blob, posted.Blob)
		if string(merged.Blob) == "null" {
			merged.Blob = nil
		}
		conflict = len(paths) > 0
	case "title", "type":
		merged.take(name, posted)
		conflict = slices.Contains(differing(head, posted), name)
	}
	if conflict {
		c.conflicts = append(c.conflicts, name)
	}
}

func touches(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(ciphertext, name) })
}

func sameCiphertext(a, b *Body) bool { return !touches(differing(a, b)) }

// take copies one field, by its JSON name.
func (b *Body) take(name string, from *Body) {
	switch name {
	case "title":
		b.Title = from.Title
	case "content":
		b.Content = from.Content
	case "blob":
		b.Blob = from.Blob
	case "encryptedTitle":
		b.EncryptedTitle = from.EncryptedTitle
	case "encryptedContent":
		b.EncryptedContent = from.EncryptedContent
	case "iv":
		b.IV = from.IV
	case "salt":
		b.Salt = from.Salt
	case "type":
		b.Type = from.Type
	}
}

// checkMerged refuses a merge that is larger than either side may be.
func (l *Limits) checkMerged(b *Body) error {
	for _, t := range []struct {
		name string
		size int
	}{{"content", len(b.Content)}, {"blob", len(b.Blob)}} {
		if t.size > l.TextBytes {
			return Refuse(TooLarge, fmt.Sprintf("merged with what others wrote, %s is %d bytes; the limit is %d", t.name, t.size, l.TextBytes))
		}
	}
	return nil
}
