package bolt

import (
	"errors"
	"fmt"

	"notewire/dynamo"
)

// write is an Op as the writer wants it: checked and encoded, in the caller's goroutine.
type write struct {
	kind  writeKind
	key   []byte
	place []byte // in the index; empty: not in it
	value []byte // with put
	cond  dynamo.Cond
	show  *dynamo.Key // of the item that a clash shows; nil: it need not

	oldPlace []byte // the writer's: that of the item to be replaced
}

type writeKind int8

const (
	check writeKind = iota
	put
	remove
)

func newRequest(ops []dynamo.Op) (*request, error) {
	r := &request{writes: make([]write, len(ops)), done: make(chan error, 1)}
	seen := make(map[dynamo.Key]bool, len(ops))
	for i := range ops {
		w, err := newWrite(&ops[i])
		if err != nil {
			return nil, fmt.Errorf("op %d: %w", i, err)
		}
		key := ops[i].Key()
		if seen[key] {
			return nil, fmt.Errorf("op %d: a second op on %s", i, describe(key))
		}
		seen[key] = true
		r.writes[i] = w
		r.bytes += len(w.key) + len(w.place) + len(w.value)
	}
	return r, nil
}

func newWrite(op *dynamo.Op) (w write, err error) {
	if n := count(op.Put != nil, op.Delete != nil, op.Check != nil); n != 1 {
		return w, fmt.Errorf("%d of put, delete and check are set, want 1", n)
	}
	key := op.Key()
	if err := checkKey(key); err != nil {
		return w, err
	}
	w = write{key: joinKey(key), cond: op.If}
	switch {
	case op.Put != nil:
		w.kind = put
		w.place, w.value, err = encodeItem(op.Put)
	case op.Delete != nil:
		w.kind = remove
	}
	if op.Show {
		w.show = &key
	}
	if err == nil && (op.If.Kind < dynamo.Always || op.If.Kind > dynamo.Equal) {
		err = errors.New("unknown condition")
	}
	return w, err
}

func count(flags ...bool) (n int) {
	for _, set := range flags {
		if set {
			n++
		}
	}
	return n
}

// holds evaluates the condition on the stored item, of which it decodes only what the
// condition is about.
func (w *write) holds(raw []byte) (bool, error) {
	if w.cond.Kind == dynamo.Always {
		return true, nil
	}
	if raw == nil {
		return w.cond.Holds(nil), nil
	}
	item, err := decodePart(raw, w.cond)
	if err != nil {
		return false, err
	}
	return w.cond.Holds(item), nil
}
