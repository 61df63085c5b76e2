package chaos

import "slices"

// What answers, events and histories say of a merge, which must be one.

func sameMerge(merged bool, c *Conflict, version *Version) bool {
	if merged != version.Merged || (c == nil) != (version.Conflict == nil) {
		return false
	}
	return c == nil || c.Kept == version.Conflict.Kept && slices.Equal(c.Fields, version.Conflict.Fields)
}

// answersMerge checks the answers to a mutation.
func (v *verifier) answersMerge(m *Mutation, version *Version) {
	if version == nil {
		version = &Version{} // it made none, and so merged nothing
	}
	if version.Pieced {
		return
	}
	for i := range m.Attempts {
		if a := &m.Attempts[i]; a.Outcome == Acknowledged && !sameMerge(a.Merged, a.Conflict, version) {
			v.add(RuleMerge, "an answer says something else of a merge than the history", m.describe(), version.describe(m.Note))
		}
	}
}

// eventMerge checks an event, or a confirmation.
func (v *verifier) eventMerge(f *frame, version *Version, evidence string) {
	if version.Pieced {
		return
	}
	if version.Author != f.FromUserID && !f.confirms() || version.MutationID != f.MutationID {
		version = &Version{} // an event of somebody's own fields
	}
	if !sameMerge(f.Merged, f.Conflict, version) {
		v.add(RuleMerge, "an event says something else of a merge than the history", evidence, version.describe(f.NoteID))
	}
}

// version returns what a mutation made, or nil.
func (v *verifier) version(m *Mutation) *Version {
	made, ok := v.made[deed{m.Author, m.ID}]
	if !ok {
		return nil
	}
	return &v.Notes[made.note].Versions[made.version-1]
}
