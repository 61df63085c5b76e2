package goclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// measuring is how long a network has to bring a first message before it counts as one
	// that does not.
	measuring = 3 * time.Second
	// measurements is how often something is tried: a single failure says little.
	measurements = 3
)

// Negotiate measures what arrives from the server: it opens a WebSocket and waits for an answer,
// reads the server's probe as an event stream, and polls. Nothing counts that was only accepted.
// It takes about half a second, and on bad networks up to some seconds for each transport; all
// are measured side by side. Follow with Auto remembers the outcome for ten minutes.
//
// The error says that nothing arrives, or why the server could not be asked.
func (c *Client) Negotiate(ctx context.Context) (*Network, error) {
	return c.measure(ctx, measurement{all: true, within: measuring})
}

// offer is what a server says that it has.
type offer struct {
	Transports []Transport
	SSE        struct{ HeartbeatMs int64 }
	Probe      struct{ Path string }
}

// measurement is what Negotiate is to do.
type measurement struct {
	all     bool               // if not, a WebSocket that works is enough
	within  time.Duration      // how long a first message may take
	shunned map[Transport]bool // transports that are not to be chosen
}

func (c *Client) measure(ctx context.Context, m measurement) (*Network, error) {
	o, err := c.offered(ctx, m.within)
	if err != nil {
		return nil, err
	}
	n := &Network{heartbeat: time.Duration(o.SSE.HeartbeatMs) * time.Millisecond}
	unmeasured := Measured{Err: errNotMeasured}
	n.WebSocket, n.SSE, n.Poll = unmeasured, unmeasured, unmeasured
	socket := func() { n.WebSocket = c.often(ctx, m.within, m.within/3, c.tryWebSocket) }
	if !m.all && !m.shunned[WebSocket] {
		if socket(); n.WebSocket.Err == nil {
			return n, c.decide(n, m.shunned)
		}
	}
	var group sync.WaitGroup
	if n.WebSocket.Err == errNotMeasured {
		group.Go(socket)
	}
	if o.Probe.Path != "" {
		group.Go(func() {
			var mu sync.Mutex
			var after time.Duration
			n.SSE = c.often(ctx, m.within, m.within, func(ctx context.Context) error { // not two at a time: it is large
				first, holdBack, err := c.probe(ctx, o.Probe.Path)
				if err == nil {
					mu.Lock()
					after, n.HoldBack = first, holdBack
					mu.Unlock()
				}
				return err
			})
			if n.SSE.Err == nil {
				n.SSE.After = after
			}
		})
	}
	group.Go(func() { n.Poll = c.often(ctx, m.within, m.within/3, c.tryPoll) })
	group.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return n, c.decide(n, m.shunned)
}

func (c *Client) decide(n *Network, shunned map[Transport]bool) error {
	if err := n.choose(shunned); err != nil {
		return err
	}
	c.network.set(n)
	return nil
}

// offered asks the server what it has.
func (c *Client) offered(ctx context.Context, within time.Duration) (o offer, err error) {
	for range measurements {
		asked, cancel := context.WithTimeout(ctx, within)
		var status int
		var answer []byte
		status, answer, err = c.Do(asked, http.MethodGet, "/api/negotiate", nil)
		cancel()
		switch {
		case ctx.Err() != nil:
			return o, ctx.Err()
		case err != nil:
		case status != http.StatusOK:
			err = failure(status, answer)
		case json.Unmarshal(answer, &o) != nil || len(o.Transports) == 0:
			return o, &AnswerError{Status: status, Body: answer}
		default:
			return o, nil
		}
		if !mayComeBack(err) {
			break
		}
	}
	return o, err
}

// often tries again when an attempt fails, and beside it when it takes longer than patience: one
// that hangs says little, either. The first success counts.
func (c *Client) often(ctx context.Context, within, patience time.Duration, try func(context.Context) error) Measured {
	ctx, cancel := context.WithTimeoutCause(ctx, within, fmt.Errorf("nothing arrived within %v", within))
	defer cancel()
	begun := time.Now()
	ended := make(chan error, measurements)
	tries, running := 0, 0
	start := func() {
		if tries < measurements && ctx.Err() == nil {
			tries, running = tries+1, running+1
			go func() {
				err := try(ctx)
				if err != nil {
					err = cause(ctx, err)
				}
				ended <- err
			}()
		}
	}
	start()
	impatient := time.NewTicker(patience)
	defer impatient.Stop()
	for {
		select {
		case err := <-ended:
			running--
			if err != nil {
				start()
			}
			if err != nil && running > 0 {
				continue
			}
			m := Measured{After: time.Since(begun), Err: err}
			for cancel(); running > 0; running-- {
				<-ended // so that nothing goes on behind the caller's back
			}
			return m
		case <-impatient.C:
			start()
		}
	}
}

// tryWebSocket waits for a message of the server's and for its answer to one: that the
// handshake succeeded says nothing.
func (c *Client) tryWebSocket(ctx context.Context) error {
	address, err := c.accountSocket()
	if err != nil {
		return err
	}
	token, err := c.token(ctx)
	if err != nil {
		return err
	}
	if !c.byRequest(token) {
		token = "" // it takes no part in this
	}
	conn, err := c.openSocket(ctx, address, token, "")
	if err != nil {
		return err
	}
	s := &Stream{conn: conn, silence: -1}
	defer s.Close()
	if err := s.Send(ctx, ping); err != nil {
		return err
	}
	for {
		e, err := s.Next(ctx)
		if err != nil || e.Type == "pong" {
			return err
		}
	}
}

// ping is answered by pong on every WebSocket, signed in or not.
var ping = json.RawMessage(`{"type":"ping"}`)

// tryPoll asks for the head of the log. A refusal has arrived, too.
func (c *Client) tryPoll(ctx context.Context) error {
	token, err := c.token(ctx)
	if err != nil {
		return err
	}
	conn, err := c.openPoll(ctx, "/api/changes", token, "", 0)
	if _, refused := errors.AsType[*Refusal](err); refused {
		return nil
	}
	if err == nil {
		err = conn.close()
	}
	return err
}
