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
	"net"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"notewire/notes"
)

const (
	channel = "notewire:hints"
	// backlog is how many hints wait for a slow server, and go in one round trip; more are
	// dropped, and counted.
	backlog = 4096
	// timeout is for whatever the server is asked: a later hint is not needed, as the
	// sweep was faster.
	timeout = 2 * time.Second
	// silence is how long a server may say nothing before it is asked whether it is there.
	silence = 5 * time.Second
	// comeback is how long to wait before connecting again.
	comeback = 500 * time.Millisecond
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
	options *redis.Options
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
	opts.MaxRetries, opts.DialerRetries = -1, 1 // the next hint is the next try
	opts.DialTimeout, opts.ReadTimeout, opts.WriteTimeout = timeout, timeout, timeout
	opts.ContextTimeoutEnabled = true
	opts.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	redis.SetLogger(libraryLog{log}) // the library has one for all, and would write to standard error
	return &Bus{options: opts, from: instance, out: make(chan hint, backlog), log: log}, nil
}

// libraryLog is where the library says what the bus says in its own words, or what does
// not matter.
type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "bus library: "+fmt.Sprintf(format, v...))
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

// Run sends what is published, and gives to what others publish, until ctx ends. It is
// called once.
func (b *Bus) Run(ctx context.Context, to notes.Publisher) {
	client := redis.NewClient(tie(ctx, b.options))
	received := make(chan struct{})
	go func() {
		defer close(received)
		b.receive(ctx, client, to)
	}()
	b.send(ctx, client)
	<-received
	_ = client.Close() // its connections are closed already
}

func (b *Bus) send(ctx context.Context, client *redis.Client) {
	healthy := true
	for {
		select {
		case <-ctx.Done():
			return
		case h := <-b.out:
			err := b.sendAll(ctx, client, h)
			if (err == nil) != healthy && ctx.Err() == nil {
				healthy = err == nil
				b.report(err)
			}
		}
	}
}

// sendAll sends a hint and those that wait behind it in one round trip.
func (b *Bus) sendAll(ctx context.Context, client *redis.Client, h hint) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	pipe := client.Pipeline()
	for {
		text, err := json.Marshal(h)
		if err != nil {
			return err
		}
		pipe.Publish(ctx, channel, text)
		if pipe.Len() < backlog {
			select {
			case h = <-b.out:
				continue
			default:
			}
		}
		n := pipe.Len()
		if _, err = pipe.Exec(ctx); err != nil {
			b.dropped.Add(int64(n)) // at most: some may have arrived
		}
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

// receive listens, and listens again when the server was lost.
func (b *Bus) receive(ctx context.Context, client *redis.Client, to notes.Publisher) {
	for {
		err := b.listen(ctx, client, to)
		b.log.Debug("the bus is not heard", "error", err)
		select {
		case <-time.After(comeback):
		case <-ctx.Done():
			return
		}
	}
}

// listen returns why the server is no longer heard. A server that says nothing is asked
// whether it is there: a lost network closes no connection.
func (b *Bus) listen(ctx context.Context, client *redis.Client, to notes.Publisher) error {
	sub := client.Subscribe(ctx, channel)
	defer sub.Close()
	for asked := false; ; {
		message, err := sub.ReceiveTimeout(ctx, silence)
		if lost, ok := errors.AsType[net.Error](err); ok && lost.Timeout() && !asked {
			asked, err = true, sub.Ping(ctx)
			if err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		asked = false
		if m, ok := message.(*redis.Message); ok {
			b.deliver(m.Payload, to)
		}
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
