package chaos

import (
	"context"
	"time"
)

// pass is what somebody does who is a member of nothing: he looks, and tries everything.
func (w *writer) pass(ctx context.Context) {
	pause(ctx, rand64(w.rand, 400*time.Millisecond))
	if w.rand.IntN(2) == 0 {
		w.look(ctx)
		return
	}
	note := publicNote
	b, ok := w.world.pick(w.rand.Int(), anyNote)
	if ok && w.rand.IntN(3) == 0 {
		note = b.id
	}
	if m := w.intrude(note, &b); m != nil {
		w.deliver(ctx, m)
	}
}

func (w *writer) intrude(note string, b *believed) *Mutation {
	switch w.rand.IntN(9) {
	case 0:
		return w.mutation("trash", note, nil)
	case 1:
		return w.mutation("leave", note, nil)
	case 2:
		return w.mutation("purge", note, nil)
	case 3:
		return w.share(note, w.account)
	case 4:
		return w.revert(note, 1, false)
	case 5:
		return w.organise(note)
	case 6:
		return w.based(b)
	case 7:
		return w.create(note, 0)
	}
	return w.edit(note, w.pen().text())
}
