package edge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"notewire/notes"
)

const (
	// backlog is how many topics wait for a slow edge; hints of more are dropped, and counted.
	backlog = 4096
	// atOnce is how many go in one request.
	atOnce  = 64
	timeout = 5 * time.Second
	// comeback is how long to wait after an edge that did not answer.
	comeback = 500 * time.Millisecond
)

// hint says that a log has grown, and how far.
type hint struct {
	User notes.UserID `json:"user,omitempty"`
	Note notes.NoteID `json:"note,omitempty"`
	Seq  int64        `json:"seq"`
}

// Pusher tells the edge which logs have grown. A hint may be lost, doubled or late: the edge
// reads the log, and looks by itself when nobody hints. Publish is safe for concurrent use.
type Pusher struct {
	url     string
	secret  []byte
	log     *slog.Logger
	client  *http.Client
	waiting chan struct{} // holds a token while something is pending

	mu      sync.Mutex
	pending map[notes.Topic]int64 // the furthest hint of each topic
	dropped int64
}

var _ notes.Publisher = (*Pusher)(nil)

// NewPusher returns a Pusher to the edge at base, such as https://notes.example.com. It
// connects to nothing yet.
func NewPusher(base string, secret []byte, log *slog.Logger) (*Pusher, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("EDGE_URL: %q is no address, as https://notes.example.com is", base)
	}
	if len(secret) < MinSecretBytes {
		return nil, fmt.Errorf("EDGE_SECRET has %d bytes; it must have at least %d", len(secret), MinSecretBytes)
	}
	return &Pusher{
		url: strings.TrimSuffix(base, "/") + "/edge/push", secret: secret, log: log,
		client: &http.Client{Timeout: timeout}, waiting: make(chan struct{}, 1), pending: map[notes.Topic]int64{},
	}, nil
}

// Publish implements notes.Publisher. It never blocks: the last hint of a topic stands for
// all before it.
func (p *Pusher) Publish(t notes.Topic, seq int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.add(t, seq)
}

// add is called with the lock held.
func (p *Pusher) add(t notes.Topic, seq int64) {
	before, ok := p.pending[t]
	if !ok && len(p.pending) >= backlog {
		p.dropped++
		return
	}
	p.pending[t] = max(before, seq)
	p.wake()
}

func (p *Pusher) wake() {
	select {
	case p.waiting <- struct{}{}:
	default: // Run knows
	}
}

// Dropped returns how many hints had no room to wait.
func (p *Pusher) Dropped() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dropped
}

// Run sends what is published until ctx ends. What an edge that is away missed goes out when
// it is back. It is called once.
func (p *Pusher) Run(ctx context.Context) {
	healthy := true
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.waiting:
		}
		batch := p.take()
		err := p.send(ctx, batch)
		if (err == nil) != healthy && ctx.Err() == nil {
			healthy = err == nil
			p.report(err)
		}
		if err != nil {
			p.putBack(batch)
			select {
			case <-ctx.Done():
				return
			case <-time.After(comeback):
			}
		}
	}
}

// take removes hints for one request.
func (p *Pusher) take() []hint {
	p.mu.Lock()
	defer p.mu.Unlock()
	batch := make([]hint, 0, min(len(p.pending), atOnce))
	for t, seq := range p.pending {
		if len(batch) == atOnce {
			p.wake()
			break
		}
		batch = append(batch, hint{t.User, t.Note, seq})
		delete(p.pending, t)
	}
	return batch
}

func (p *Pusher) putBack(batch []hint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, h := range batch {
		p.add(notes.Topic{User: h.User, Note: h.Note}, h.Seq)
	}
}

func (p *Pusher) send(ctx context.Context, batch []hint) error {
	if len(batch) == 0 {
		return nil
	}
	body, err := json.Marshal(struct {
		Hints []hint `json:"hints"`
	}{batch})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	Sign(p.secret, r, body, time.Now())
	res, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 4<<10)) // so that the connection is used again
	if res.StatusCode/100 != 2 {
		return errors.New(res.Status)
	}
	return nil
}

func (p *Pusher) report(err error) {
	if err == nil {
		p.log.Info("the edge is back")
		return
	}
	p.log.Warn("the edge cannot be told of changes; it looks for them by itself, later", "error", err)
}
