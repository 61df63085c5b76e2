package presence

import (
	"encoding/json"

	"notewire/notes"
	"notewire/transport/wire"
)

const (
	ringMessages = 64       // custom messages that a room keeps for its readers
	ringBytes    = 64 << 10 // and the bytes of their data; at least one message
)

// custom is a custom message.
type custom struct {
	seq  int64
	from wire.Sender
	name string
	data json.RawMessage
	at   notes.Millis
	encoded
}

// ring is the last custom messages of a room.
type ring struct {
	messages []*custom
	bytes    int
	last     int64 // seq of the last message
}

func (r *ring) add(m *custom) {
	r.last++
	m.seq = r.last
	r.messages = append(r.messages, m)
	r.bytes += len(m.data)
	for len(r.messages) > 1 && (len(r.messages) > ringMessages || r.bytes > ringBytes) {
		r.bytes -= len(r.messages[0].data)
		r.messages = append(r.messages[:0:0], r.messages[1:]...)
	}
}

// after returns the messages after a place, as far as they are still there.
func (r *ring) after(seq int64) []*custom {
	missed := r.last - seq
	return r.messages[max(0, len(r.messages)-int(min(missed, ringMessages))):]
}
