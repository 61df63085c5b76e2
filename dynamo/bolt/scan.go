package bolt

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

var _ dynamo.Scanner = (*Engine)(nil)

// Scan implements dynamo.Scanner, in the order of keys. A page is one snapshot.
func (e *Engine) Scan(ctx context.Context, after dynamo.Key, limit int) (keys []dynamo.Key, more bool, err error) {
	from := []byte{separator}
	if after != (dynamo.Key{}) {
		from = append(joinKey(after), separator) // the first that sorts behind it
	}
	err = e.view(ctx, func(tx *bbolt.Tx) error {
		c := tx.Bucket(itemsBucket).Cursor()
		for k, _ := c.Seek(from); k != nil; k, _ = c.Next() {
			if len(keys) == limit {
				more = true
				return nil
			}
			key, err := splitKey(k)
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		return nil
	})
	if err != nil {
		return nil, false, fmt.Errorf("scan: %w", err)
	}
	return keys, more, nil
}
