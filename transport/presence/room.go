package presence

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// room is one note's. Whoever holds the lock of Rooms may take a room's; never the other way.
type room struct {
	rooms *Rooms
	note  notes.NoteID

	mu    sync.Mutex
	seats map[*Seat]struct{}
	shown []*shown // what each sender shows now, in the order in which it was said
	of    map[wire.Sender]*shown
	rev   int64 // of the last that was said
	left  int64 // how many senders have stopped to show anything
	ring  ring

	saidAgain time.Time // when all that senders here show was last said to other instances
	asked     bool      // another instance has asked who is there, and has yet to be answered
	answered  time.Time // when one last was
}

// shown is what a sender shows.
type shown struct {
	from  wire.Sender
	data  json.RawMessage
	rev   int64
	here  bool      // a seat here says it
	until time.Time // the end of its lease; zero: it lives as long as the seat
	encoded
}

func newRoom(r *Rooms, note notes.NoteID) *room {
	return &room{rooms: r, note: note, seats: map[*Seat]struct{}{}, of: map[wire.Sender]*shown{}, saidAgain: time.Now()}
}

func (m *room) empty() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.seats) == 0
}

func (m *room) seat(from wire.Sender, d Dialect, wake chan<- struct{}) *Seat {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &Seat{room: m, from: from, dialect: d, wake: wake, told: map[wire.Sender]struct{}{}, heard: m.ring.last}
	m.seats[s] = struct{}{}
	return s
}

// tell says something about this room to other instances. Where the lock is held it is said in
// the order in which it happened.
func (m *room) tell(msg message) {
	msg.Note = m.note
	m.rooms.publish(msg)
}

// tellShown says what a sender here shows.
func (m *room) tellShown(s *shown, now time.Time) {
	lease := Lease
	if !s.until.IsZero() {
		lease = s.until.Sub(now)
	}
	m.tell(message{Kind: kindSet, User: s.from.User, Sender: s.from.ID, Data: s.data, LeaseMS: lease.Milliseconds()})
}

// tellAll says what all senders here show.
func (m *room) tellAll(now time.Time) {
	for _, s := range m.shown {
		if s.here {
			m.tellShown(s, now)
		}
	}
}

// put is called with the lock held. It returns nil if there are too many.
func (m *room) put(s shown) *shown {
	old := m.of[s.from]
	switch {
	case old == nil && len(m.shown) >= MostPresent:
		return nil
	case old != nil && !s.here && bytes.Equal(old.data, s.data):
		old.until = s.until // said again: nobody needs to be told
		return old
	case old != nil:
		m.take(old)
	}
	m.rev++
	s.rev = m.rev
	m.shown, m.of[s.from] = append(m.shown, &s), &s
	m.wake()
	return &s
}

// remove is called with the lock held. It returns false if the sender showed nothing.
func (m *room) remove(from wire.Sender) bool {
	s := m.of[from]
	if s == nil {
		return false
	}
	m.take(s)
	delete(m.of, from)
	m.left++
	m.wake()
	return true
}

// take takes s out of the order.
func (m *room) take(s *shown) {
	i := m.after(s.rev - 1)
	m.shown = slices.Delete(m.shown, i, i+1)
}

// after is the index of the first that was said after rev.
func (m *room) after(rev int64) int {
	i, _ := slices.BinarySearchFunc(m.shown, rev, func(s *shown, rev int64) int {
		if s.rev <= rev {
			return -1
		}
		return 1
	})
	return i
}

// wake is called with the lock held.
func (m *room) wake() {
	for s := range m.seats {
		select {
		case s.wake <- struct{}{}:
		default: // it is awake already
		}
	}
}

func (m *room) say(from wire.Sender, name string, data json.RawMessage, at notes.Millis) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ring.add(&custom{from: from, name: name, data: data, at: at})
	m.wake()
}

// heard takes up what another instance says that a sender shows; none for nothing any more.
func (m *room) heard(from wire.Sender, data json.RawMessage, lease time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.of[from]; s != nil && s.here {
		return // its connection runs here: nobody else knows better
	}
	if data == nil {
		m.remove(from)
		return
	}
	m.put(shown{from: from, data: data, until: time.Now().Add(lease)})
}

// ask answers another instance that asks who is there: at once, or, if one was answered just
// now, at the next tick.
func (m *room) ask(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.answered) < tick {
		m.asked = true
		return
	}
	m.answered = now
	m.tellAll(now)
}

// tick ends leases that would end before the next, and says to other instances what is due.
func (m *room) tick(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := len(m.shown) - 1; i >= 0; i-- {
		if s := m.shown[i]; !s.until.IsZero() && s.until.Before(now.Add(tick)) {
			m.remove(s.from)
		}
	}
	switch again := now.Sub(m.saidAgain) >= sayAgain; {
	case again:
		m.saidAgain = now
		m.tellAll(now)
	case m.asked:
		m.tellAll(now)
	default:
		return
	}
	m.asked, m.answered = false, now
}
