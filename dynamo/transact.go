//go:build !fault_sequence

package dynamo

import "context"

// transact writes a commit: all its ops in one transaction.
func transact(ctx context.Context, e Engine, ops []Op) error { return e.Transact(ctx, ops) }
