package feed

import (
	"context"
	"time"

	"notewire/notes"
)

// take makes the feed this instance's, unless its row has changed since it was looked at.
func (t *turn) take(ctx context.Context) error {
	begun := time.Now()
	t.row.Holder = t.Instance
	written, err := t.rows.write(ctx, t.row)
	if err != nil {
		return err
	}
	if !written {
		return errLost
	}
	t.wrote = begun
	return nil
}

// save writes the row, and so prolongs the lease. What others have changed meanwhile is kept: they
// resume feeds. The caller holds t.mu.
func (t *turn) save(ctx context.Context) error {
	for {
		begun := time.Now()
		written, err := t.rows.write(ctx, t.row)
		if err != nil {
			return err
		}
		if written {
			t.wrote = begun
			return nil
		}
		stored, err := t.rows.read(ctx, t.row.User, t.row.ID)
		switch {
		case err != nil:
			return err
		case stored == nil:
			return errGone
		case stored.Holder != t.Instance:
			return errLost
		}
		t.row.rev = stored.rev
		if stored.Resumes != t.row.Resumes {
			t.row.Resumes = stored.Resumes
			t.row.resume(notes.MillisOf(time.Now()))
		}
	}
}

// hold makes sure that the lease lasts for another delivery, and that a crash after it doubles
// only the last ones.
func (t *turn) hold(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil && time.Since(t.wrote) > t.Options.Save {
		t.err = t.save(ctx)
	}
	if t.err == nil && time.Since(t.wrote) > t.Options.Lease/3 {
		t.err = errLost
	}
	return t.err
}
