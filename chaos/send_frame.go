package chaos

import (
	"context"
	"maps"
	"time"
)

// deliverFrame sends an edit as a frame over one of the account's WebSockets. It reports
// whether that settled it: if not, the same mutation goes by POST.
func (w *writer) deliverFrame(ctx context.Context, m *Mutation) bool {
	if len(w.sockets) == 0 {
		return false
	}
	w.askFrames(ctx, m)
	return len(m.Attempts) > 0 && m.Attempts[len(m.Attempts)-1].Outcome != Unknown
}

// askFrames sends edits as frames, without a pause in between, over one of the account's
// WebSockets, and then waits for the answers.
func (w *writer) askFrames(ctx context.Context, all ...*Mutation) {
	var ups []upFrame
	for _, m := range all {
		up := upFrame{"type": "note_update", "noteId": m.Note}
		maps.Copy(up, m.Body)
		ups = append(ups, up)
	}
	sent := time.Now()
	answers, server := w.sockets[w.rand.IntN(len(w.sockets))].ask(ctx, ups)
	for i, answer := range answers {
		a := Attempt{Sent: sent, Ended: time.Now(), Server: server}
		if answer != nil {
			a.Ended = answer.at
			w.answered(all[i], &a, answer)
		}
		w.mu.Lock()
		all[i].Attempts = append(all[i].Attempts, a)
		w.mu.Unlock()
	}
}

// answered takes in a frame that says what became of an edit.
func (w *writer) answered(m *Mutation, a *Attempt, answer *frame) {
	switch {
	case answer.Type == "error" && !noOutcome(answer.Code):
		a.Outcome, a.Code = Refused, answer.Code
	case answer.confirms():
		a.Outcome, a.Version, a.Cursor = Acknowledged, answer.Version, answer.Cursor
		a.Merged, a.Conflict = answer.Merged, answer.Conflict
		if answer.UpdatedNote != nil {
			w.world.learn(answer.UpdatedNote)
		}
		w.done(m, a, nil)
	}
}
