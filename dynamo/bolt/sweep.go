package bolt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

// The steps of a sweep are small and apart, so that neither a snapshot nor the writer is
// held for long: a pass over a million items takes two minutes.
const (
	sweepKeys  = 1000                   // looked at in one snapshot
	sweepOps   = 100                    // removed in one transaction
	sweepPause = 100 * time.Millisecond // between two steps in the background
)

// Sweep removes all items that have expired at now, in one pass without pauses, and
// returns how many. Other calls may run beside it; an item that is written meanwhile is
// kept. An item that cannot be read is logged and left alone.
func (e *Engine) Sweep(ctx context.Context, now time.Time) (removed int, err error) {
	removed, err = e.pass(ctx, now, 0)
	if err != nil {
		return removed, fmt.Errorf("sweep: %w", err)
	}
	return removed, nil
}

// sweeper makes a pass now and then, the first one at once: a laptop's process may live
// shorter than the time between two.
func (e *Engine) sweeper() {
	for sleep(e.closing, sweepPause) {
		removed, err := e.pass(e.closing, e.now(), sweepPause)
		switch {
		case e.closing.Err() != nil:
			return
		case err != nil:
			e.log.Warn("expired items were not all removed", "path", e.db.Path(), "err", err)
		case removed > 0:
			e.log.Debug("expired items removed", "path", e.db.Path(), "items", removed)
		}
		if !sleep(e.closing, e.tick) {
			return
		}
	}
}

func (e *Engine) pass(ctx context.Context, now time.Time, pause time.Duration) (removed int, err error) {
	expired := dynamo.Cond{Kind: dynamo.Absent, N: now.Unix()}
	for from := []byte{separator}; from != nil; {
		keys, next, err := e.expired(ctx, from, expired)
		if err != nil {
			return removed, err
		}
		n, err := e.removeAll(ctx, keys, expired)
		removed += n
		if err != nil {
			return removed, err
		}
		if from = next; from != nil && !sleep(ctx, pause) {
			return removed, ctx.Err()
		}
	}
	return removed, nil
}

// expired looks at a step's worth of items. next is where to go on, nil at the end.
func (e *Engine) expired(ctx context.Context, from []byte, gone dynamo.Cond) (keys []dynamo.Key, next []byte, err error) {
	err = e.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(itemsBucket).Cursor()
		k, v := c.Seek(from)
		for range sweepKeys {
			if k == nil {
				return nil
			}
			if key, ok := e.isExpired(k, v, gone); ok {
				keys = append(keys, key)
			}
			k, v = c.Next()
		}
		if k != nil {
			next = append(next, k...)
		}
		return nil
	})
	return keys, next, err
}

func (e *Engine) isExpired(rawKey, raw []byte, gone dynamo.Cond) (dynamo.Key, bool) {
	key, err := splitKey(rawKey)
	if err != nil {
		e.log.Warn("a key cannot be read", "path", e.db.Path(), "key", rawKey, "err", err)
		return key, false
	}
	ttl, _, err := storedHead(raw)
	if err != nil {
		e.log.Warn("an item cannot be read", "path", e.db.Path(), "pk", key.PK, "sk", key.SK, "err", err)
		return key, false
	}
	return key, gone.Holds(&dynamo.Item{TTL: ttl})
}

// removeAll deletes the items under keys that have still expired when it comes to them.
func (e *Engine) removeAll(ctx context.Context, keys []dynamo.Key, expired dynamo.Cond) (removed int, err error) {
	for len(keys) > 0 {
		n := min(len(keys), sweepOps)
		done, err := e.removeSome(ctx, keys[:n], expired)
		removed += done
		if err != nil {
			return removed, err
		}
		keys = keys[n:]
	}
	return removed, nil
}

func (e *Engine) removeSome(ctx context.Context, keys []dynamo.Key, expired dynamo.Cond) (removed int, err error) {
	ops := make([]dynamo.Op, len(keys))
	for i := range keys {
		ops[i] = dynamo.Op{Delete: &keys[i], If: expired}
	}
	for len(ops) > 0 {
		err := e.Transact(ctx, ops)
		var clash *dynamo.Clash
		if !errors.As(err, &clash) {
			if err != nil {
				return 0, err
			}
			return len(ops), nil
		}
		ops = holding(ops, clash.Failed)
	}
	return 0, nil
}

// holding returns the ops that have not failed.
func holding(ops []dynamo.Op, failed []bool) (rest []dynamo.Op) {
	for i, op := range ops {
		if !failed[i] {
			rest = append(rest, op)
		}
	}
	return rest
}

// sleep reports whether d passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
