package dynamo

import (
	"context"
	"fmt"
)

// Engine is a table of items: what the store needs of DynamoDB, and no more. Engines
// differ only in where the items are; the layout is written once, in this package.
// Implementations are safe for concurrent use and keep no reference to what they are
// given or have returned.
type Engine interface {
	// Get returns the items under keys, in their order; nil where there is none. Every
	// read is consistent: it sees all transactions that were answered before.
	Get(ctx context.Context, keys ...Key) ([]*Item, error)

	// Query returns items of one partition in key order. Reads of the table are
	// consistent; reads of the index may lag behind.
	Query(ctx context.Context, q Query) (Page, error)

	// Transact applies all ops or none, durably: it returns nil only when they would
	// survive a crash. No two ops may have the same key. If a condition does not hold it
	// returns a *Clash. After any other error the outcome is unknown.
	Transact(ctx context.Context, ops []Op) error
}

// Key is an item's place: partition and sort key, compared as bytes. Both are made of
// printable ASCII.
type Key struct{ PK, SK string }

// Item is one row.
type Item struct {
	Key
	Index Key            // place in the index; zero: not in it
	TTL   int64          // Unix seconds after which the item is as good as deleted; 0: never
	Attrs map[string]any // string, int64, bool, []byte or []string; absent means zero
}

// Query asks for items whose sort key is in [From, To].
type Query struct {
	PK       string
	Index    bool // read the index: PK, From and To are keys of Item.Index
	From, To string
	After    *Item // start behind this item, in the direction of reading; only its keys count
	Desc     bool
	Limit    int // items, at most; at least 1
	Bytes    int // stop after the item that reaches this size; 0: no bound
}

// Page is the answer to a Query.
type Page struct {
	Items []*Item
	More  bool // the page ended at Limit or Bytes, and there may be more
}

// Op is one part of a transaction. Exactly one of Put, Delete and Check is set.
type Op struct {
	Put    *Item // replaces the whole item
	Delete *Key
	Check  *Key // only the condition
	If     Cond
	Show   bool // if the condition does not hold, the Clash has the item
}

// Key returns the key that the op is about.
func (o *Op) Key() Key {
	switch {
	case o.Put != nil:
		return o.Put.Key
	case o.Delete != nil:
		return *o.Delete
	default:
		return *o.Check
	}
}

// Cond is a condition on the item under an op's key. The zero Cond always holds.
type Cond struct {
	Kind CondKind
	Attr string // for Equal: an attribute that holds an int64
	N    int64  // for Equal: its value; for Absent: now, in Unix seconds
}

// CondKind says which condition a Cond is.
type CondKind int

const (
	Always  CondKind = iota
	Absent           // there is no item, or its TTL is before N
	Present          // there is one
	Equal            // there is one, and its Attr is N
)

// Holds reports whether the condition holds for item, which is nil if there is none.
func (c Cond) Holds(item *Item) bool {
	switch c.Kind {
	case Absent:
		return item == nil || item.TTL != 0 && item.TTL < c.N
	case Present:
		return item != nil
	case Equal:
		if item == nil {
			return false
		}
		n, ok := item.Attrs[c.Attr].(int64)
		return ok && n == c.N
	}
	return true
}

// Clash is the error of a transaction whose conditions did not all hold.
type Clash struct {
	Failed []bool  // one for each op: its condition did not hold
	Found  []*Item // one for each op: the item that failed it, if there is one and the op asked to Show it
}

func (c *Clash) Error() string { return fmt.Sprintf("transaction conditions failed: %v", c.Failed) }
