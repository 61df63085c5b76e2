package main

import (
	"slices"
	"testing"
)

// ledger holds what the program shows against what was sent to it.
type ledger struct {
	t    *testing.T
	sent map[deed]*sent
	seen *archive
}

func newLedger(t *testing.T, writers []*writer, seen *archive) *ledger {
	l := &ledger{t: t, sent: map[deed]*sent{}, seen: seen}
	for _, w := range writers {
		for _, m := range w.sent {
			l.sent[m.deed] = m
		}
	}
	return l
}

// effect is the mutation of which something is seen.
func (l *ledger) effect(d deed, note, op string) *sent {
	l.t.Helper()
	m := l.sent[d]
	if m == nil || m.outcome == refused || m.note != note || op != "" && m.op != op {
		l.t.Fatalf("%v has changed %s (%s), but what was sent is %+v", d, note, op, m)
	}
	return m
}

// checkLogs checks that each of these events tells of a mutation that was sent, as its
// version is in the history.
func (l *ledger) checkLogs(fresh *archive) {
	l.t.Helper()
	for user, events := range fresh.logs {
		for _, e := range events {
			m := l.effect(e.deed(), e.NoteID, "")
			history := l.seen.histories[e.NoteID]
			if e.Version < 1 || e.Version > int64(len(history)) {
				l.t.Fatalf("%s's log tells of a version that does not exist: %s", user, e.bytes)
			}
			v, shown := history[e.Version-1], e.note()
			if shown == nil || shown.Version != e.Version || shown.Content != v.Note.Content {
				l.t.Errorf("%s's log has not the note as of version %d: %s", user, e.Version, e.bytes)
			}
			if m.op != "organise" && v.deed() != m.deed {
				l.t.Errorf("version %d of %s is of %v, but %s's log says: %s", e.Version, e.NoteID, v.deed(), user, e.bytes)
			}
			if m.op == "organise" && (user != m.author || !slices.Equal(shown.Tags, []string{m.text})) {
				l.t.Errorf("%s's log does not have tag %q of %v: %s", user, m.text, m.deed, e.bytes)
			}
		}
	}
}

// checkHistories checks that each of these versions is what a mutation that was sent must
// make, and that it is in the log of everybody who may see it.
func (l *ledger) checkHistories(fresh *archive) {
	l.t.Helper()
	for note, versions := range fresh.histories {
		for _, v := range versions {
			m := l.effect(v.deed(), note, v.Op)
			text := m.text
			switch m.op {
			case "revert":
				text = l.seen.histories[note][m.from-1].Note.Content
			case "share":
				text = l.seen.histories[note][v.Version-2].Note.Content
			}
			if v.Note.Content != text || v.RevertedFrom != m.from {
				l.t.Errorf("version %d of %s is %+v, but what was sent is %+v", v.Version, note, v, m)
			}
			for _, user := range append(v.Note.Collaborators, v.Note.UserID) {
				if l.seen.inLog[user][m.deed] == 0 {
					l.t.Errorf("version %d of %s is missing in %s's log", v.Version, note, user)
				}
			}
		}
	}
}

// checkAcknowledged checks that what was acknowledged is there, where its answer said.
func (l *ledger) checkAcknowledged(sent []*sent) {
	l.t.Helper()
	for _, m := range sent {
		if m.outcome != acknowledged {
			continue
		}
		seq := l.seen.inLog[m.author][m.deed]
		if seq == 0 && l.sharedAlready(m) {
			continue
		}
		if seq == 0 {
			l.t.Errorf("acknowledged and lost: %+v", m)
			continue
		}
		if e := l.seen.logs[m.author][seq-1]; e.Cursor != m.cursor || e.Version != m.version {
			l.t.Errorf("acknowledged:\n%+v\nbut the log says\n%s", m, e.bytes)
		}
		if v, ok := l.seen.inHistory[m.deed]; m.op != "organise" && (!ok || v.Version != m.version) {
			l.t.Errorf("acknowledged:\n%+v\nbut the history has\n%+v", m, v)
		}
	}
}

// sharedAlready reports whether a share asked for what the version that its answer named has
// already: it is acknowledged, and makes no version.
func (l *ledger) sharedAlready(m *sent) bool {
	history := l.seen.histories[m.note]
	if m.op != "share" || m.version < 1 || m.version > int64(len(history)) {
		return false
	}
	for user, role := range m.members {
		if history[m.version-1].Note.Roles[user] != role {
			return false
		}
	}
	return true
}
