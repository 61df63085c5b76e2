package transport

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"

	"notewire/notes"
)

// memLog is one log in memory, whatever stream it is asked for.
type memLog struct {
	page int // events that one read returns, at most; 0: all
	size int // bytes of an event, at least
	// during is called while a read is under way: it has looked and not yet answered.
	during func()

	mu    sync.Mutex
	head  int64
	gone  map[int64]bool // rows that have expired
	err   error          // of every read
	reads int
}

var _ Log = (*memLog)(nil)

// set changes the log under its lock.
func (l *memLog) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// commit adds n events, and tells nobody. It returns the new head.
func (l *memLog) commit(n int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.head += n
	return l.head
}

// taken returns how often the log was read since it was last asked.
func (l *memLog) taken() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.reads
	l.reads = 0
	return n
}

// Read implements Log.
func (l *memLog) Read(ctx context.Context, _ Stream, after int64) ([]Event, error) {
	events, err := l.look(after)
	if l.during != nil {
		l.during()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return events, err
}

func (l *memLog) look(after int64) (events []Event, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	for seq := after + 1; seq <= l.head && (l.page == 0 || len(events) < l.page); seq++ {
		if !l.gone[seq] {
			events = append(events, event(seq, l.size))
		}
	}
	return events, l.err
}

// event is the event at seq, with so many bytes.
func event(seq int64, size int) Event {
	data := fmt.Appendf(nil, "%d", seq)
	if pad := size - len(data); pad > 0 {
		data = append(data, bytes.Repeat([]byte{' '}, pad)...)
	}
	return Event{Seq: seq, Frame: Frame{Data: data, Cursor: fmt.Sprint(seq)}}
}

// Head implements Log.
func (l *memLog) Head(ctx context.Context, _ Stream) (int64, error) {
	l.mu.Lock()
	head, err := l.head, l.err
	l.mu.Unlock()
	if l.during != nil {
		l.during()
	}
	return head, err
}

// ann is the stream that tests of the hub follow.
var ann = Stream{Topic: notes.Topic{User: "ann"}}

// follow subscribes to the stream that tests follow.
func follow(t *testing.T, h *Hub) *Subscription {
	t.Helper()
	sub, err := h.Subscribe(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// readTo reads until a place is reached, and returns all that came.
func readTo(t *testing.T, sub *Subscription, after, to int64) (all []Event) {
	t.Helper()
	for after < to {
		events, err := sub.Read(t.Context(), after)
		if err != nil || len(events) == 0 {
			t.Fatalf("after %d: %d events, %v", after, len(events), err)
		}
		for _, e := range events {
			if after++; e.Seq != after {
				t.Fatalf("event %d came in the place of %d", e.Seq, after)
			}
		}
		all = append(all, events...)
	}
	return all
}

// awake reports, and forgets, that the subscription was woken.
func awake(sub *Subscription) bool {
	select {
	case <-sub.Wake():
		return true
	default:
		return false
	}
}
