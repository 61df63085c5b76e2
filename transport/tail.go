package transport

import (
	"context"
	"slices"
	"sync"
)

// tail is the last events of a stream, as read from its log by whoever needed them first,
// and those who wait for more.
type tail struct {
	stream  Stream
	log     Log
	growing chan struct{} // holds a token while one reader reads the log for all

	mu     sync.Mutex
	subs   map[*Subscription]struct{}
	hinted int64 // the log is said to reach here
	hints  int   // how often it was said
	end    int64 // the place of the last event; -1 until begin
	events []Event
	bytes  int // of events
}

func newTail(stream Stream, log Log) *tail {
	return &tail{stream: stream, log: log, growing: make(chan struct{}, 1), subs: map[*Subscription]struct{}{}, end: -1}
}

// begin puts the tail at the head of the log, unless it is near. A reader that is further
// back reads on its own until it comes here, and so delays nobody.
func (t *tail) begin(head int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.end < 0 || head-t.end > tailEvents {
		t.end, t.events, t.bytes = head, nil, 0
	}
	t.reaches(head) // others may not know: the hint that is on its way will be no news
}

// hint notes how far the log is said to reach, and wakes the readers.
func (t *tail) hint(seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reaches(seq)
}

// reaches is called with the lock held. Readers that stand before hinted are awake.
func (t *tail) reaches(seq int64) {
	t.hints++
	if seq <= t.hinted {
		return
	}
	t.hinted = seq
	for s := range t.subs {
		select {
		case s.wake <- struct{}{}:
		default: // it is awake already
		}
	}
}

// place is where a reader stands to the tail.
type place int

const (
	inTail     place = iota // the tail has what comes next
	beforeTail              // it once had
	atEnd                   // nothing comes next
	behindLog               // the log is said to go on: the tail must grow
)

func (t *tail) read(after int64) ([]Event, place, int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	start := t.end - int64(len(t.events))
	switch {
	case after < start:
		return nil, beforeTail, t.end
	case after < t.end:
		return t.events[after-start:], inTail, t.end
	case t.hinted <= after:
		return nil, atEnd, t.end
	}
	return nil, behindLog, t.end
}

// grow reads the log behind end. One reader does it; the others wait and find it done.
func (t *tail) grow(ctx context.Context, end int64) error {
	select {
	case t.growing <- struct{}{}:
		defer func() { <-t.growing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	t.mu.Lock()
	done, hints := t.end != end, t.hints
	t.mu.Unlock()
	if done {
		return nil
	}
	events, err := t.log.Read(ctx, t.stream, end)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(events) == 0 {
		if t.hints == hints {
			t.hinted = end // the hint said too much, and none came while we looked
		}
		return nil
	}
	t.append(events)
	return nil
}

// append adds events and drops the oldest beyond the bounds. Slices that readers hold stay
// as they are.
func (t *tail) append(events []Event) {
	all := slices.Clone(t.events)
	for _, e := range events {
		if e.Hides || e.Seq != t.end+1 { // those before it must be read again, or are gone
			all, t.bytes = nil, 0
		}
		all = append(all, e)
		t.bytes += e.size()
		t.end = e.Seq
	}
	drop := 0
	for len(all)-drop > 1 && (len(all)-drop > tailEvents || t.bytes > tailBytes) {
		t.bytes -= all[drop].size()
		drop++
	}
	t.events = slices.Clone(all[drop:])
}
