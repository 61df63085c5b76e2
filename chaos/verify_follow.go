package chaos

import "fmt"

// numbered checks that a follower saw start+1..end, once each.
func (v *verifier) numbered(s *Seen, end int64, must bool) bool {
	next := s.Start + 1
	for _, e := range s.Events {
		if e.Seq != next {
			last := "nothing"
			if next > s.Start+1 {
				last = s.Events[next-s.Start-2].Data
			}
			v.add(RuleGap, fmt.Sprintf("%s was shown event %d where %d must be: %s", s.Name, e.Seq, next, gapOrDuplicate(e.Seq, next)), last, e.Data)
			return false
		}
		next++
	}
	switch {
	case next-1 > end:
		last := fmt.Sprintf("it began after event %d", s.Start)
		if n := len(s.Events); n > 0 {
			last = s.Events[n-1].Data
		}
		v.add(RuleGap, fmt.Sprintf("%s is at event %d of a log that ends at %d: a gap", s.Name, next-1, end), last)
		return false
	case next-1 < end && must:
		v.late(RuleArrives, fmt.Sprintf("%s is at event %d, and the log has %d", s.Name, next-1, end))
	}
	return true
}

// accountFollower compares what a follower of an account saw with the account's log.
func (v *verifier) accountFollower(s *Seen) {
	account := v.Accounts[s.Account]
	if account == nil || !v.numbered(s, int64(len(account.Log)), true) {
		return
	}
	for _, e := range s.Events {
		if final := account.Log[e.Seq-1]; final.Data != e.Data {
			v.sameEvent(s, e, final.Data)
		}
	}
}

// sameEvent checks an event that is not the same, to the byte, as in the log at the end: it
// may be the sender's confirmation, and one of them may read as a note out of sight, if access
// was lost since.
func (v *verifier) sameEvent(s *Seen, e Event, final string) {
	a, b := v.frames.of(e.Data), v.frames.of(final)
	same := a.NoteID == b.NoteID && a.FolderID == b.FolderID && a.Version == b.Version && a.MutationID == b.MutationID && a.Cursor == b.Cursor
	lost := same && (a.hides() || b.hides()) && v.losesAccess(a.NoteID, s.Account, a.Version)
	if !lost && !(same && a.confirms() && s.Transport == "websocket") {
		v.add(RuleBytes, fmt.Sprintf("%s was shown another event than the log has at the end", s.Name), e.Data, final)
		return
	}
	if b.hides() && !a.hides() && !a.confirms() { // then other connections must have shown the same
		at := event{s.Account, e.Seq}
		if before, ok := v.live[at]; ok && before != e.Data {
			v.add(RuleBytes, fmt.Sprintf("%s was shown another event than another connection of the account", s.Name), e.Data, before)
		}
		v.live[at] = e.Data
	}
	if a.confirms() && !a.hides() {
		v.confirmed(s, a, b, e.Data)
	}
	if shown := a.shown(); shown != nil && a.Version >= 1 && a.Version < int64(len(v.states[a.NoteID])) {
		now := v.states[a.NoteID][a.Version]
		if now.role(s.Account) == "" {
			v.add(RuleAudience, fmt.Sprintf("%s was shown %s at version %d, at which he was no member", s.Name, a.NoteID, a.Version), e.Data)
		}
		v.shows(now, shown, a.Version, e.Data)
	}
}

// confirmed checks what a confirmation says besides the note: of a merge as the history, of a folder
// as the event.
func (v *verifier) confirmed(s *Seen, a, b *frame, data string) {
	if b.FolderID != "" {
		if a.Folder != nil && !sameFolder(a.Folder, b.folder()) {
			v.add(RuleFolders, s.Name+" was shown another folder than the log has", data)
		}
		return
	}
	if h := v.Notes[a.NoteID]; h != nil && a.Version >= 1 && a.Version <= int64(len(h.Versions)) && a.shown() != nil {
		v.eventMerge(a, &h.Versions[a.Version-1], data)
	}
}

// noteReplay checks a note's own log, as a member sees it at the end, against its history.
func (v *verifier) noteReplay(note string, h *History) {
	states := v.states[note]
	if h.Replay == nil {
		return
	}
	if len(h.Replay) != len(states)-1 {
		v.add(RuleGap, fmt.Sprintf("the stream of %s has %d events, and its history %d versions", note, len(h.Replay), len(states)-1))
		return
	}
	for i, e := range h.Replay {
		f, version := v.frames.of(e.Data), &h.Versions[i]
		want := "update"
		switch {
		case version.Op == "create", version.Op == "revert":
			want = version.Op
		case states[i+1].deleted && !states[i].deleted:
			want = "delete"
		}
		if e.Seq != int64(i)+1 || f.Version != e.Seq || f.Type != want || f.MutationID != version.MutationID || f.FromUserID != version.Author {
			v.add(RuleHistory, fmt.Sprintf("the stream of %s says something else of version %d than the history", note, i+1), e.Data, version.describe(note))
			return
		}
		if want != "delete" {
			f.NoteID = note
			v.eventMerge(f, version, e.Data)
		}
		v.shows(states[i+1], f.shown(), e.Seq, e.Data)
	}
}

// noteFollower compares what a follower of a note saw with the note's log, and whether it was
// his to see: at that version, or later, when he came from before it.
func (v *verifier) noteFollower(s *Seen) {
	h, states := v.Notes[s.Note], v.states[s.Note]
	if h == nil || len(states) < 2 {
		return
	}
	head := states[len(states)-1]
	if !v.numbered(s, int64(len(states)-1), head.role(s.Account) != "" && !head.purged) {
		return
	}
	for _, e := range s.Events {
		if states[e.Seq].role(s.Account) == "" && !v.joinsAfter(s.Note, s.Account, e.Seq) {
			v.add(RuleAudience, fmt.Sprintf("%s was shown version %d, at which he was no member, nor since", s.Name, e.Seq), e.Data)
		}
		if h.Replay != nil && e.Data != h.Replay[e.Seq-1].Data {
			v.add(RuleBytes, fmt.Sprintf("%s was shown another event than the note's stream has at the end", s.Name), e.Data, h.Replay[e.Seq-1].Data)
		}
	}
}

// joinsAfter reports whether the account is a member of the note at some version after that.
func (v *verifier) joinsAfter(note, user string, after int64) bool {
	for _, s := range v.states[note][after+1:] {
		if s.role(user) != "" {
			return true
		}
	}
	return false
}
