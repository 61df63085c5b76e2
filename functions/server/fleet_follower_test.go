package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// follower is a client that follows its account, or a note, through whatever happens to
// its server, with nothing but its cursor.
type follower struct {
	fleet  *fleet
	record *record
	user   string
	note   string // or empty: it follows its account
	socket bool
	home   int   // the server that it connects to first
	until  int64 // the number of the last event that there will be

	// The rest belongs to run, and to others once it has returned.
	at         int // the server it is connected to
	cursor     string
	seen       int64 // the number of the last event
	reconnects int
	arrivals   []arrival
}

type arrival struct {
	mutation string
	server   int
	at       time.Time
}

func (f *follower) String() string {
	return fmt.Sprintf("follower of %s (socket: %v) at server %d, at event %d", f.topic(), f.socket, f.at, f.seen)
}

// topic is the log that it follows.
func (f *follower) topic() string {
	if f.note != "" {
		return "note " + f.note
	}
	return "account " + f.user
}

// run follows until it has seen the last event. It connects again, elsewhere, as often as it
// must.
func (f *follower) run(ctx context.Context) error {
	for failures := 0; ; {
		before := f.seen
		err := f.follow(ctx)
		if errors.Is(err, errDone) {
			return nil
		}
		if wrong, ok := errors.AsType[*finding](err); ok {
			return fmt.Errorf("%v: %w", f, wrong)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%v waits for event %d: %w", f, f.until, context.Cause(ctx))
		}
		if failures++; f.seen > before {
			failures = 0
		}
		if failures > 2*len(f.fleet.processes) {
			return fmt.Errorf("%v finds no server: %w", f, err)
		}
		f.at = (f.at + 1) % len(f.fleet.processes)
		f.reconnects++
	}
}

// finding is what must not happen.
type finding struct{ what string }

func (f *finding) Error() string { return f.what }

func findingf(format string, args ...any) error { return &finding{fmt.Sprintf(format, args...)} }

func (f *follower) follow(ctx context.Context) error {
	if f.socket {
		return f.followSocket(ctx)
	}
	return f.followStream(ctx)
}

func (f *follower) path(dialect string) string {
	if f.note == "" {
		return map[string]string{"socket": "/ws", "stream": "/api/events?cursor=" + f.cursor}[dialect]
	}
	return map[string]string{"socket": "/ws/note/", "stream": "/api/notes/"}[dialect] + f.note +
		map[string]string{"socket": "", "stream": "/events"}[dialect] + "?cursor=" + f.cursor
}

func (f *follower) header() http.Header {
	return http.Header{"Authorization": {"Bearer " + f.fleet.as[f.user].token}}
}

func (f *follower) url() string { return f.fleet.processes[f.at].URL }

func (f *follower) followSocket(ctx context.Context) error {
	var opts websocket.DialOptions
	if f.note != "" {
		opts.HTTPHeader = f.header()
	}
	c, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(f.url(), "http")+f.path("socket"), &opts)
	if err != nil {
		return err
	}
	defer c.CloseNow()
	c.SetReadLimit(1 << 20)
	if f.note == "" {
		hello := fmt.Sprintf(`{"type":"auth","token":%q,"cursor":%q}`, f.fleet.as[f.user].token, f.cursor)
		if err := c.Write(ctx, websocket.MessageText, []byte(hello)); err != nil {
			return err
		}
	}
	for {
		_, data, err := c.Read(ctx)
		if err != nil {
			return err
		}
		if err := f.take(data); err != nil {
			return err
		}
	}
}

func (f *follower) followStream(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, "GET", f.url()+f.path("stream"), nil)
	if err != nil {
		return err
	}
	req.Header = f.header()
	res, err := f.fleet.streams.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(res.Body)
		return findingf("%d %s", res.StatusCode, body)
	}
	err = readEvents(res.Body, func(data []byte) {
		if err := f.take(data); err != nil {
			cancel(err)
		}
	})
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// errDone ends a follower that has seen the last event.
var errDone = errors.New("that was the last event")

// take checks a frame: the next event, or what is not an event.
func (f *follower) take(data []byte) error {
	now := time.Now()
	var frame struct{ Type, Cursor, MutationID string }
	if err := json.Unmarshal(data, &frame); err != nil {
		return findingf("%v in %s", err, data)
	}
	switch frame.Type {
	case "connection_established", "auth_success":
		return nil
	case "reconnect":
		return errors.New("the server says so")
	case "error", "auth_failed", "resync", "initial":
		return findingf("got %s", data)
	}
	_, number, _ := strings.Cut(frame.Cursor, "-")
	if n, err := strconv.ParseInt(number, 10, 64); err != nil || n != f.seen+1 {
		return findingf("after event %d came %s", f.seen, data)
	}
	f.seen++
	f.cursor = frame.Cursor
	f.arrivals = append(f.arrivals, arrival{frame.MutationID, f.at, now})
	if err := f.record.saw(f.topic(), f.seen, frame.MutationID, data); err != nil || f.seen < f.until {
		return err
	}
	return errDone
}

// record is what the followers saw. A log is the same, whichever server shows it.
type record struct {
	mu   sync.Mutex
	logs map[string][]recorded // by topic; [0] is number 1
}

type recorded struct{ mutation, bytes string }

func (r *record) saw(topic string, number int64, mutation string, data []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number == int64(len(r.logs[topic]))+1 {
		r.logs[topic] = append(r.logs[topic], recorded{mutation, string(data)})
	}
	if known := r.logs[topic][number-1]; known.bytes != string(data) {
		return findingf("event %d of %s is\n%s\nand for another\n%s", number, topic, data, known.bytes)
	}
	return nil
}
