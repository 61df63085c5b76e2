package feed

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"notewire/notes"
)

// Log is the part of notes.Service that a Driver reads.
type Log interface {
	Epoch() string
	AccountHead(ctx context.Context, user notes.UserID) (int64, error)
	AccountLog(ctx context.Context, user notes.UserID, after int64, limit int) ([]notes.Change, error)
}

var _ Log = (*notes.Service)(nil)

// Config is what a Driver is made of.
type Config struct {
	Log   Log
	Rows  Rows
	Sinks map[string]Sink // by the kind of feeds that each is for; a feed of another kind is left alone
	// Instance names this Driver among all that there ever are on these rows.
	Instance string
	// Alone says that there is no other instance, so that a lease of one that was is free.
	Alone   bool
	Options Options
	Logger  *slog.Logger
}

// Driver delivers the feeds of its rows. Safe for concurrent use.
type Driver struct {
	Config
	rows    rows
	looks   *lanes // reads of feeds and heads
	turns   *lanes // feeds at work
	sending *lanes // deliveries under way

	mu      sync.Mutex
	ctx     context.Context // of Run; nil: it does not run
	feeds   map[notes.UserID]map[string]*follower
	running sync.WaitGroup // turns; grows only under mu, while ctx is set
}

var _ notes.Publisher = (*Driver)(nil)

// looksAtOnce is how many feeds are looked at at a time, when many are woken.
const looksAtOnce = 16

// NewDriver returns a Driver. It delivers nothing before Run.
func NewDriver(c Config) *Driver {
	c.Options = c.Options.withDefaults()
	return &Driver{
		Config: c, rows: rows{c.Rows}, feeds: map[notes.UserID]map[string]*follower{},
		looks: newLanes(looksAtOnce), turns: newLanes(c.Options.AtOnce), sending: newLanes(c.Options.AtOnce),
	}
}

// Run delivers until ctx ends, and returns when all that was begun has ended and is written down.
// It is called once.
func (d *Driver) Run(ctx context.Context) {
	d.mu.Lock()
	d.ctx = ctx
	d.mu.Unlock()
	ticker := time.NewTicker(d.Options.Sweep)
	defer ticker.Stop()
	for {
		if err := d.sweep(ctx); err != nil && ctx.Err() == nil {
			d.Logger.Warn("feeds could not be listed; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			d.shut()
			return
		case <-ticker.C:
		}
	}
}

func (d *Driver) shut() {
	d.mu.Lock()
	d.ctx = nil
	for _, of := range d.feeds {
		for _, f := range of {
			f.disarm()
		}
	}
	d.mu.Unlock()
	d.running.Wait()
}

// sweep looks at all feeds: new ones, those of which a hint was lost, and those that another
// instance has left behind.
func (d *Driver) sweep(ctx context.Context) error {
	all, err := d.Rows.AllFeeds(ctx)
	if err != nil {
		return err
	}
	for user, ids := range all {
		for _, id := range ids {
			d.wake(user, id, false)
		}
	}
	d.wakeUnlisted(all)
	return nil
}

// wakeUnlisted looks at feeds that are no more, and so forgets them.
func (d *Driver) wakeUnlisted(all map[notes.UserID][]string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for user, of := range d.feeds {
		for id, f := range of {
			if !slices.Contains(all[user], id) {
				f.stale = true
				d.start(f)
			}
		}
	}
}

// Publish implements notes.Publisher: the account's feeds are looked at.
func (d *Driver) Publish(t notes.Topic, _ int64) {
	if t.User == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.feeds[t.User] {
		d.start(f)
	}
}

// wake looks at a feed soon. stale says that its row has changed.
func (d *Driver) wake(user notes.UserID, id string, stale bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	of := d.feeds[user]
	if of == nil {
		of = map[string]*follower{}
		d.feeds[user] = of
	}
	f := of[id]
	if f == nil {
		f = &follower{user: user, id: id}
		of[id] = f
	}
	f.stale = f.stale || stale
	d.start(f)
}

// start is called with the lock held.
func (d *Driver) start(f *follower) {
	if d.ctx == nil {
		return
	}
	f.disarm()
	if f.running {
		f.again = true
		return
	}
	f.running = true
	ctx := d.ctx
	d.running.Go(func() { d.follow(ctx, f) })
}
