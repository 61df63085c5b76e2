package feed

import (
	"context"
	"errors"
	"sync"
	"time"

	"notewire/notes"
)

const (
	// refresh is how long a row that was read is believed to be the same, if nobody says
	// otherwise.
	refresh = time.Minute
	// slice is how long a feed may work before others that wait have their turn.
	slice = 10 * time.Second
	// ending bounds the last write of a turn when the driver stops.
	ending = 5 * time.Second
)

// Why a turn ends early.
var (
	errGone   = errors.New("the feed was deleted")
	errLost   = errors.New("another instance has taken the feed over")
	errHalted = errors.New("the feed waits")
)

// turn is one instance at work on one feed.
type turn struct {
	*Driver
	f     *follower
	sink  Sink
	begun time.Time

	mu    sync.Mutex // held over each write of the row
	row   *Feed      // as it will be written
	wrote time.Time  // when the last write that was answered had begun
	err   error      // why nothing more is to be delivered
}

// turn does what there is to do for a feed, and returns when to look again.
func (d *Driver) turn(ctx context.Context, f *follower) time.Duration {
	row, next, err := d.look(ctx, f)
	if err != nil {
		d.report(ctx, f, err)
		return d.Options.Sweep
	}
	if row == nil {
		return next
	}
	t := &turn{Driver: d, f: f, sink: d.Sinks[row.Kind], row: row}
	leave, err := d.turns.enter(ctx, t.slow())
	if err != nil {
		return onNews
	}
	defer leave()
	t.begun = time.Now()
	if err := t.take(ctx); err != nil {
		if err == errLost {
			f.seen = nil
			return onNews
		}
		d.report(ctx, f, err)
		return d.Options.Sweep
	}
	return t.end(ctx, t.work(ctx))
}

// look returns the feed's row if there is something to do for it here and now; nil otherwise,
// and when to look again.
func (d *Driver) look(ctx context.Context, f *follower) (*Feed, time.Duration, error) {
	leave, err := d.looks.enter(ctx, false)
	if err != nil {
		return nil, onNews, nil
	}
	defer leave()
	known := f.seen != nil && time.Since(f.read) < refresh
	if known {
		if wait := until(f.seen.RetryAt); wait > 0 {
			return nil, wait, nil
		}
	}
	head, err := d.Log.AccountHead(ctx, f.user)
	if err != nil {
		return nil, onNews, err
	}
	if !known || f.seen.Holder != "" || d.busy(f.seen, head) {
		row, err := d.rows.read(ctx, f.user, f.id)
		if err != nil {
			return nil, onNews, err
		}
		if row == nil {
			f.gone = true
			return nil, onNews, nil
		}
		f.see(row)
	}
	row := *f.seen
	row.Paused = append([]Paused(nil), row.Paused...)
	switch wait := until(row.RetryAt); {
	case d.Sinks[row.Kind] == nil:
		return nil, onNews, nil
	case wait > 0:
		return nil, wait, nil
	case !d.busy(&row, head):
		return nil, row.nextTry(), nil
	}
	if wait := d.Options.Lease - time.Since(f.since); wait > 0 && row.Holder != "" && row.Holder != d.Instance && !d.Alone {
		return nil, wait, nil
	}
	return &row, moreToDo, nil
}

// busy reports whether there is something to deliver.
func (d *Driver) busy(row *Feed, head int64) bool {
	return row.Epoch != d.Log.Epoch() || row.Seq != head || row.due(notes.MillisOf(time.Now())) != nil
}

// work delivers until there is nothing more to deliver (nil), or something ends the turn.
func (t *turn) work(ctx context.Context) error {
	for ctx.Err() == nil {
		old, err := t.catchUp(ctx) // first: it makes room for notes to be paused
		if err != nil {
			return err
		}
		news, err := t.goOn(ctx)
		if err != nil || !news && !old {
			return err
		}
		if time.Since(t.begun) > slice {
			return nil
		}
	}
	return ctx.Err()
}

// goOn delivers the next page of the log, and returns whether there was one.
func (t *turn) goOn(ctx context.Context) (bool, error) {
	if t.row.Epoch != t.Log.Epoch() {
		return true, t.resync(ctx, "epoch")
	}
	changes, err := t.Log.AccountLog(ctx, t.row.User, t.row.Seq, pageRows)
	if err != nil {
		return false, err
	}
	if len(changes) == 0 {
		return t.atEnd(ctx)
	}
	if changes[0].Seq != t.row.Seq+1 {
		return true, t.resync(ctx, "expired")
	}
	return true, t.deliver(ctx, changes, onward{t})
}

// atEnd finds out whether a log without news is at its end.
func (t *turn) atEnd(ctx context.Context) (more bool, err error) {
	head, err := t.Log.AccountHead(ctx, t.row.User)
	if err != nil || head == t.row.Seq {
		return false, err
	}
	if head < t.row.Seq {
		return true, t.resync(ctx, "ahead")
	}
	changes, err := t.Log.AccountLog(ctx, t.row.User, t.row.Seq, 1)
	if err == nil && len(changes) == 0 {
		err = t.resync(ctx, "expired")
	}
	return true, err
}

// end writes down how far the turn came, lets go of the lease, and returns when to look again.
func (t *turn) end(ctx context.Context, why error) time.Duration {
	if why == errGone || why == errLost {
		t.f.seen, t.f.gone = nil, why == errGone
		return onNews
	}
	if why != nil && why != errHalted {
		t.report(ctx, t.f, why)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ending)
	defer cancel()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.row.Holder = ""
	if err := t.save(ctx); err != nil { // the lease runs out by itself
		t.f.seen, t.f.gone = nil, err == errGone
		return t.Options.Sweep
	}
	t.f.see(t.row)
	switch {
	case why == nil:
		return moreToDo // and a look says whether there is news
	case why == errHalted:
		return max(until(t.row.RetryAt), time.Millisecond)
	default:
		return t.Options.Sweep
	}
}

func (d *Driver) report(ctx context.Context, f *follower, err error) {
	if ctx.Err() == nil {
		d.Logger.Warn("a feed could not go on; trying again", "feed", f.id, "error", err)
	}
}
