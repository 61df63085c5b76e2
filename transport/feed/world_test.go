package feed_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/transport/feed"
	"notewire/transport/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ann = notes.UserID("ann")

// world is a real store and service, and instances that deliver, in virtual time.
type world struct {
	*testing.T
	store   *dynamo.Store
	service *notes.Service
	log     feed.Log // the service, unless a test puts something in between

	mu      sync.Mutex
	drivers []*feed.Driver
}

func bubble(t *testing.T, test func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		engine, err := bolt.Open(filepath.Join(t.TempDir(), "notes.db"), bolt.Options{NoSync: true, SweepEvery: -1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := engine.Close(); err != nil {
				t.Error(err)
			}
		})
		w := &world{T: t}
		if w.store, err = dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "epoch" }}); err != nil {
			t.Fatal(err)
		}
		w.service = notes.NewService(notes.Config{Store: w.store, Publisher: w, Limits: notes.DefaultLimits(), NewID: rand.Text})
		w.log = w.service
		test(w)
	})
}

// Publish implements notes.Publisher: as the bus, it tells every instance.
func (w *world) Publish(t notes.Topic, seq int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.drivers {
		d.Publish(t, seq)
	}
}

// instance is one that runs.
type instance struct {
	*feed.Driver
	stop func()
}

// start runs an instance on those rows.
func (w *world) start(name string, rows feed.Rows, sink feed.Sink, opts feed.Options) *instance {
	w.Helper()
	d := feed.NewDriver(feed.Config{
		Log: w.log, Rows: rows, Sinks: map[string]feed.Sink{"test": sink}, Instance: name, Options: opts, Logger: slog.New(slog.DiscardHandler),
	})
	w.mu.Lock()
	w.drivers = append(w.drivers, d)
	w.mu.Unlock()
	ctx, cancel := context.WithCancel(w.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Run(ctx) }()
	stop := sync.OnceFunc(func() { cancel(); <-ended })
	w.Cleanup(stop)
	synctest.Wait()
	return &instance{d, stop}
}

func (w *world) add(d *feed.Driver, user notes.UserID) *feed.Feed {
	w.Helper()
	f, err := d.Add(w.Context(), feed.New{User: user, Kind: "test", Config: []byte("config")})
	if err != nil {
		w.Fatal(err)
	}
	return f
}

func (w *world) edit(user notes.UserID, note notes.NoteID, content string) {
	w.Helper()
	var op notes.Op = notes.Create{BodyPatch: notes.BodyPatch{Content: notes.Some(content)}}
	if n, err := w.service.NoteVersion(w.Context(), note); err != nil {
		w.Fatal(err)
	} else if n > 0 {
		var e notes.Edit
		e.Changes.Content = notes.Some(content)
		op = e
	}
	if _, err := w.service.Mutate(w.Context(), user, "", notes.Mutation{Note: note, Op: op}); err != nil {
		w.Fatal(err)
	}
}

// edits makes n changes to notes a, b, ... in turn.
func (w *world) edits(user notes.UserID, n, of int) {
	w.Helper()
	for i := range n {
		w.edit(user, noteN(i%of), fmt.Sprint("change ", i))
	}
}

func noteN(n int) notes.NoteID { return notes.NoteID(fmt.Sprintf("note-%c", 'a'+n)) }

func (w *world) state(d *feed.Driver, user notes.UserID, id string) *feed.Feed {
	w.Helper()
	all, err := d.Feeds(w.Context(), user, "test")
	if err != nil {
		w.Fatal(err)
	}
	for _, f := range all {
		if f.ID == id {
			return f
		}
	}
	w.Fatalf("there is no feed %s", id)
	return nil
}

// receiver is a Sink that remembers.
type receiver struct {
	answer func(d *feed.Delivery) error // nil: takes everything

	mu    sync.Mutex
	got   []feed.Delivery // what it took
	tries int
	busy  map[notes.NoteID]bool
	most  int // deliveries at a time
	fault string
}

// Deliver implements feed.Sink.
func (r *receiver) Deliver(ctx context.Context, d *feed.Delivery) error {
	r.mu.Lock()
	if r.busy == nil {
		r.busy = map[notes.NoteID]bool{}
	}
	if r.busy[d.Note] {
		r.fault = "two changes of " + string(d.Note) + " at a time"
	}
	r.busy[d.Note] = true
	r.tries++
	r.most = max(r.most, len(r.busy))
	r.mu.Unlock()
	var err error
	if r.answer != nil {
		err = r.answer(d)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.busy, d.Note)
	if err == nil {
		r.got = append(r.got, *d)
	}
	return err
}

// check fails unless the receiver has had every change of the user's log after a place, with its
// very text, and those of each note in order. It returns how many came more than once.
func (r *receiver) check(w *world, user notes.UserID, after int64) (doubles int) {
	w.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != "" {
		w.Error(r.fault)
	}
	want := map[int64]string{}
	var lines = map[notes.NoteID][]int64{}
	for place := after; ; {
		changes, err := w.service.AccountLog(w.Context(), user, place, 100)
		if err != nil {
			w.Fatal(err)
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			place = c.Seq
			want[c.Seq] = string(wire.AccountEvent(&c, fmt.Sprintf("epoch-%d", c.Seq)))
			lines[c.Note] = append(lines[c.Note], c.Seq)
		}
	}
	had, next := map[int64]bool{}, map[notes.NoteID]int{}
	for _, d := range r.got {
		if string(d.Event) != want[d.Seq] || d.Cursor != fmt.Sprintf("epoch-%d", d.Seq) || d.ID != fmt.Sprintf("%s-%d", d.Feed, d.Seq) || string(d.Config) != "config" {
			w.Fatalf("delivered %+v %s, want %s", d, d.Event, want[d.Seq])
		}
		if at := slices.Index(lines[d.Note], d.Seq); at > next[d.Note] {
			w.Fatalf("of %s, %d came before %d", d.Note, d.Seq, lines[d.Note][next[d.Note]])
		} else if at == next[d.Note] {
			next[d.Note]++
		}
		if had[d.Seq] {
			doubles++
		}
		had[d.Seq] = true
	}
	for seq := range want {
		if !had[seq] {
			w.Errorf("change %d was lost", seq)
		}
	}
	return doubles
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got)
}

func (r *receiver) tried() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tries
}

var errAway = errors.New("nobody is there")

// settle waits, in virtual time, until a condition holds.
func settle(w *world, within time.Duration, holds func() bool) {
	w.Helper()
	for end := time.Now().Add(within); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("not after %v", within)
		}
	}
}

// deliverUnordered is Deliver for several users' notes.
func (r *receiver) deliverUnordered(_ context.Context, d *feed.Delivery) error { return r.answer(d) }
