package presence

import (
	"encoding/json"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// Seat is a connection's place in a room: what it shows there, and what it has been told of the
// others.
type Seat struct {
	room    *room
	from    wire.Sender
	dialect Dialect
	wake    chan<- struct{}

	// The rest is guarded by the room's lock.
	gone  bool                     // it has been left
	begun bool                     // it was told what the others show, or first says it
	first []byte                   // what it is to be told first
	rev   int64                    // of the last that it was told
	left  int64                    // the room's, when it was last told who left
	told  map[wire.Sender]struct{} // of whom it was told, and not yet that they left
	heard int64                    // the last custom message
}

// Show says what the connection shows from now on; nil: nothing any more. It lives as long as
// the seat, or, if leased, for Lease.
// Errors: TooLarge, LimitExceeded.
func (s *Seat) Show(data json.RawMessage, leased bool) error {
	if err := checkData(data); err != nil {
		return err
	}
	m := s.room
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.gone {
		return nil
	}
	s.begin()
	if data == nil {
		s.clear()
		return nil
	}
	now := time.Now()
	mine := shown{from: s.from, data: data, here: true}
	if leased {
		mine.until = now.Add(Lease + tick) // a lease ends before it is over
	}
	put := m.put(mine)
	if put == nil {
		return errFull
	}
	m.tellShown(put, now)
	return nil
}

// clear is called with the lock held.
func (s *Seat) clear() {
	if s.room.remove(s.from) {
		s.room.tell(message{Kind: kindClear, User: s.from.User, Sender: s.from.ID})
	}
}

// Leave ends the seat: the others are told that the connection shows nothing any more, if it
// showed something.
func (s *Seat) Leave() {
	s.leave()
	s.room.rooms.forget(s.room)
}

func (s *Seat) leave() {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.gone {
		return
	}
	s.gone = true
	delete(s.room.seats, s)
	s.clear()
}

// State returns the frame that says what the others show now, or nil if they show nothing; from
// then on Read returns what changes.
func (s *Seat) State() []byte {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.first = nil
	return s.state()
}

// begin has the first frame be that of State, as it was before the seat itself shows something.
func (s *Seat) begin() {
	if !s.begun {
		s.first = s.state()
	}
}

func (s *Seat) state() []byte {
	m := s.room
	s.begun, s.rev = true, m.rev // not left: of some it may have yet to be told
	others := map[wire.Sender]json.RawMessage{}
	for _, o := range m.shown {
		s.told[o.from] = struct{}{}
		if o.from != s.from && truthy(o.data) {
			others[o.from] = o.data
		}
	}
	if len(others) == 0 {
		return nil
	}
	return stateFrame(s.dialect, m.note, others)
}

// Read returns frames that say what has changed since the last time, at most so many, and
// whether there may be more. A sender who showed several things in between is told of once. The
// first is that of State, if nobody has asked for it.
func (s *Seat) Read(most int) (frames [][]byte, more bool) {
	m := s.room
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.gone {
		return nil, false
	}
	if s.begin(); s.first != nil {
		frames, s.first = append(frames, s.first), nil
	}
	frames = s.readLeft(frames, most)
	frames = s.readShown(frames, most)
	frames = s.readCustom(frames, most)
	return frames, s.left < m.left || s.rev < m.rev || s.heard < m.ring.last
}

// readLeft tells who shows nothing any more, once, of those of whom it was told.
func (s *Seat) readLeft(frames [][]byte, most int) [][]byte {
	m := s.room
	if s.left == m.left {
		return frames
	}
	for from := range s.told {
		if m.of[from] != nil {
			continue
		}
		if len(frames) == most {
			return frames
		}
		delete(s.told, from)
		frames = append(frames, shownFrame(s.dialect, m.note, from, nil))
	}
	s.left = m.left
	return frames
}

func (s *Seat) readShown(frames [][]byte, most int) [][]byte {
	m := s.room
	for _, o := range m.shown[m.after(s.rev):] {
		if len(frames) == most {
			return frames
		}
		s.rev = o.rev
		s.told[o.from] = struct{}{}
		frames = append(frames, o.in(s.dialect, func() []byte { return shownFrame(s.dialect, m.note, o.from, o.data) }))
	}
	s.rev = m.rev
	return frames
}

func (s *Seat) readCustom(frames [][]byte, most int) [][]byte {
	m := s.room
	for _, c := range m.ring.after(s.heard) {
		if len(frames) == most {
			return frames
		}
		s.heard = c.seq
		frames = append(frames, c.in(s.dialect, func() []byte { return customFrame(s.dialect, m.note, c) }))
	}
	s.heard = m.ring.last
	return frames
}

// Note returns whose room it is in.
func (s *Seat) Note() notes.NoteID { return s.room.note }
