package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// writer sends the mutations of one of an account's devices, one after the other, some of them
// twice.
type writer struct {
	name    string // of the device
	account string
	passer  bool     // nobody's member: it only tries
	others  []string // with whom it shares
	rand    *rand.Rand
	world   *world
	callers *callers
	sockets []*follower // of this account, by WebSocket: some edits go up as frames

	mu   sync.Mutex
	sent []*Mutation
	seen []Sighting
}

const (
	ownNotes  = 10 // that an account makes at most
	ownFolder = 12 // and folders
)

// run writes until ctx ends. What is under way then is followed up until patience ends.
func (w *writer) run(ctx, patience context.Context) {
	for ctx.Err() == nil {
		w.step(patience)
		pause(ctx, rand64(w.rand, 50*time.Millisecond))
	}
}

func (w *writer) step(ctx context.Context) {
	switch p := w.rand.IntN(100); {
	case w.passer:
		w.pass(ctx)
	case p < 4:
		w.list(ctx)
	case p < 8:
		w.look(ctx)
	case p < 13:
		w.again(ctx)
	case p < 21:
		w.deliverChain(ctx, w.chain())
	default:
		if m := w.next(); m != nil {
			w.deliver(ctx, m)
		}
	}
}

// can says which notes a writer would do what to.
type can struct{ own, write, see, leave func(*believed) bool }

func (w *writer) can() can {
	large := w.rand.IntN(5) == 0 // a commit of the large note is dozens of rows: now and then is enough
	brief := w.rand.IntN(3) == 0 // one that expires soon refuses all edits
	c := can{
		own: func(b *believed) bool { return b.owner == w.account && (large || b.id != crowdNote) },
		see: func(b *believed) bool { return b.role(w.account) != "" },
	}
	c.write = func(b *believed) bool {
		return (brief || !b.expires) && (c.own(b) || b.role(w.account) == "write" && (large || b.id != crowdNote))
	}
	c.leave = func(b *believed) bool { return c.see(b) && b.owner != w.account }
	if w.rand.IntN(12) == 0 { // let somebody try who may not
		c.own, c.write, c.see = anyNote, anyNote, anyNote
	}
	return c
}

// next thinks of a mutation; nil if there is nothing to do it to.
func (w *writer) next() *Mutation {
	p, choice, c := w.rand.IntN(100), w.rand.Int(), w.can()
	if b, ok := w.world.pick(choice, func(b *believed) bool { return c.own(b) && b.deleted }); ok && p%3 == 0 {
		if w.rand.IntN(5) < 2 && b.passing() {
			return w.mutation("purge", b.id, nil)
		}
		return w.mutation("restore", b.id, nil)
	}
	of := func(fits func(*believed) bool, do func(*believed) *Mutation) *Mutation {
		if b, ok := w.world.pick(choice, fits); ok {
			return do(&b)
		}
		return nil
	}
	switch {
	case p < 8:
		return w.another(p)
	case p < 18:
		return of(c.write, func(b *believed) *Mutation { return w.edit(b.id, w.pen().text()) })
	case p < 30:
		return of(c.write, w.strict)
	case p < 50:
		return of(c.write, w.based)
	case p < 55:
		return of(c.write, func(b *believed) *Mutation { return w.revert(b.id, 1+w.rand.Int64N(b.version), false) })
	case p < 60:
		return of(func(b *believed) bool { return c.write(b) && len(b.kept) > 0 }, func(b *believed) *Mutation {
			return w.revert(b.id, b.kept[w.rand.IntN(len(b.kept))], w.rand.IntN(8) > 0)
		})
	case p < 67:
		return of(c.see, func(b *believed) *Mutation { return w.organise(b.id) })
	case p < 73:
		return w.folder()
	case p < 79:
		return of(c.own, func(b *believed) *Mutation { return w.share(b.id, w.others[w.rand.IntN(len(w.others))]) })
	case p < 83:
		return of(c.own, w.unshare)
	case p < 86:
		return of(c.own, w.transfer)
	case p < 89:
		return of(c.own, w.publish)
	case p < 92:
		return of(c.leave, func(b *believed) *Mutation { return w.mutation("leave", b.id, nil) })
	}
	return of(func(b *believed) bool { return c.own(b) && !b.deleted }, func(b *believed) *Mutation { return w.mutation("trash", b.id, nil) })
}

func anyNote(*believed) bool { return true }

// another is one more note, while the account has few; now and then under an id that is taken.
func (w *writer) another(p int) *Mutation {
	if p == 7 {
		if b, ok := w.world.pick(30*w.rand.IntN(1000), func(b *believed) bool { return b.purged }); ok {
			return w.create(b.id, 0)
		}
	}
	if w.world.made(w.account) >= ownNotes {
		return nil
	}
	if p < 2 {
		return w.create(fmt.Sprintf("%s-x%d", w.name, len(w.sent)), time.Second+rand64(w.rand, 8*time.Second))
	}
	return w.create(fmt.Sprintf("%s-n%d", w.name, len(w.sent)), 0)
}

// passing reports whether a run can do without the note: no follower of notes is on it.
func (b *believed) passing() bool {
	return b.id != commonNote && b.id != crowdNote && !strings.HasSuffix(b.id, "-first") && !strings.HasSuffix(b.id, "-public")
}

func (w *writer) mutation(op, note string, body map[string]any) *Mutation {
	if body == nil {
		body = map[string]any{}
	}
	m := &Mutation{Author: w.account, ID: fmt.Sprintf("%s-%s-%d", w.name, op, len(w.sent)), Op: op, Note: note, Body: body}
	body["mutationId"] = m.ID
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, m)
	return m
}

// pen writes for the next mutation.
func (w *writer) pen() *pen {
	return &pen{rand: w.rand, mark: fmt.Sprintf("%s_%d", w.name, len(w.sent))}
}

func (w *writer) create(note string, lives time.Duration) *Mutation {
	text := w.pen().text()
	body := map[string]any{"id": note, "content": text}
	if lives > 0 {
		body["expiresInHours"] = lives.Hours()
	}
	m := w.mutation("create", note, body)
	m.Text, m.Lives = text, lives
	return m
}

func (w *writer) revert(note string, version int64, kept bool) *Mutation {
	body := map[string]any{"version": version}
	if kept {
		body["kept"] = true
	}
	m := w.mutation("revert", note, body)
	m.From, m.Kept = version, kept
	return m
}

func (w *writer) organise(note string) *Mutation {
	tag := fmt.Sprintf("tag%d", len(w.sent))
	fields := map[string]any{"tags": []string{tag}}
	folders, folder := w.world.foldersOf(w.account), ""
	if len(folders) > 0 && w.rand.IntN(2) == 0 {
		folder = folders[w.rand.IntN(len(folders))]
		fields["folderId"] = folder
	}
	m := w.mutation("organise", note, map[string]any{"fields": fields})
	m.Text, m.Folder = tag, folder
	return m
}
