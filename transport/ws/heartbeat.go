package ws

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// ErrUnresponsive is what Heartbeat returns when the client gave no sign of life for 10 s
// after the last one.
var ErrUnresponsive = errors.New("no answer to heartbeat")

// Heartbeat sends a ping, and fails if nothing was received since the one before, 10 s
// ago or more. It never waits, neither for the pong nor for the network, so a client is
// found dead one heartbeat after the ping that it did not answer. While no Receive is
// under way there is no telling, and the client is given the benefit of the doubt.
func (c *Conn) Heartbeat(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	p, life := &c.pinger, c.raw.life.Load()
	if !p.sent.IsZero() && life == p.life {
		if c.receiving.Load() && time.Since(p.sent) >= pongTimeout {
			return ErrUnresponsive
		}
		return nil // the last ping may yet be answered
	}
	p.sent, p.life = time.Now(), life
	return p.start(c.ping)
}

// ping sends a ping. The library's Ping also waits for the pong, which is of no use here,
// but there is no other.
func (c *Conn) ping() {
	ctx, cancel := context.WithTimeout(context.Background(), pongTimeout)
	defer cancel()
	_ = c.ws.Ping(ctx) // that no pong came shows in the next Heartbeat
}

// pinger runs pings beside the goroutine that writes.
type pinger struct {
	sent time.Time // the last ping; used by Heartbeat alone
	life uint64    // the signs of life before it

	mu      sync.Mutex
	stopped bool
	running sync.WaitGroup
}

func (p *pinger) start(ping func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return net.ErrClosed
	}
	p.running.Go(ping)
	return nil
}

// stop waits for the pings, which end with the connection.
func (p *pinger) stop() {
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.running.Wait()
}
