package feed_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
	"notewire/transport/feed"
)

// cutOff is rows that an instance loses, as when it is cut off from the store or dies.
type cutOff struct {
	feed.Rows
	// off is asked before each write whether it is lost; half, whether only its answer is.
	off, half func() bool
}

var errCut = errors.New("the store is not there")

func (c *cutOff) WriteFeed(ctx context.Context, user notes.UserID, id string, content []byte, rev int64) (bool, error) {
	if c.off() {
		return false, errCut
	}
	written, err := c.Rows.WriteFeed(ctx, user, id, content, rev)
	if c.half() {
		return false, errCut
	}
	return written, err
}

func never() bool { return false }

// An instance dies after it has delivered and before it has written so. What it delivered comes
// again; nothing is lost.
func TestACrashBeforeTheCursorIsWrittenDoubles(t *testing.T) {
	bubble(t, func(w *world) {
		var dead atomic.Bool
		r := &receiver{}
		r.answer = func(d *feed.Delivery) error {
			if d.Seq == 20 {
				dead.Store(true) // everything after this write is lost
			}
			return nil
		}
		i := w.start("one", &cutOff{w.store, dead.Load, never}, r, feed.Options{})
		f := w.add(i.Driver, ann)
		w.edits(ann, 20, 4)
		settle(w, time.Second, func() bool { return r.count() >= 20 })
		i.stop()
		before := r.count()
		r.answer = nil
		two := w.start("two", w.store, r, feed.Options{})
		settle(w, time.Minute, func() bool { s := w.state(two.Driver, ann, f.ID); return s.Seq == 20 && s.Holder == "" })
		if doubles := r.check(w, ann, 0); doubles == 0 || r.count() != before+doubles {
			t.Errorf("%d came twice, %d in all", doubles, r.count())
		}
	})
}

// stamp is a delivery that an instance made.
type stamp struct {
	instance   string
	begun, end time.Time
}

// An instance is cut off from the store in the middle of its work and goes on with its receiver.
// Another takes over, and not before the first has sent its last.
func TestAnInstanceThatIsCutOffStopsBeforeAnotherTakesOver(t *testing.T) {
	bubble(t, func(w *world) {
		var cut atomic.Bool
		var mu sync.Mutex
		var stamps []stamp
		r := &receiver{}
		sink := func(name string) feed.Sink {
			return feed.SinkFunc(func(ctx context.Context, d *feed.Delivery) error {
				begun := time.Now()
				time.Sleep(9 * time.Second)
				err := r.Deliver(ctx, d)
				mu.Lock()
				defer mu.Unlock()
				stamps = append(stamps, stamp{name, begun, time.Now()})
				return err
			})
		}
		one := w.start("one", &cutOff{w.store, cut.Load, never}, sink("one"), feed.Options{})
		f := w.add(one.Driver, ann)
		w.edits(ann, 40, 2)
		time.Sleep(30 * time.Second)
		two := w.start("two", w.store, sink("two"), feed.Options{})
		time.Sleep(95 * time.Second)
		cut.Store(true)
		since := time.Now()
		settle(w, 10*time.Minute, func() bool { s := w.state(two.Driver, ann, f.ID); return s.Seq == 40 && s.Holder == "" })
		r.check(w, ann, 0)
		var last, first time.Time // of one, and of two
		for _, s := range stamps {
			if s.instance == "one" && s.end.After(last) {
				last = s.end
			}
			if s.instance == "two" && (first.IsZero() || s.begun.Before(first)) {
				first = s.begun
			}
		}
		if first.IsZero() || last.Before(since) || first.Before(last) {
			t.Errorf("cut off at %v: one's last ended at %v, two's first began at %v", since, last, first)
		}
		if late := first.Sub(since); late > 40*time.Second {
			t.Errorf("two took over after %v", late)
		}
	})
}

// Where a write takes longer than the lease bears, nothing is delivered under it.
func TestAStoreThatIsTooSlowForTheLeaseDeliversNothing(t *testing.T) {
	bubble(t, func(w *world) {
		r := &receiver{}
		slow := &cutOff{w.store, never, func() bool { time.Sleep(15 * time.Second); return false }}
		i := w.start("one", slow, r, feed.Options{})
		w.add(i.Driver, ann)
		w.edits(ann, 3, 1)
		time.Sleep(5 * time.Minute)
		if r.tried() != 0 {
			t.Errorf("%d changes were delivered", r.tried())
		}
	})
}

// An instance that was frozen over its lease, and thaws, can write nothing.
func TestWhoLostTheLeaseWritesNothing(t *testing.T) {
	bubble(t, func(w *world) {
		frozen := make(chan struct{})
		r := &receiver{}
		one := w.start("one", w.store, feed.SinkFunc(func(ctx context.Context, d *feed.Delivery) error {
			<-frozen // longer than Deliver may take
			return &feed.Refused{Err: errors.New("no")}
		}), feed.Options{})
		f := w.add(one.Driver, ann)
		w.edits(ann, 2, 1)
		synctest.Wait()
		two := w.start("two", w.store, r, feed.Options{})
		settle(w, time.Minute, func() bool { s := w.state(two.Driver, ann, f.ID); return s.Seq == 2 && s.Holder == "" })
		close(frozen)
		synctest.Wait()
		if s := w.state(two.Driver, ann, f.ID); s.Seq != 2 || len(s.Paused) != 0 || s.LastError != "" {
			t.Errorf("what it had found out was written: %+v", s)
		}
		r.check(w, ann, 0)
	})
}

// Three instances lose writes and answers at random, die and come back, while changes are made and
// the receiver fails in every way. NOTEWIRE_FEED_STORMS is how many seeds; the short form has 3.
func TestNothingIsLostOrPassedWhateverFails(t *testing.T) {
	seeds, err := strconv.ParseUint(cmp.Or(os.Getenv("NOTEWIRE_FEED_STORMS"), "3"), 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			bubble(t, func(w *world) { storm(w, rand.New(rand.NewPCG(seed, 1))) })
		})
	}
}

func storm(w *world, random *rand.Rand) {
	var mu sync.Mutex
	var calm atomic.Bool
	chance := func(percent int) bool {
		mu.Lock()
		defer mu.Unlock()
		return !calm.Load() && random.IntN(100) < percent
	}
	r := &receiver{}
	r.answer = func(d *feed.Delivery) error {
		time.Sleep(time.Duration(len(d.Event)) * time.Millisecond)
		switch {
		case chance(3):
			return errAway
		case chance(3):
			return &feed.Refused{Err: errors.New("no")}
		}
		return nil
	}
	opts := feed.Options{FirstWait: 100 * time.Millisecond, LongestWait: 2 * time.Second, Paused: 2, Tries: 3}
	start := func(n int) *instance {
		return w.start(fmt.Sprint("instance-", n), &cutOff{w.store, func() bool { return chance(5) }, func() bool { return chance(5) }}, r, opts)
	}
	var instances []*instance
	for n := range 3 {
		instances = append(instances, start(n))
	}
	f := w.add(instances[0].Driver, ann)
	for n := range 60 {
		w.edits(ann, 10, 6)
		time.Sleep(time.Second)
		if n%7 == 3 {
			i := n % len(instances)
			instances[i].stop()
			instances[i] = start(100 + n)
		}
	}
	calm.Store(true)
	if _, err := instances[0].Resume(w.Context(), ann, "test", f.ID); err != nil {
		w.Fatal(err)
	}
	settle(w, time.Hour, func() bool {
		s := w.state(instances[0].Driver, ann, f.ID)
		return s.Seq == 600 && len(s.Paused) == 0 && s.Holder == ""
	})
	doubles := r.check(w, ann, 0)
	w.Logf("600 changes, %d of them doubled", doubles)
}
