package feed

import (
	"context"
	"time"

	"notewire/notes"
)

// follow takes turns at a feed until there is nothing to do at once.
func (d *Driver) follow(ctx context.Context, f *follower) {
	for {
		d.mu.Lock()
		if f.again = false; f.stale {
			f.stale, f.seen = false, nil
		}
		d.mu.Unlock()
		next := d.turn(ctx, f)
		d.mu.Lock()
		if ctx.Err() != nil || f.gone || !f.again && next != moreToDo {
			f.running = false
			d.rest(f, next)
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
	}
}

// What a turn may answer besides a time.
const (
	moreToDo time.Duration = -1
	onNews   time.Duration = 0
)

// rest is called with the lock held.
func (d *Driver) rest(f *follower, next time.Duration) {
	switch {
	case f.gone:
		delete(d.feeds[f.user], f.id)
		if len(d.feeds[f.user]) == 0 {
			delete(d.feeds, f.user)
		}
	case next > 0 && d.ctx != nil:
		f.timer = time.AfterFunc(next, func() { d.wake(f.user, f.id, false) })
	}
}

// follower is what an instance knows of a feed.
type follower struct {
	user notes.UserID
	id   string

	// Under the driver's lock.
	running bool // a goroutine follows it
	again   bool // it was woken meanwhile
	stale   bool // its row has changed
	timer   *time.Timer

	// Of the goroutine that follows it.
	gone  bool      // there is no such feed
	seen  *Feed     // its row, as last read or written
	read  time.Time // when that was
	rev   int64     // the last revision that was seen
	since time.Time // when it was first seen
	pace  pace
}

func (f *follower) disarm() {
	if f.timer != nil {
		f.timer.Stop()
		f.timer = nil
	}
}

// see keeps what a row is.
func (f *follower) see(row *Feed) {
	f.seen, f.read = row, time.Now()
	if row.rev != f.rev {
		f.rev, f.since = row.rev, f.read
	}
}
