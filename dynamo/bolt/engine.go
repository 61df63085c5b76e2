// Package bolt is the embedded engine: the whole table in one bbolt file of this
// process. It is what a laptop or a single server runs on.
//
// An answered transaction has been fsynced. All transactions go through one goroutine
// that commits whatever is waiting as one group, so the cost of an fsync is shared and
// the order of transactions is total. Reads are snapshots of what is on disk: one begins
// after the commit that is under way, and never waits for another.
//
// Start at Open; commit.go is the group commit, item.go the layout of a stored item,
// format.go that of the file.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	boltErrors "go.etcd.io/bbolt/errors"

	"notewire/dynamo"
)

// ErrClosed is the answer to calls on an engine that was closed. A transaction that is
// answered with it was not applied.
var ErrClosed = errors.New("the database is closed")

// DefaultSweepEvery suits rows that live for days: an hour more does not show.
const DefaultSweepEvery = time.Hour

// Options of an Engine. The zero value is right for production.
type Options struct {
	// NoSync leaves out every fsync: a power cut then loses acknowledged transactions
	// and may destroy the file. It is there to prove that a test for durability can fail.
	NoSync bool

	// Now is the clock that the background sweep compares TTLs with; nil: time.Now.
	Now func() time.Time

	// Logger hears of what happens in the background; nil: nobody does.
	Logger *slog.Logger

	// SweepEvery is the pause between two background sweeps of expired items;
	// 0: DefaultSweepEvery, negative: none.
	SweepEvery time.Duration
}

// Engine is a dynamo.Engine on one file. It is safe for concurrent use. Beyond the
// contract of dynamo.Engine, its reads of the index never lag.
//
// If a commit fails in a way that leaves it open what is on the disk (anything but a
// full disk), the engine stops: every later call returns that error until the file is
// opened again. After a failed fsync the kernel may drop the pages and report success
// the next time, so going on would acknowledge what is not durable.
type Engine struct {
	db   *bbolt.DB
	now  func() time.Time
	log  *slog.Logger
	tick time.Duration

	queue   chan *request
	closing context.Context // done when Close begins
	cancel  context.CancelFunc
	written chan struct{}  // closed when the writer has ended
	tasks   sync.WaitGroup // the writer and the sweeper
	stopped atomic.Pointer[error]

	// visible is held while a commit makes itself durable. bbolt shows a commit to readers
	// as soon as its meta page is written, before that page is on disk: whoever read it
	// then could tell others of what a crash takes back.
	visible sync.RWMutex

	closeOnce sync.Once
	closeErr  error
}

var _ dynamo.Engine = (*Engine)(nil)

// Open opens the database at path, and creates it (0600) and its directory (0700) if
// need be. It fails within about a second if another process has the file open; every
// error names the path and says what to do. The caller must Close the engine.
func Open(path string, opts Options) (*Engine, error) {
	db, err := openFile(path, opts.NoSync)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		db:      db,
		now:     opts.Now,
		log:     opts.Logger,
		tick:    opts.SweepEvery,
		queue:   make(chan *request, maxGroup),
		written: make(chan struct{}),
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.tick == 0 {
		e.tick = DefaultSweepEvery
	}
	e.closing, e.cancel = context.WithCancel(context.Background())
	e.tasks.Go(e.writer)
	if e.tick > 0 {
		e.tasks.Go(e.sweeper)
	}
	return e, nil
}

// Close commits and answers the transactions that were accepted, refuses later ones
// with ErrClosed, waits for reads under way and lets go of the file. It may be called
// more than once.
func (e *Engine) Close() error {
	e.closeOnce.Do(func() {
		e.cancel()
		e.tasks.Wait()
		e.closeErr = e.db.Close()
	})
	return e.closeErr
}

// Get implements dynamo.Engine. All keys are read from one snapshot.
func (e *Engine) Get(ctx context.Context, keys ...dynamo.Key) ([]*dynamo.Item, error) {
	items := make([]*dynamo.Item, len(keys))
	err := e.view(ctx, func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(itemsBucket)
		for i, key := range keys {
			if err := checkKey(key); err != nil {
				return err
			}
			raw := bucket.Get(joinKey(key))
			if raw == nil {
				continue
			}
			item, err := decodeItem(key, raw)
			if err != nil {
				return err
			}
			items[i] = item
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	return items, nil
}

// view runs fn on a snapshot. Nothing of it may be used afterwards, and fn must be
// short: when the file outgrows its mapping, the writer waits for all snapshots.
func (e *Engine) view(ctx context.Context, fn func(*bbolt.Tx) error) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	err := e.snapshot(fn)
	if errors.Is(err, boltErrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

// usable returns why a call cannot be served, if it cannot.
func (e *Engine) usable(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if e.closing.Err() != nil {
		return ErrClosed
	}
	if err := e.stopped.Load(); err != nil {
		return *err
	}
	return nil
}

// snapshot runs fn in a read transaction that shows only what is on disk. Reading goes on while
// others commit; only its beginning waits for a commit that is under way.
func (e *Engine) snapshot(fn func(*bbolt.Tx) error) error {
	e.visible.RLock()
	tx, err := e.db.Begin(false)
	e.visible.RUnlock()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // of a read transaction: it frees the pages
	return fn(tx)
}
