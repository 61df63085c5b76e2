package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	// backlog is how many messages of a line wait for a slow server, and go in one round trip;
	// more are dropped, and counted.
	backlog = 4096
	// timeout is for whatever the server is asked: what comes later is of no use.
	timeout = 2 * time.Second
	// silence is how long a server may say nothing before it is asked whether it is there.
	silence = 5 * time.Second
	// comeback is how long to wait before connecting again.
	comeback = 500 * time.Millisecond
)

// line is one channel of the server, with connections of its own: what one carries does not
// hold up what another does.
type line struct {
	options *redis.Options
	channel string
	down    string // what is said when the server cannot be reached
	out     chan []byte
	flushes chan chan struct{}
	log     *slog.Logger
	dropped atomic.Int64
}

func openLine(url, channel, down string, log *slog.Logger) (*line, error) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("BUS_URL: %w", err)
	}
	opts.MaxRetries, opts.DialerRetries = -1, 1 // the next message is the next try
	opts.DialTimeout, opts.ReadTimeout, opts.WriteTimeout = timeout, timeout, timeout
	opts.ContextTimeoutEnabled = true
	opts.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	redis.SetLogger(libraryLog{log}) // the library has one for all, and would write to standard error
	return &line{options: opts, channel: channel, down: down, out: make(chan []byte, backlog), flushes: make(chan chan struct{}), log: log}, nil
}

// libraryLog is where the library says what the bus says in its own words, or what does
// not matter.
type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "bus library: "+fmt.Sprintf(format, v...))
}

// publish never blocks.
func (l *line) publish(payload []byte) {
	select {
	case l.out <- payload:
	default:
		l.dropped.Add(1)
	}
}

// Flush returns when what was published before has been sent or dropped, or when ctx ends.
func (l *line) Flush(ctx context.Context) {
	done := make(chan struct{})
	select {
	case l.flushes <- done:
	case <-ctx.Done():
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Dropped returns how many messages did not even reach the server.
func (l *line) Dropped() int64 { return l.dropped.Load() }

// run sends what is published, and hands on what comes, one's own too, until ctx ends.
func (l *line) run(ctx context.Context, deliver func(payload string)) {
	client := redis.NewClient(tie(ctx, l.options))
	received := make(chan struct{})
	go func() {
		defer close(received)
		l.receive(ctx, client, deliver)
	}()
	l.send(ctx, client)
	<-received
	_ = client.Close() // its connections are closed already
}

func (l *line) send(ctx context.Context, client *redis.Client) {
	healthy := true
	send := func(payload []byte) {
		err := l.sendAll(ctx, client, payload)
		if (err == nil) != healthy && ctx.Err() == nil {
			healthy = err == nil
			l.report(err)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case payload := <-l.out:
			send(payload)
		case done := <-l.flushes:
			for n := len(l.out); n > 0; n = min(n, len(l.out)) {
				n--
				send(<-l.out)
			}
			close(done)
		}
	}
}

// sendAll sends a message and those that wait behind it in one round trip.
func (l *line) sendAll(ctx context.Context, client *redis.Client, payload []byte) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	pipe := client.Pipeline()
	for {
		pipe.Publish(ctx, l.channel, payload)
		if pipe.Len() < backlog {
			select {
			case payload = <-l.out:
				continue
			default:
			}
		}
		n := pipe.Len()
		_, err := pipe.Exec(ctx)
		if err != nil {
			l.dropped.Add(int64(n)) // at most: some may have arrived
		}
		return err
	}
}

func (l *line) report(err error) {
	if err == nil {
		l.log.Info("the bus is back", "channel", l.channel)
		return
	}
	l.log.Warn("the bus cannot be reached; "+l.down, "error", err)
}

// receive listens, and listens again when the server was lost.
func (l *line) receive(ctx context.Context, client *redis.Client, deliver func(payload string)) {
	for {
		err := l.listen(ctx, client, deliver)
		l.log.Debug("the bus is not heard", "channel", l.channel, "error", err)
		select {
		case <-time.After(comeback):
		case <-ctx.Done():
			return
		}
	}
}

// listen returns why the server is no longer heard. A server that says nothing is asked
// whether it is there: a lost network closes no connection.
func (l *line) listen(ctx context.Context, client *redis.Client, deliver func(payload string)) error {
	sub := client.Subscribe(ctx, l.channel)
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
			deliver(m.Payload)
		}
	}
}
