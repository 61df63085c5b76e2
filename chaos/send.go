package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"notewire/client/goclient"
)

// answerWithin is how long a writer waits for one answer: it may have gone to a frozen server.
const answerWithin = 3 * time.Second

// deliver sends a mutation until it is acknowledged or refused, to another server after each
// unknown outcome; now and then to two at once.
func (w *writer) deliver(ctx context.Context, m *Mutation) {
	if m.Op == "edit" && w.rand.IntN(4) == 0 && w.deliverFrame(ctx, m) {
		return
	}
	rarely := 10
	if m.Op == "create" || m.Expected != 0 { // what is there when the second comes could refuse it
		rarely = 4
	}
	for ctx.Err() == nil {
		at := []int{w.server()}
		if w.rand.IntN(rarely) == 0 {
			at = append(at, w.server())
		}
		var sending sync.WaitGroup
		for i, server := range at {
			apart := time.Duration(i) * rand64(w.rand, 15*time.Millisecond) // about the time of a commit
			sending.Go(func() {
				pause(ctx, apart)
				w.attempt(ctx, m, server)
			})
		}
		sending.Wait()
		if w.settled(m, len(at)) {
			return
		}
		pause(ctx, 30*time.Millisecond+rand64(w.rand, 250*time.Millisecond))
	}
}

func (w *writer) server() int { return w.rand.IntN(len(w.callers.servers)) }

// settled reports whether one of the last attempts has told what became of the mutation.
func (w *writer) settled(m *Mutation, last int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range m.Attempts[len(m.Attempts)-last:] {
		if a.Outcome != Unknown {
			return true
		}
	}
	return false
}

// again sends an acknowledged mutation once more.
func (w *writer) again(ctx context.Context) {
	if len(w.sent) == 0 {
		return
	}
	if m := w.sent[w.rand.IntN(len(w.sent))]; m.ack() != nil {
		w.attempt(ctx, m, w.server())
	}
}

// attempt sends a mutation once, by POST.
func (w *writer) attempt(ctx context.Context, m *Mutation, server int) {
	a := Attempt{Sent: time.Now(), Server: server}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	note := m.Note
	if m.Op == "create" {
		note = ""
	}
	answer, err := w.callers.at(server, w.account).Mutate(ctx, m.Op, note, m.Body)
	if refusal, ok := errors.AsType[*goclient.Refusal](err); ok && refusal.Code != "unavailable" {
		a.Outcome, a.Code, a.Answer = Refused, refusal.Code, string(refusal.Body)
		w.learn(refusal.Current)
	}
	if err == nil {
		a.Outcome, a.Version, a.Cursor, a.Answer = Acknowledged, answer.Version, answer.Cursor, string(answer.Body)
		w.learn(answer.Body)
		if m.Op == "leave" {
			w.world.forget(m.Note, m.Author, answer.Version)
		}
	}
	a.Ended = time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	m.Attempts = append(m.Attempts, a)
}

// learn takes in a note from an answer, if there is one.
func (w *writer) learn(data []byte) {
	var n Shown
	if json.Unmarshal(data, &n) == nil && n.UserID != "" {
		w.world.learn(&n)
	}
}

// deliverFrame sends an edit as a frame over one of the account's WebSockets. It reports
// whether that settled it: if not, the same mutation goes by POST.
func (w *writer) deliverFrame(ctx context.Context, m *Mutation) bool {
	if len(w.sockets) == 0 {
		return false
	}
	up := map[string]any{"type": "note_update", "noteId": m.Note}
	for name, value := range m.Body {
		up[name] = value
	}
	a := Attempt{Sent: time.Now()}
	answer, server, ok := w.sockets[w.rand.IntN(len(w.sockets))].ask(ctx, m.ID, up)
	a.Ended, a.Server = time.Now(), server
	switch {
	case !ok:
		if server < 0 {
			return false // nothing was sent
		}
	case answer.Type == "error" && answer.Code != "unavailable":
		a.Outcome, a.Code = Refused, answer.Code
	case answer.confirms():
		a.Outcome, a.Version, a.Cursor = Acknowledged, answer.Version, answer.Cursor
		if answer.UpdatedNote != nil {
			w.world.learn(answer.UpdatedNote)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	m.Attempts = append(m.Attempts, a)
	return a.Outcome != Unknown
}

// list asks for the account's list, and look for a note that may be somebody else's: what
// they show is checked at the end.
func (w *writer) list(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	page, err := w.callers.at(w.server(), w.account).Notes(ctx, goclient.ListQuery{Limit: 20})
	if err != nil {
		return
	}
	for _, n := range page.Notes {
		w.seen = append(w.seen, Sighting{w.account, n.ID, n.Version, "a list"})
	}
}

func (w *writer) look(ctx context.Context) {
	b, ok := w.world.pick(w.rand.Int(), anyNote)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	status, answer, err := w.callers.at(w.server(), w.account).Do(ctx, http.MethodGet, "/api/notes/"+b.id, nil)
	var n Shown
	if err == nil && status == http.StatusOK && json.Unmarshal(answer, &n) == nil {
		w.seen = append(w.seen, Sighting{w.account, n.ID, n.Version, "a read"})
	}
}
