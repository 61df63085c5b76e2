package chaos

import "slices"

// edit sends a text; what there was is not looked at.
func (w *writer) edit(note, text string) *Mutation {
	changes := map[string]any{"content": text}
	m := w.mutation("edit", note, map[string]any{"changes": changes})
	m.Text = text
	if w.rand.IntN(4) == 0 {
		m.Title = "title " + m.ID
		changes["title"] = m.Title
	}
	return m
}

// strict edits what is believed to be the newest version, and nothing else.
func (w *writer) strict(b *believed) *Mutation {
	m := w.edit(b.id, w.pen().revise(b.texts[b.version]))
	m.Expected, m.Body["expectedVersion"] = b.version, b.version
	return m
}

// based edits a version that was seen, half of the time an old one.
func (w *writer) based(b *believed) *Mutation {
	version := b.version
	if versions := sortedInts(b.texts); len(versions) > 0 && w.rand.IntN(2) == 0 {
		version = versions[w.rand.IntN(len(versions))]
	}
	text, ok := b.texts[version]
	if !ok {
		return nil // nobody was shown it
	}
	m := w.edit(b.id, w.pen().revise(text))
	m.Base, m.Body["baseVersion"] = version, version
	return m
}

// after edits what the writer's own mutation had posted.
func (w *writer) after(base *Mutation) *Mutation {
	m := w.edit(base.Note, w.pen().revise(base.Text))
	m.BaseID, m.Body["baseMutationId"] = base.ID, base.ID
	return m
}

// chain is a few edits of one note, made while nothing was answered. It goes on from the
// writer's last edit of the note, or from a version.
func (w *writer) chain() []*Mutation {
	b, ok := w.world.pick(w.rand.Int(), w.can().write)
	if !ok {
		return nil
	}
	var chain []*Mutation
	if last := w.last(b.id); last != nil && w.rand.IntN(2) == 0 {
		chain = append(chain, w.after(last))
	} else if first := w.based(&b); first != nil {
		chain = append(chain, first)
	} else {
		return nil
	}
	for range 1 + w.rand.IntN(4) {
		chain = append(chain, w.after(chain[len(chain)-1]))
	}
	return chain
}

// last is the writer's last edit of a note that was acknowledged.
func (w *writer) last(note string) *Mutation {
	for _, m := range slices.Backward(w.sent) {
		if m.Note == note && m.Op == "edit" && m.ack() != nil {
			return m
		}
	}
	return nil
}

func sortedInts[V any](m map[int64]V) []int64 {
	var keys []int64
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
