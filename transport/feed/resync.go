package feed

import (
	"context"
	"errors"
	"fmt"

	"notewire/notes"
	"notewire/transport/wire"
)

// resync tells the receiver that the log does not go on from where the feed is, and goes on from
// its head. The receiver lists the notes anew, so none is paused any more.
func (t *turn) resync(ctx context.Context, reason string) error {
	head, err := t.Log.AccountHead(ctx, t.row.User)
	if err != nil {
		return err
	}
	cursor := notes.Cursor{Epoch: t.Log.Epoch(), Seq: head}
	err = t.post(ctx, &Delivery{
		ID: fmt.Sprintf("%s-resync-%s", t.row.ID, cursor), Seq: head, Cursor: cursor.String(), Event: wire.Resync(cursor.String(), reason),
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		if refusal, ok := errors.AsType[*Refused](err); ok { // it cannot be left out
			err = refusal.Err
		}
		t.halt(ctx, err)
		return t.err
	}
	t.row.Epoch, t.row.Seq, t.row.Paused, t.row.Failures, t.row.RetryAt = cursor.Epoch, cursor.Seq, nil, 0, 0
	return nil
}
