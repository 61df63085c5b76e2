package transport

import (
	"context"
	"errors"
	"sync"

	"notewire/notes"
)

// Stream is a log as one audience sees it. A note's log has two: its members, and the
// passers-by of a public note.
type Stream struct {
	notes.Topic
	PassersBy bool
}

// Event is one row of a log as a frame, shared by all who read it.
type Event struct {
	Seq   int64
	Frame Frame
	// Via is the connection that sent the mutation, and Confirmation the frame that it
	// gets in this place instead. Both are empty for a mutation by HTTP, and in the log of
	// a note, where the sender sees what all see.
	Via          string
	Confirmation []byte
	// Loses is, in the log of an account, the note that the account loses by it.
	Loses notes.NoteID
	// Hides says that the log may now tell less of what came before than it did.
	Hides bool
	// Version is, in the log of a note, the version without its body: each reader's right
	// to it is its session's to check. It is nil in the log of an account.
	Version *notes.Version
}

func (e *Event) size() int { return len(e.Frame.Data) + len(e.Confirmation) }

// Log reads durable logs.
type Log interface {
	// Read returns events after the given place in order, oldest first, up to some bound
	// of its own; none at the end of the log. If the first is not the next one, those
	// between are gone.
	Read(ctx context.Context, s Stream, after int64) ([]Event, error)
	// Head returns the place of the last event.
	Head(ctx context.Context, s Stream) (int64, error)
}

const (
	tailEvents = 64        // events that a stream keeps for its readers
	tailBytes  = 256 << 10 // and their bytes; at least one event
)

// Hub wakes the connections that follow a log, and lets them share what they read of it.
// It implements notes.Publisher. Safe for concurrent use; it has no goroutine.
type Hub struct {
	log Log

	mu    sync.Mutex
	tails map[Stream]*tail // streams with subscriptions
}

var _ notes.Publisher = (*Hub)(nil)

// NewHub returns a Hub over the logs.
func NewHub(log Log) *Hub { return &Hub{log: log, tails: map[Stream]*tail{}} }

// Publish implements notes.Publisher: it wakes whoever follows the topic.
func (h *Hub) Publish(t notes.Topic, seq int64) {
	for _, s := range []Stream{{Topic: t}, {Topic: t, PassersBy: true}} {
		h.mu.Lock()
		tail := h.tails[s]
		h.mu.Unlock()
		if tail != nil {
			tail.hint(seq)
		}
	}
}

// Streams returns how many streams are followed, for metrics and leak checks.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.tails)
}

// Subscribe starts to follow a stream. From its return on, no event is missed: what was
// committed before is at or below Head, and what is committed later wakes the
// subscription. The caller must Close it.
func (h *Hub) Subscribe(ctx context.Context, stream Stream) (*Subscription, error) {
	s := h.register(stream)
	head, err := h.log.Head(ctx, stream)
	if err != nil {
		s.Close()
		return nil, err
	}
	s.head = head
	s.tail.begin(head)
	return s, nil
}

func (h *Hub) register(stream Stream) *Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.tails[stream]
	if t == nil {
		t = newTail(stream, h.log)
		h.tails[stream] = t
	}
	s := &Subscription{hub: h, tail: t, wake: make(chan struct{}, 1)}
	t.mu.Lock()
	t.subs[s] = struct{}{}
	t.mu.Unlock()
	return s
}

// ErrGone says that the log does not go on from where the reader is: it must resync.
var ErrGone = errors.New("the log no longer holds the events after this cursor")

// Subscription is one reader's place at a stream. It has no queue: the reader brings its
// own cursor to each Read.
type Subscription struct {
	hub  *Hub
	tail *tail
	wake chan struct{} // one slot: there may be something new
	head int64         // of the log, when the subscription began
}

// Head returns the place of the last event when the subscription began.
func (s *Subscription) Head() int64 { return s.head }

// LogHead returns the place of the last event now.
func (s *Subscription) LogHead(ctx context.Context) (int64, error) {
	return s.tail.log.Head(ctx, s.tail.stream)
}

// Wake receives when there may be something new to Read.
func (s *Subscription) Wake() <-chan struct{} { return s.wake }

// Close stops to follow the stream.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.tail.mu.Lock()
	defer s.tail.mu.Unlock()
	delete(s.tail.subs, s)
	if len(s.tail.subs) == 0 && s.hub.tails[s.tail.stream] == s.tail {
		delete(s.hub.tails, s.tail.stream)
	}
}

// Read returns the events after a place, in order and without a gap, or none if there are
// none yet. It does not wait for new ones. It returns ErrGone if the next event is gone.
// The slice is shared: the caller does not change it.
func (s *Subscription) Read(ctx context.Context, after int64) ([]Event, error) {
	for {
		events, where, end := s.tail.read(after)
		switch where {
		case inTail:
			return events, nil
		case atEnd:
			return nil, nil
		case beforeTail:
			return s.readLog(ctx, after)
		}
		if err := s.tail.grow(ctx, end); err != nil {
			return nil, err
		}
	}
}

// Behind reports whether there may be something to Read after a place.
func (s *Subscription) Behind(after int64) bool {
	_, where, _ := s.tail.read(after)
	return where != atEnd
}

// readLog is how a reader that fell behind the tail catches up, on its own.
func (s *Subscription) readLog(ctx context.Context, after int64) ([]Event, error) {
	events, err := s.tail.log.Read(ctx, s.tail.stream, after)
	if err != nil {
		return nil, err
	}
	for i := range events {
		if events[i].Seq != after+1+int64(i) { // the next Read finds this hole first
			events = events[:i]
			break
		}
	}
	if len(events) == 0 {
		return nil, ErrGone
	}
	return events, nil
}
