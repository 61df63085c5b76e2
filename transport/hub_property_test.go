package transport

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestWhateverHintsSayReadersSeeEachEventOnceInOrder is the hub's promise under any
// interleaving: commits, subscriptions and hints (lost, doubled, late, too high) also fall
// into the middle of reads.
func TestWhateverHintsSayReadersSeeEachEventOnceInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := &memLog{page: rapid.IntRange(1, 100).Draw(t, "page"), gone: map[int64]bool{}}
		c := &crowd{T: t, log: log, hub: NewHub(log)}
		log.during = c.during
		t.Repeat(map[string]func(*rapid.T){
			"commit":    func(*rapid.T) { c.commit() },
			"hint":      func(*rapid.T) { c.hint() },
			"subscribe": func(*rapid.T) { c.subscribe() },
			"expire":    func(*rapid.T) { c.expire() },
			"read":      func(*rapid.T) { c.pick(func(r *reader) { r.run(5) }) },
			"close":     func(*rapid.T) { c.pick(c.close) },
		})
		log.during = nil
		c.settle()
	})
}

// crowd is several readers of one log.
type crowd struct {
	*rapid.T
	log     *memLog
	hub     *Hub
	readers []*reader
	reading *reader
	told    bool // of all that is committed
	nested  bool // the calls of during are not interrupted again
}

// reader does what a session does: it reads until there is nothing more, then sleeps until
// it is woken.
type reader struct {
	*crowd
	sub    *Subscription
	after  int64
	asleep bool
}

func (c *crowd) commit() {
	c.log.commit(rapid.Int64Range(1, 5).Draw(c.T, "rows"))
	c.told = false
}

// hint tells of any place, also of one that does not exist.
func (c *crowd) hint() { c.tell(c.log.head + rapid.Int64Range(-3, 3).Draw(c.T, "off")) }

func (c *crowd) tell(seq int64) {
	c.told = c.told || seq >= c.log.head
	c.hub.Publish(ann.Topic, seq)
}

// expire makes a row disappear: usually an old one, not always in order.
func (c *crowd) expire() {
	if c.log.head > 0 {
		c.log.gone[rapid.Int64Range(1, c.log.head).Draw(c.T, "row")] = true
	}
}

func (c *crowd) subscribe() {
	before := c.log.head
	sub, err := c.hub.Subscribe(context.Background(), ann)
	if err != nil {
		c.Fatal(err)
	}
	if sub.Head() < before {
		c.Fatalf("subscribed at %d, when %d was committed before", sub.Head(), before)
	}
	after := rapid.Int64Range(0, sub.Head()).Draw(c.T, "cursor")
	c.readers = append(c.readers, &reader{crowd: c, sub: sub, after: after})
}

func (c *crowd) pick(do func(*reader)) {
	if len(c.readers) > 0 {
		do(rapid.SampledFrom(c.readers).Draw(c.T, "reader"))
	}
}

func (c *crowd) close(r *reader) {
	if r != c.reading {
		r.sub.Close()
		c.readers = slices.DeleteFunc(c.readers, func(other *reader) bool { return other == r })
	}
}

// during is what happens elsewhere while a read is under way.
func (c *crowd) during() {
	if c.nested {
		return
	}
	c.nested = true
	defer func() { c.nested = false }()
	for range rapid.IntRange(0, 3).Draw(c.T, "meanwhile") {
		rapid.SampledFrom([]func(){c.commit, c.hint, c.hint, c.subscribe, func() { c.pick(c.close) }}).Draw(c.T, "what")()
	}
}

// run reads what there is, if the reader is awake: a few times, because meanwhile the log
// may grow faster.
func (r *reader) run(times int) {
	select {
	case <-r.sub.Wake():
		r.asleep = false
	default:
	}
	r.reading = r
	defer func() { r.reading = nil }()
	for ; !r.asleep && times > 0; times-- {
		r.read()
	}
}

func (r *reader) read() {
	events, err := r.sub.Read(context.Background(), r.after)
	switch {
	case errors.Is(err, ErrGone) && r.log.gone[r.after+1]:
		r.after = r.log.head // as a session does that resyncs
		return
	case err != nil:
		r.Fatalf("after %d: %v", r.after, err)
	}
	r.asleep = len(events) == 0
	for _, e := range events {
		if e.Seq != r.after+1 || string(e.Frame.Data) != e.Frame.Cursor {
			r.Fatalf("after %d came event %d: %s", r.after, e.Seq, e.Frame.Data)
		}
		r.after = e.Seq
	}
}

// settle is what must hold in the end: once the hub was told of all, every reader comes to
// the head; once all have closed, nothing is left.
func (c *crowd) settle() {
	if !c.told {
		c.tell(c.log.head)
	}
	for _, r := range c.readers {
		if r.run(math.MaxInt); r.after != c.log.head && !c.allGone(r.after) {
			c.Fatalf("a reader stays at %d; the log is at %d", r.after, c.log.head)
		}
	}
	for _, r := range c.readers {
		r.sub.Close()
	}
	if n := c.hub.Streams(); n != 0 {
		c.Fatalf("%d streams are left", n)
	}
}

// allGone reports whether no event after that place is left: then only the next commit
// shows that they are gone.
func (c *crowd) allGone(after int64) bool {
	for seq := after + 1; seq <= c.log.head; seq++ {
		if !c.log.gone[seq] {
			return false
		}
	}
	return true
}
