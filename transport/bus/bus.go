// Package bus carries messages between the instances of a fleet, over the Pub/Sub of Valkey or
// Redis: hints which log has grown, and how far, and on a channel of its own who is present in
// notes. A message may be lost, doubled or late. Of a hint the log is the truth, and a sweep
// finds what no hint told; presence is said again.
package bus

import (
	"context"
	"encoding/json"
	"log/slog"

	"notewire/notes"
)

// channel is that of hints.
const channel = "notewire:hints"

// hint is a message on it.
type hint struct {
	From string       `json:"from"` // the instance, which need not hear itself
	User notes.UserID `json:"user,omitempty"`
	Note notes.NoteID `json:"note,omitempty"`
	Seq  int64        `json:"seq"`
}

// Bus is one instance's end of the hints. Publish is safe for concurrent use.
type Bus struct {
	*line
	from string
}

// Open returns a Bus to a server named by a URL: redis://host:6379, or rediss:// with TLS.
// It does not wait for the server: the bus connects, and connects again, by itself.
func Open(url, instance string, log *slog.Logger) (*Bus, error) {
	l, err := openLine(url, channel, "changes of other instances arrive by the sweep", log)
	if err != nil {
		return nil, err
	}
	return &Bus{l, instance}, nil
}

// Publish implements notes.Publisher. It never blocks.
func (b *Bus) Publish(t notes.Topic, seq int64) {
	text, err := json.Marshal(hint{From: b.from, User: t.User, Note: t.Note, Seq: seq})
	if err != nil {
		panic("bus: a hint cannot be encoded: " + err.Error()) // it holds strings and a number
	}
	b.publish(text)
}

// Run sends what is published, and gives to what others publish, until ctx ends. It is
// called once.
func (b *Bus) Run(ctx context.Context, to notes.Publisher) {
	b.run(ctx, func(payload string) { b.deliver(payload, to) })
}

func (b *Bus) deliver(payload string, to notes.Publisher) {
	var h hint
	if err := json.Unmarshal([]byte(payload), &h); err != nil {
		b.log.Debug("not a hint", "bytes", len(payload))
		return
	}
	if h.From != b.from && (h.User == "") != (h.Note == "") {
		to.Publish(notes.Topic{User: h.User, Note: h.Note}, h.Seq)
	}
}
