package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// sent is one mutation as its sender remembers it: enough to send it again, and to know
// its effect when he sees it.
type sent struct {
	deed
	op, note   string
	path, body string
	text       string            // what the note says, or for organise how its author tags it
	from       int64             // revert: the version whose text comes back
	members    map[string]string // share: their roles

	outcome outcome
	answer  []byte // acknowledged: the whole answer, and what it says
	version int64
	cursor  string
}

type outcome int

const (
	unknown      outcome = iota // no answer came: it may have been committed
	acknowledged                // committed, durably
	refused                     // not committed, ever
)

// writer is a user who changes notes of his own, and those shared with everybody, one
// mutation after the other, and remembers each.
type writer struct {
	user    string
	friend  string // with whom he shares notes of his own
	rand    *rand.Rand
	own     []string         // notes that only he changes
	shared  []string         // notes that all writers change
	seen    map[string]int64 // the versions of notes as far as he knows
	sent    []*sent          // only the last may be in flight
	checked int              // of sent, found in the program after a crash
}

// work sends mutations until the connection breaks. An error is an answer that must not be.
func (w *writer) work(c caller) error {
	for {
		m := w.next()
		if err := w.send(c, m); err != nil || m.outcome == unknown {
			return err
		}
	}
}

// next thinks of a mutation.
func (w *writer) next() *sent {
	if len(w.own) == 0 || w.rand.IntN(50) == 0 {
		w.own = append(w.own, fmt.Sprintf("%s-note%d", w.user, len(w.own)))
		return w.create(w.own[len(w.own)-1])
	}
	own := w.own[w.rand.IntN(len(w.own))]
	common := w.shared[w.rand.IntN(len(w.shared))]
	switch p := w.rand.IntN(100); {
	case p < 35:
		return w.edit(own, 0)
	case p < 50:
		return w.edit(common, 0)
	case p < 65:
		return w.edit(own, w.seen[own])
	case p < 70:
		return w.edit(common, w.seen[common]) // refused if another writer was faster
	case p < 80:
		return w.revert(own)
	case p < 85:
		return w.share(own, []string{"read", "write"}[w.rand.IntN(2)], w.friend)
	case p < 95:
		return w.organise(own)
	}
	return w.organise(common)
}

func (w *writer) mutation(op, note, path string, body map[string]any) *sent {
	id := fmt.Sprintf("%s-%s-%06d", w.user, op, len(w.sent))
	body["mutationId"] = id
	data, err := json.Marshal(body)
	if err != nil {
		panic(err) // plain values
	}
	m := &sent{deed: deed{w.user, id}, op: op, note: note, path: path, body: string(data)}
	w.sent = append(w.sent, m)
	return m
}

// words is text that no other mutation writes, now short, now longer than a page of the file.
func (w *writer) words() string {
	return fmt.Sprintf("%s writes %d ", w.user, len(w.sent)) + strings.Repeat("words ", w.rand.IntN(1+w.rand.IntN(800)))
}

func (w *writer) create(note string) *sent {
	text := w.words()
	m := w.mutation("create", note, "/api/notes", map[string]any{"id": note, "content": text})
	m.text = text
	return m
}

func (w *writer) edit(note string, expected int64) *sent {
	text := w.words()
	body := map[string]any{"changes": map[string]any{"content": text}}
	if expected > 0 {
		body["expectedVersion"] = expected
	}
	m := w.mutation("edit", note, "/api/notes/"+note, body)
	m.text = text
	return m
}

func (w *writer) revert(note string) *sent {
	version := 1 + w.rand.Int64N(w.seen[note])
	m := w.mutation("revert", note, "/api/notes/"+note+"/revert", map[string]any{"version": version})
	m.from = version
	return m
}

func (w *writer) share(note, role string, users ...string) *sent {
	var members []map[string]string
	roles := map[string]string{}
	for _, user := range users {
		roles[user] = role
		members = append(members, map[string]string{"userId": user, "role": role})
	}
	m := w.mutation("share", note, "/api/notes/"+note+"/share", map[string]any{"members": members})
	m.members = roles
	return m
}

func (w *writer) organise(note string) *sent {
	tag := fmt.Sprintf("tag%d", len(w.sent))
	m := w.mutation("organise", note, "/api/notes/"+note+"/organise", map[string]any{"fields": map[string]any{"tags": []string{tag}}})
	m.text = tag
	return m
}

// send sends a mutation, for the first time or again, and remembers the answer. That none
// came is no error.
func (w *writer) send(c caller, m *sent) error {
	r, err := c.do("POST", m.path, m.body)
	if err != nil {
		return nil
	}
	if r.Status == http.StatusConflict && strings.Contains(m.body, "expectedVersion") {
		return w.refusal(m, r)
	}
	if r.Status/100 != 2 {
		return fmt.Errorf("%s %s: %d %.300s", m.path, m.body, r.Status, r.Body)
	}
	var answer struct {
		ID, Cursor, MutationID string
		Version                int64
	}
	if err := json.Unmarshal(r.Body, &answer); err != nil || answer.ID != m.note || answer.MutationID != m.mutation {
		return fmt.Errorf("%s %s is answered by %.300s", m.path, m.body, r.Body)
	}
	if m.outcome == acknowledged && string(r.Body) != string(m.answer) {
		return fmt.Errorf("%s %s was answered by\n%s\nand is now by\n%s", m.path, m.body, m.answer, r.Body)
	}
	m.outcome, m.answer, m.version, m.cursor = acknowledged, r.Body, answer.Version, answer.Cursor
	w.seen[m.note] = max(w.seen[m.note], m.version)
	return nil
}

func (w *writer) refusal(m *sent, r reply) error {
	var answer struct {
		Error struct {
			Code    string
			Current shownNote
		}
	}
	err := json.Unmarshal(r.Body, &answer)
	if err != nil || answer.Error.Code != "version_mismatch" || m.outcome == acknowledged || slices.Contains(w.own, m.note) {
		return fmt.Errorf("%s %s is refused by %.300s", m.path, m.body, r.Body)
	}
	m.outcome = refused
	w.seen[m.note] = max(w.seen[m.note], answer.Error.Current.Version)
	return nil
}
