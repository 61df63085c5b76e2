package feed

import (
	"context"
	"time"

	"notewire/notes"
)

// behind reads the log again for paused notes that are to be tried, up to the feed's cursor, which
// stands meanwhile: there a note's changes go on with all others.
type behind struct {
	*turn
	due map[notes.NoteID]*Paused
}

// catchUp delivers one page of what paused notes lack, and returns whether any is to be tried.
func (t *turn) catchUp(ctx context.Context) (bool, error) {
	r := behind{t, t.row.due(notes.MillisOf(time.Now()))}
	if len(r.due) == 0 {
		return false, nil
	}
	first := t.row.Seq + 1
	for _, p := range r.due {
		first = min(first, p.From)
	}
	if first <= t.row.Seq {
		changes, err := t.Log.AccountLog(ctx, t.row.User, first-1, pageRows)
		if err != nil {
			return false, err
		}
		if len(changes) == 0 || changes[0].Seq != first {
			return true, t.resync(ctx, "expired")
		}
		if err := t.deliver(ctx, changes[:min(int64(len(changes)), t.row.Seq-first+1)], r); err != nil {
			return true, err
		}
	}
	r.letGo()
	return true, nil
}

func (r behind) wants(c *notes.Change) bool {
	p := r.due[c.Note]
	return p != nil && c.Seq >= p.From
}

func (r behind) delivered(c *notes.Change) {
	p := r.due[c.Note]
	p.From, p.Tries = c.Seq+1, 0
}

func (r behind) refused(c *notes.Change, why error) bool {
	p := r.due[c.Note]
	p.From = c.Seq
	r.refuse(p, why)
	delete(r.due, c.Note)
	return true
}

// passed spares the notes that are still due what has been read.
func (r behind) passed(seq int64) {
	for _, p := range r.due {
		p.From = max(p.From, seq+1)
	}
}

// letGo ends the pause of notes that have caught up.
func (r behind) letGo() {
	r.mu.Lock()
	defer r.mu.Unlock()
	still := r.row.Paused[:0]
	for _, p := range r.row.Paused {
		if r.due[p.Note] == nil || p.From <= r.row.Seq {
			still = append(still, p)
		}
	}
	r.row.Paused = still
}
