// Package bus carries hints between the instances of a fleet, over the Pub/Sub of Valkey or
// Redis: which log has grown, and how far. A hint may be lost, doubled or late; the log is
// the truth, and a sweep finds what no hint told. Nothing else is ever sent.
package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"notewire/notes"
)

const (
	channel = "notewire:hints"
	// backlog is how many hints wait for a slow server; more are dropped, and counted.
	backlog = 4096
)

// hint is a message on the bus.
type hint struct {
	From string       `json:"from"` // the instance, which need not hear itself
	User notes.UserID `json:"user,omitempty"`
	Note notes.NoteID `json:"note,omitempty"`
	Seq  int64        `json:"seq"`
}

// Bus is one instance's end. Publish is safe for concurrent use.
type Bus struct {
	client  *redis.Client
	from    string
	out     chan hint
	log     *slog.Logger
	dropped atomic.Int64
}

// Open returns a Bus to a server named by a URL: redis://host:6379, or rediss:// with TLS.
// It does not wait for the server: the bus connects, and connects again, by itself.
func Open(url, instance string, log *slog.Logger) (*Bus, error) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("BUS_URL: %w", err)
	}
	opts.MaxRetries = -1 // a hint that was late is a hint that is not needed
	return &Bus{client: redis.NewClient(opts), from: instance, out: make(chan hint, backlog), log: log}, nil
}

// Publish implements notes.Publisher. It never blocks.
func (b *Bus) Publish(t notes.Topic, seq int64) {
	select {
	case b.out <- hint{From: b.from, User: t.User, Note: t.Note, Seq: seq}:
	default:
		b.dropped.Add(1)
	}
}

// Dropped returns how many hints did not even reach the bus.
func (b *Bus) Dropped() int64 { return b.dropped.Load() }

// Run sends what is published, and gives to what others publish, until ctx ends. Then it
// closes the bus.
func (b *Bus) Run(ctx context.Context, to notes.Publisher) {
	received := make(chan struct{})
	go func() {
		defer close(received)
		b.receive(ctx, to)
	}()
	b.send(ctx)
	<-received
	_ = b.client.Close() // its connections are gone either way
}

func (b *Bus) send(ctx context.Context) {
	healthy := true
	for {
		select {
		case <-ctx.Done():
			return
		case h := <-b.out:
			err := b.sendAll(ctx, h)
			if (err == nil) != healthy && ctx.Err() == nil {
				healthy = err == nil
				b.report(err)
			}
		}
	}
}

// sendAll sends a hint and those that wait behind it in one round trip.
func (b *Bus) sendAll(ctx context.Context, h hint) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	pipe := b.client.Pipeline()
	for {
		text, err := json.Marshal(h)
		if err != nil {
			return err
		}
		pipe.Publish(ctx, channel, text)
		select {
		case h = <-b.out:
			continue
		default:
		}
		_, err = pipe.Exec(ctx)
		return err
	}
}

func (b *Bus) report(err error) {
	if err == nil {
		b.log.Info("the bus is back")
		return
	}
	b.log.Warn("the bus cannot be reached; changes of other instances arrive by the sweep", "error", err)
}

func (b *Bus) receive(ctx context.Context, to notes.Publisher) {
	sub := b.client.Subscribe(ctx, channel)
	defer sub.Close()
	for {
		message, err := sub.ReceiveMessage(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, redis.ErrClosed):
			return
		case err != nil: // it connects again at the next call
			select {
			case <-time.After(time.Second):
				continue
			case <-ctx.Done():
				return
			}
		}
		b.deliver(message.Payload, to)
	}
}

func (b *Bus) deliver(payload string, to notes.Publisher) {
	var h hint
	if err := json.Unmarshal([]byte(payload), &h); err != nil {
		b.log.Debug("not a hint", "payload", payload)
		return
	}
	if h.From != b.from && (h.User == "") != (h.Note == "") {
		to.Publish(notes.Topic{User: h.User, Note: h.Note}, h.Seq)
	}
}
