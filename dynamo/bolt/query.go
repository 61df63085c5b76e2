package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

// Query implements dynamo.Engine. A page is one snapshot; Page.More is exact. The size
// of an item, for Query.Bytes, is that of its key and its stored form. A page is built
// while a snapshot is held, so a caller that reads large items should set Bytes.
func (e *Engine) Query(ctx context.Context, q dynamo.Query) (dynamo.Page, error) {
	page, err := e.query(ctx, q)
	if err != nil {
		return dynamo.Page{}, fmt.Errorf("query %q: %w", q.PK, err)
	}
	return page, nil
}

func (e *Engine) query(ctx context.Context, q dynamo.Query) (page dynamo.Page, err error) {
	if q.Limit < 1 {
		return page, errors.New("a limit below 1")
	}
	if q.PK == "" || !printable(q.PK) {
		return page, errors.New("a key that is not printable ASCII")
	}
	size := 0
	err = e.view(ctx, func(tx *bbolt.Tx) error {
		items := tx.Bucket(itemsBucket)
		for key, raw := range found(tx, q) {
			if len(page.Items) == q.Limit || q.Bytes > 0 && size >= q.Bytes {
				page.More = true
				return nil
			}
			if q.Index {
				if key, err = entryKey(key); err != nil {
					return err
				}
				raw = items.Get(key)
			}
			item, err := load(key, raw)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, item)
			size += len(key) + len(raw)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	return page, err
}

func load(rawKey, raw []byte) (*dynamo.Item, error) {
	key, err := splitKey(rawKey)
	if err != nil {
		return nil, err
	}
	return decodeItem(key, raw)
}

// found yields the stored keys and values that q asks for, without its limits, in its
// order.
func found(tx *bbolt.Tx, q dynamo.Query) iter.Seq2[[]byte, []byte] {
	bucket := tx.Bucket(itemsBucket)
	if q.Index {
		bucket = tx.Bucket(indexBucket)
	}
	low, high := bounds(q)
	if q.Desc {
		return descend(bucket.Cursor(), low, high)
	}
	return ascend(bucket.Cursor(), low, high)
}

// bounds returns q's range as the stored keys in [low, high).
func bounds(q dynamo.Query) (low, high []byte) {
	low = joinKey(dynamo.Key{PK: q.PK, SK: q.From})
	high = append(joinKey(dynamo.Key{PK: q.PK, SK: q.To}), aboveSep)
	if q.After == nil {
		return low, high
	}
	after := joinKey(q.After.Key)
	if q.Index {
		after = joinEntry(joinKey(q.After.Index), after)
	}
	if q.Desc {
		return low, least(high, after)
	}
	return greatest(low, append(after, separator)), high
}

func least(a, b []byte) []byte {
	if bytes.Compare(a, b) < 0 {
		return a
	}
	return b
}

func greatest(a, b []byte) []byte {
	if bytes.Compare(a, b) > 0 {
		return a
	}
	return b
}

func ascend(c *bbolt.Cursor, low, high []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		for k, v := c.Seek(low); k != nil && bytes.Compare(k, high) < 0; k, v = c.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

func descend(c *bbolt.Cursor, low, high []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		for k, v := lastBelow(c, high); k != nil && bytes.Compare(k, low) >= 0; k, v = c.Prev() {
			if !yield(k, v) {
				return
			}
		}
	}
}

func lastBelow(c *bbolt.Cursor, high []byte) (k, v []byte) {
	if k, _ := c.Seek(high); k == nil {
		return c.Last()
	}
	return c.Prev()
}
