package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	answer, err := w.callers.at(server, w.account).Mutate(ctx, m.Op, m.subject(), m.Body)
	if refusal, ok := errors.AsType[*goclient.Refusal](err); ok && !noOutcome(refusal.Code) {
		a.Outcome, a.Code, a.Answer = Refused, refusal.Code, string(refusal.Body)
		w.learn(refusal.Current)
	}
	if err == nil {
		a.Outcome, a.Version, a.Cursor, a.Answer = Acknowledged, answer.Version, answer.Cursor, string(answer.Body)
		a.Merged, a.Conflict = answer.Merged, (*Conflict)(answer.Conflict)
		w.done(m, &a, answer.Body)
	}
	a.Ended = time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	m.Attempts = append(m.Attempts, a)
}

// noOutcome reports whether a refusal says nothing of what becomes of the mutation.
func noOutcome(code string) bool { return code == "unavailable" || code == "rate_limited" }

// subject is the id in the route.
func (m *Mutation) subject() string {
	switch {
	case m.Op == "create" || m.Op == "folder_create":
		return "" // it is in the body
	case m.ofFolder():
		return m.Folder
	}
	return m.Note
}

// done takes in what an acknowledged mutation has done.
func (w *writer) done(m *Mutation, a *Attempt, note []byte) {
	switch m.Op {
	case "folder_create", "folder_update", "folder_delete":
		w.world.folder(m.Author, m.Folder, m.Op != "folder_delete")
		return
	case "leave":
		w.world.forget(m.Note, m.Author, a.Version)
	case "purge":
		w.world.purge(m.Note)
	}
	w.learn(note)
	if a.Conflict != nil && a.Conflict.Kept != "" {
		w.world.keeps(m.Note, a.Version)
	}
}

// learn takes in a note from an answer, if there is one.
func (w *writer) learn(data []byte) {
	var n Shown
	if json.Unmarshal(data, &n) == nil && n.UserID != "" {
		w.world.learn(&n)
	}
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
		w.seen = append(w.seen, Sighting{Account: w.account, Note: n.ID, Version: n.Version, Where: "a list"})
	}
}

func (w *writer) look(ctx context.Context) {
	b, ok := w.world.pick(w.rand.Int(), anyNote)
	if !ok {
		return
	}
	path, s := "/api/notes/"+b.id, Sighting{Account: w.account, Where: "a read"}
	if len(b.kept) > 0 && w.rand.IntN(2) == 0 {
		path += fmt.Sprintf("/versions/%d/kept", b.kept[w.rand.IntN(len(b.kept))])
		s.Where, s.Kept = "what a conflict kept", true
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	status, answer, err := w.callers.at(w.server(), w.account).Do(ctx, http.MethodGet, path, nil)
	var n struct {
		Shown
		Note *Shown // of a kept side
	}
	if err != nil || status != http.StatusOK || json.Unmarshal(answer, &n) != nil {
		return
	}
	if s.Note, s.Version = n.ID, n.Version; s.Kept {
		s.Note = b.id
	}
	w.seen = append(w.seen, s)
}
