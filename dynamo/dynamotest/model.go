package dynamotest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"notewire/dynamo"
)

// model is an engine that is too simple to be wrong: a map. Others are compared with it.
type model struct {
	mu    sync.Mutex
	items map[dynamo.Key]*dynamo.Item
}

func newModel() *model { return &model{items: map[dynamo.Key]*dynamo.Item{}} }

func (m *model) Get(ctx context.Context, keys ...dynamo.Key) ([]*dynamo.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	items := make([]*dynamo.Item, len(keys))
	for i, key := range keys {
		items[i] = clone(m.items[key])
	}
	return items, ctx.Err()
}

func (m *model) Transact(ctx context.Context, ops []dynamo.Op) error {
	if err := errors.Join(ctx.Err(), legal(ops)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	clash := &dynamo.Clash{Failed: make([]bool, len(ops)), Found: make([]*dynamo.Item, len(ops))}
	for i, op := range ops {
		item := m.items[op.Key()]
		if clash.Failed[i] = !op.If.Holds(item); clash.Failed[i] && op.Show {
			clash.Found[i] = clone(item)
		}
	}
	if slices.Contains(clash.Failed, true) {
		return clash
	}
	for _, op := range ops {
		switch {
		case op.Put != nil:
			m.items[op.Put.Key] = clone(op.Put)
		case op.Delete != nil:
			delete(m.items, *op.Delete)
		}
	}
	return nil
}

func legal(ops []dynamo.Op) error {
	seen := map[dynamo.Key]bool{}
	for _, op := range ops {
		if seen[op.Key()] {
			return errors.New("two ops on one key")
		}
		seen[op.Key()] = true
		if op.Put == nil {
			continue
		}
		for _, v := range op.Put.Attrs {
			switch v.(type) {
			case nil, string, int64, bool, []byte, []string:
			default:
				return errors.New("an attribute of another type")
			}
		}
	}
	return nil
}

func (m *model) Query(ctx context.Context, q dynamo.Query) (page dynamo.Page, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	size := 0
	for _, item := range m.sorted(q) {
		if len(page.Items) == q.Limit || q.Bytes > 0 && size >= q.Bytes {
			page.More = true
			break
		}
		page.Items = append(page.Items, clone(item))
		size += sizeOf(item)
	}
	return page, ctx.Err()
}

// sorted returns all that q asks for but its limits.
func (m *model) sorted(q dynamo.Query) (items []*dynamo.Item) {
	place := func(item *dynamo.Item) dynamo.Key { return item.Key }
	if q.Index {
		place = func(item *dynamo.Item) dynamo.Key { return item.Index }
	}
	compare := func(a, b *dynamo.Item) int {
		order := cmp.Or(cmp.Compare(place(a).SK, place(b).SK), cmp.Compare(a.PK, b.PK), cmp.Compare(a.SK, b.SK))
		if q.Desc {
			return -order
		}
		return order
	}
	for _, item := range m.items {
		at := place(item)
		if at.PK == q.PK && q.From <= at.SK && at.SK <= q.To && (q.After == nil || compare(item, q.After) > 0) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, compare)
	return items
}

func sizeOf(item *dynamo.Item) int {
	n := len(item.PK) + len(item.SK)
	for name, v := range item.Attrs {
		n += len(name)
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

func clone(item *dynamo.Item) *dynamo.Item {
	if item == nil {
		return nil
	}
	c := *item
	c.Attrs = maps.Clone(item.Attrs)
	for name, v := range c.Attrs {
		switch v := v.(type) {
		case []byte:
			c.Attrs[name] = slices.Clone(v)
		case []string:
			c.Attrs[name] = slices.Clone(v)
		}
	}
	return &c
}
