package bolt

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

// table is the state inside one bbolt transaction.
type table struct {
	items, index *bbolt.Bucket
	changed      bool
}

// judge evaluates all conditions and reads what apply needs, so that nothing is left
// that could fail halfway through a transaction.
func (t *table) judge(r *request) error {
	var clash *dynamo.Clash
	for i := range r.writes {
		w := &r.writes[i]
		raw := t.items.Get(w.key)
		holds, err := w.holds(raw)
		if err == nil && w.kind != check && raw != nil {
			_, w.oldPlace, err = storedHead(raw)
		}
		if err != nil {
			return fmt.Errorf("transact: item %q: %w", w.key, err)
		}
		if !holds {
			if clash == nil {
				clash = &dynamo.Clash{Failed: make([]bool, len(r.writes)), Found: make([]*dynamo.Item, len(r.writes))}
			}
			clash.Failed[i] = true
			if w.show != nil && raw != nil {
				if clash.Found[i], err = decodeItem(*w.show, raw); err != nil {
					return fmt.Errorf("transact: %w", err)
				}
			}
		}
	}
	if clash != nil {
		return clash
	}
	return nil
}

func (t *table) apply(r *request) error {
	for i := range r.writes {
		w := &r.writes[i]
		if w.kind == check {
			continue
		}
		t.changed = true
		if err := t.move(w); err != nil {
			return err
		}
		if w.kind == remove {
			if err := t.items.Delete(w.key); err != nil {
				return err
			}
		} else if err := t.items.Put(w.key, w.value); err != nil {
			return err
		}
	}
	return nil
}

// move takes the item from its old place in the index to its new one.
func (t *table) move(w *write) error {
	if bytes.Equal(w.oldPlace, w.place) {
		return nil
	}
	if len(w.oldPlace) > 0 {
		if err := t.index.Delete(joinEntry(w.oldPlace, w.key)); err != nil {
			return err
		}
	}
	if len(w.place) > 0 {
		return t.index.Put(joinEntry(w.place, w.key), nil)
	}
	return nil
}
