package chaos

import "fmt"

// passer checks what a follower of a public note saw who is no member: versions that were public,
// as they were, and nobody's name.
func (v *verifier) passer(s *Seen) {
	h, states := v.Notes[s.Note], v.states[s.Note]
	if h == nil {
		return
	}
	last := int64(0)
	for _, e := range s.Events {
		f := v.frames.of(e.Data)
		if e.Seq <= last || e.Seq >= int64(len(states)) {
			v.add(RuleGap, fmt.Sprintf("%s was shown version %d of %d after %d", s.Name, e.Seq, len(states)-1, last), e.Data)
			return
		}
		last = e.Seq
		now, shown := states[e.Seq], f.shown()
		if f.Type == "delete" {
			if !now.deleted {
				v.add(RuleHistory, s.Name+" is told that a note is gone that is not", e.Data)
			}
			continue
		}
		if shown == nil || !now.public || now.deleted {
			v.add(RuleAudience, fmt.Sprintf("%s was shown version %d, which was not public", s.Name, e.Seq), e.Data)
			continue
		}
		if len(shown.Collaborators) > 0 || len(shown.Roles) > 0 || f.FromUserID != "" || f.MutationID != "" || f.Conflict != nil && f.Conflict.Kept != "" {
			v.add(RuleAudience, s.Name+" was shown who the members are, or what only they may read", e.Data)
		}
		version := &h.Versions[e.Seq-1]
		told := f.Type == "initial" || f.Merged == version.Merged || version.Pieced // what is there at first has no word of how it came about
		if shown.text() != now.body && !now.unknown || shown.Version != e.Seq || !told {
			v.add(RuleHistory, s.Name+" was shown something else than the history has", e.Data, version.describe(s.Note))
		}
	}
}
