package presence

import (
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

const (
	// Lease is how long what a sender shows lives without being said again.
	Lease = 30 * time.Second
	// MostPresent bounds how many show something in one note.
	MostPresent = 100

	// sayAgain is how often an instance says what its senders show: two may be lost.
	sayAgain = 10 * time.Second
	// tick is how often leases are looked at, and how often an instance answers who is there.
	tick = time.Second
)

// Bus tells other instances. Publish never blocks, and may lose what it is given.
type Bus interface{ Publish(payload []byte) }

// Connections are those that run on this instance.
type Connections interface {
	// Forward gives a message that was posted to another instance to the connection that it
	// names, if that runs here. It does not wait for it.
	Forward(p Post)
}

// Post is a message by HTTP that acts as a connection.
type Post struct {
	Note notes.NoteID
	From wire.Sender
	Name string          // of a custom message; empty: it is what the connection shows
	Data json.RawMessage // as the decoders of wire return it
}

// Rooms are the rooms of one instance.
type Rooms struct {
	bus         Bus // nil: there are no other instances
	instance    string
	connections Connections
	log         *slog.Logger

	mu    sync.Mutex
	rooms map[notes.NoteID]*room
}

// NewRooms returns rooms of an instance with that name, which is another for each. Without a bus
// they are this instance's alone.
func NewRooms(instance string, bus Bus, log *slog.Logger) *Rooms {
	return &Rooms{bus: bus, instance: instance, log: log, rooms: map[notes.NoteID]*room{}}
}

// Serve names the connections that posts of other instances are for. It is called once, before
// anything else.
func (r *Rooms) Serve(c Connections) { r.connections = c }

// Shared reports whether there may be other instances.
func (r *Rooms) Shared() bool { return r.bus != nil }

// Open returns how many rooms there are, for metrics and leak checks.
func (r *Rooms) Open() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.rooms)
}

// Take gives a connection a seat in a note's room, from which it sees nothing yet: its first
// look is State. wake has one slot, which is filled when there is something to Read. The caller
// leaves it when the connection ends or its user is no member any more.
func (r *Rooms) Take(note notes.NoteID, from wire.Sender, d Dialect, wake chan<- struct{}) *Seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.rooms[note]
	if m == nil {
		m = newRoom(r, note)
		r.rooms[note] = m
		m.tell(message{Kind: kindWho})
	}
	return m.seat(from, d, wake)
}

// Say sends a custom message to all who are in the note's room, here and elsewhere.
// Errors: Invalid, TooLarge.
func (r *Rooms) Say(p Post) error {
	if err := p.check(); err != nil {
		return err
	}
	at := notes.MillisOf(time.Now())
	if m := r.find(p.Note); m != nil {
		m.say(p.From, p.Name, p.Data, at)
	}
	r.publish(message{Kind: kindCustom, Note: p.Note, User: p.From.User, Sender: p.From.ID, Name: p.Name, Data: p.Data, At: at})
	return nil
}

// Forward sends a post to the instance where its connection runs.
// Errors: Invalid, TooLarge.
func (r *Rooms) Forward(p Post) error {
	if err := p.check(); err != nil {
		return err
	}
	r.publish(message{Kind: kindPost, Note: p.Note, User: p.From.User, Sender: p.From.ID, Name: p.Name, Data: p.Data})
	return nil
}

func (r *Rooms) find(note notes.NoteID) *room {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rooms[note]
}

// all returns the rooms there are now.
func (r *Rooms) all() []*room {
	r.mu.Lock()
	defer r.mu.Unlock()
	rooms := make([]*room, 0, len(r.rooms))
	for _, m := range r.rooms {
		rooms = append(rooms, m)
	}
	return rooms
}

// forget drops a room in which nobody sits.
func (r *Rooms) forget(m *room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.empty() && r.rooms[m.note] == m {
		delete(r.rooms, m.note)
	}
}

func (r *Rooms) publish(m message) {
	if r.bus == nil {
		return
	}
	m.From = r.instance
	r.bus.Publish(wire.Encode(m))
}
