package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// writer sends the mutations of one account, one after the other, some of them twice.
type writer struct {
	account string
	others  []string // with whom it shares
	rand    *rand.Rand
	world   *world
	callers *callers
	sockets []*follower // of this account, by WebSocket: some edits go up as frames

	mu   sync.Mutex
	sent []*Mutation
	seen []Sighting
}

// ownNotes is how many notes an account makes at most.
const ownNotes = 10

// run writes until ctx ends. What is under way then is followed up until patience ends.
func (w *writer) run(ctx, patience context.Context) {
	for ctx.Err() == nil {
		w.step(patience)
		pause(ctx, rand64(w.rand, 50*time.Millisecond))
	}
}

func (w *writer) step(ctx context.Context) {
	switch p := w.rand.IntN(100); {
	case p < 4:
		w.list(ctx)
	case p < 8:
		w.look(ctx)
	case p < 13:
		w.again(ctx)
	default:
		if m := w.next(); m != nil {
			w.deliver(ctx, m)
		}
	}
}

// next thinks of a mutation; nil if there is nothing to do it to.
func (w *writer) next() *Mutation {
	p, choice := w.rand.IntN(100), w.rand.Int()
	large := w.rand.IntN(5) == 0 // a commit of the large note is dozens of rows: now and then is enough
	mine := func(b *believed) bool { return b.owner == w.account && (large || b.id != crowdNote) }
	writable := func(b *believed) bool { return mine(b) || b.role(w.account) == "write" && (large || b.id != crowdNote) }
	visible := func(b *believed) bool { return b.role(w.account) != "" }
	guest := func(b *believed) bool { return visible(b) && !mine(b) }
	if w.rand.IntN(12) == 0 { // let somebody try who may not
		mine, writable, visible = anyNote, anyNote, anyNote
	}
	if b, ok := w.world.pick(choice, func(b *believed) bool { return mine(b) && b.deleted }); ok && p%3 == 0 {
		return w.mutation("restore", b.id, nil)
	}
	if p < 6 && w.world.made(w.account) < ownNotes {
		return w.create(fmt.Sprintf("%s-n%d", w.account, len(w.sent)))
	}
	of := func(fits func(*believed) bool, do func(*believed) *Mutation) *Mutation {
		if b, ok := w.world.pick(choice, fits); ok {
			return do(&b)
		}
		return nil
	}
	switch {
	case p < 42:
		return of(writable, func(b *believed) *Mutation { return w.edit(b.id, 0) })
	case p < 62:
		return of(writable, func(b *believed) *Mutation { return w.edit(b.id, b.version) })
	case p < 69:
		return of(writable, func(b *believed) *Mutation { return w.revert(b.id, 1+w.rand.Int64N(b.version)) })
	case p < 79:
		return of(visible, func(b *believed) *Mutation { return w.organise(b.id) })
	case p < 87:
		return of(mine, func(b *believed) *Mutation { return w.share(b.id, w.others[w.rand.IntN(len(w.others))]) })
	case p < 92:
		return of(mine, w.unshare)
	case p < 95:
		return of(guest, func(b *believed) *Mutation { return w.mutation("leave", b.id, nil) })
	}
	return of(mine, func(b *believed) *Mutation { return w.mutation("trash", b.id, nil) })
}

func anyNote(*believed) bool { return true }

func (w *writer) mutation(op, note string, body map[string]any) *Mutation {
	if body == nil {
		body = map[string]any{}
	}
	m := &Mutation{Author: w.account, ID: fmt.Sprintf("%s-%s-%d", w.account, op, len(w.sent)), Op: op, Note: note, Body: body}
	body["mutationId"] = m.ID
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, m)
	return m
}

// words is text that no other mutation writes: mostly a line, now and then pages.
func (w *writer) words() string {
	n := w.rand.IntN(30)
	switch w.rand.IntN(40) {
	case 0:
		n = 2000
	case 1:
		n = 300
	}
	return fmt.Sprintf("%s writes %d ", w.account, len(w.sent)) + strings.Repeat("words ", n)
}

func (w *writer) create(note string) *Mutation {
	text := w.words()
	m := w.mutation("create", note, map[string]any{"id": note, "content": text})
	m.Text = text
	return m
}

func (w *writer) edit(note string, expected int64) *Mutation {
	text := w.words()
	changes := map[string]any{"content": text}
	body := map[string]any{"changes": changes}
	if expected > 0 {
		body["expectedVersion"] = expected
	}
	m := w.mutation("edit", note, body)
	m.Text, m.Expected = text, expected
	if w.rand.IntN(4) == 0 {
		m.Title = "title " + m.ID
		changes["title"] = m.Title
	}
	return m
}

func (w *writer) revert(note string, version int64) *Mutation {
	m := w.mutation("revert", note, map[string]any{"version": version})
	m.From = version
	return m
}

func (w *writer) organise(note string) *Mutation {
	tag := fmt.Sprintf("tag%d", len(w.sent))
	m := w.mutation("organise", note, map[string]any{"fields": map[string]any{"tags": []string{tag}}})
	m.Text = tag
	return m
}

func (w *writer) share(note string, users ...string) *Mutation {
	var members []map[string]string
	roles := map[string]string{}
	for _, user := range users {
		roles[user] = []string{"read", "write", "write"}[w.rand.IntN(3)]
		members = append(members, map[string]string{"userId": user, "role": roles[user]})
	}
	m := w.mutation("share", note, map[string]any{"members": members})
	m.Members = roles
	return m
}

// unshare removes one or two members; with nobody to remove it adds somebody.
func (w *writer) unshare(b *believed) *Mutation {
	members := sorted(b.members)
	if len(members) == 0 || b.owner != w.account {
		return w.share(b.id, w.others[w.rand.IntN(len(w.others))])
	}
	w.rand.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	members = members[:1+w.rand.IntN(min(2, len(members)))]
	m := w.mutation("share", b.id, map[string]any{"remove": members})
	m.Remove = members
	return m
}
