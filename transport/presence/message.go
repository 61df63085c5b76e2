package presence

import (
	"encoding/json"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// message is what instances say to each other.
type message struct {
	From    string          `json:"from"` // the instance, which need not hear itself
	Kind    kind            `json:"kind"`
	Note    notes.NoteID    `json:"note"`
	User    notes.UserID    `json:"user,omitempty"`
	Sender  string          `json:"sender,omitempty"`
	Name    string          `json:"name,omitempty"`
	Data    json.RawMessage `json:"data,omitzero"`
	At      notes.Millis    `json:"at,omitzero"`
	LeaseMS int64           `json:"leaseMs,omitzero"`
}

type kind string

const (
	kindWho    kind = "who"    // who is there? whoever has senders there says what they show
	kindSet    kind = "set"    // a sender shows data, for so long
	kindClear  kind = "clear"  // a sender shows nothing any more
	kindCustom kind = "custom" // a custom message
	kindPost   kind = "post"   // a Post, for the instance where its connection runs
)

// mostBytes bounds a message: its data, and what is around it.
const mostBytes = wire.PresenceBytes + 1024

// Hear takes up what another instance says. What is no message is ignored.
func (r *Rooms) Hear(payload []byte) {
	m, ok := read(payload)
	if !ok {
		r.log.Debug("not a message about presence", "bytes", len(payload))
		return
	}
	if m.From == r.instance {
		return
	}
	from := wire.Sender{User: m.User, ID: m.Sender}
	if m.Kind == kindPost {
		r.connections.Forward(Post{Note: m.Note, From: from, Name: m.Name, Data: m.Data})
		return
	}
	room := r.find(m.Note)
	if room == nil {
		return
	}
	switch m.Kind {
	case kindWho:
		room.ask(time.Now())
	case kindSet:
		room.heard(from, m.Data, time.Duration(m.LeaseMS)*time.Millisecond)
	case kindClear:
		room.heard(from, nil, 0)
	case kindCustom:
		room.say(from, m.Name, m.Data, m.At)
	}
}

// read checks all that a message of ours fulfils: the server that carries them may be others'.
func read(payload []byte) (m message, ok bool) {
	if len(payload) > mostBytes || wire.DecodeOpen(payload, &m) != nil {
		return m, false
	}
	m.Data = wire.Compact(m.Data)
	if m.From == "" || !notes.ValidID(string(m.Note)) || checkData(m.Data) != nil {
		return m, false
	}
	if m.Kind == kindWho {
		return m, true
	}
	sender := notes.ValidID(m.Sender)
	if !notes.ValidID(string(m.User)) || !sender && m.Sender != "" {
		return m, false
	}
	named := wire.ValidCustomName(m.Name)
	switch m.Kind {
	case kindSet:
		return m, sender && m.Data != nil && m.LeaseMS > 0 && m.LeaseMS <= (Lease+tick).Milliseconds()
	case kindClear:
		return m, sender
	case kindCustom:
		return m, named
	case kindPost:
		return m, sender && (named || m.Name == "")
	}
	return m, false
}
