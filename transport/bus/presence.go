package bus

import (
	"context"
	"log/slog"
)

// presenceChannel is that of presence and custom messages.
const presenceChannel = "notewire:presence"

// Presence is one instance's end of what instances say of who is present. What it carries it
// does not read. Publish is safe for concurrent use.
type Presence struct{ *line }

// OpenPresence is Open for presence.
func OpenPresence(url string, log *slog.Logger) (*Presence, error) {
	l, err := openLine(url, presenceChannel, "who is present elsewhere is not known", log)
	if err != nil {
		return nil, err
	}
	return &Presence{l}, nil
}

// Publish says something to all instances, this one too. It never blocks.
func (p *Presence) Publish(payload []byte) { p.publish(payload) }

// Run sends what is published, and has hear hear what is said, one message after the other,
// until ctx ends. It is called once.
func (p *Presence) Run(ctx context.Context, hear func(payload []byte)) {
	p.run(ctx, func(payload string) { hear([]byte(payload)) })
}
