package goclient

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// AutoOptions say how Follow goes about it with the transport Auto. The zero value is usable.
type AutoOptions struct {
	// Within is how long a connection has to bring its first message; 0 is 3 s.
	Within time.Duration
	// Ping is how often a WebSocket is asked for an answer. One that is silent for twice as
	// long is given up; an event stream, one and a half heartbeats and Within after it was
	// last heard of; a poll, one and a half times the server's longest wait and Within after
	// it was sent. 0 is 20 s.
	Ping time.Duration
	// Climb is how long after a transport that is not the best the better ones are measured
	// again. Each time in vain doubles it, and so does a better one that then goes silent, up
	// to eight times. 0 is 5 min, negative is never.
	Climb time.Duration
}

func (o AutoOptions) withDefaults() AutoOptions {
	o.Within, o.Ping = cmp.Or(o.Within, measuring), cmp.Or(o.Ping, 20*time.Second)
	o.Climb = cmp.Or(o.Climb, 5*time.Minute)
	return o
}

const (
	// strikes is how often a transport may go silent before it is shunned until the next climb.
	strikes = 2
	// cuts is how often in a row it may be cut off soon after it began.
	cuts = 8
	// lasting is how many times the silence that ends it a connection must have lived for its
	// end to be no evidence together with earlier ones: devices sleep.
	lasting = 10
	// slowest is how many times AutoOptions.Climb a climb is put off at most.
	slowest = 8
)

// auto is how a follower chooses its transport.
type auto struct {
	*Client
	AutoOptions
	network *Network // the last that was measured; nil: none yet
	doubted bool     // it is to be measured again
	silent  map[Transport]int
	cut     map[Transport]int
	shunned map[Transport]bool
	falls   int // how often a transport was shunned
}

func (c *Client) newAuto(o AutoOptions) *auto {
	return &auto{Client: c, AutoOptions: o.withDefaults(), network: c.network.get(), silent: map[Transport]int{}, cut: map[Transport]int{}, shunned: map[Transport]bool{}}
}

// way returns how to connect now. measured is what it was measured for, if it was.
func (a *auto) way(ctx context.Context) (w way, measured *Network, err error) {
	if a.network == nil || a.doubted {
		n, err := a.measure(ctx, measurement{within: a.Within, shunned: a.shunned})
		if err != nil {
			return way{}, nil, err
		}
		a.network, a.doubted, measured = n, false, n
	}
	return a.wayOn(a.network), measured, nil
}

// wayOn is how a network is used.
func (a *auto) wayOn(n *Network) way {
	w := way{transport: n.Transport, padding: n.Padding, opening: a.Within}
	switch w.transport {
	case WebSocket:
		w.silence = 2 * a.Ping
	case SSE:
		w.silence = cmp.Or(n.heartbeat, longestPoll)*3/2 + a.Within
	case Poll:
		w.silence = longestPoll*3/2 + a.Within
	}
	if a.opts.Silence > 0 {
		w.silence = min(w.silence, a.opts.Silence)
	}
	return w
}

// judge learns from the end of a connection, and says whether the network is to be measured
// before the next. What the server itself said is no evidence against the network, and neither
// is a connection that delivered before it was cut off, unless that happens again and again:
// servers restart.
func (a *auto) judge(w way, heard bool, lived time.Duration, err error) (again bool) {
	closed, ended := errors.AsType[*Closed](err)
	_, refused := errors.AsType[*Refusal](err)
	switch {
	case refused, ended && (closed.Code >= 4000 || !closed.Reconnect): // other codes are of boxes on the way, too
		return false
	case !heard:
		a.doubted = true
		return true
	case errors.Is(err, errSilent):
		if lived > lasting*w.silence {
			a.silent[w.transport] = 0
		}
		if a.silent[w.transport]++; a.silent[w.transport] >= strikes {
			a.shun(w.transport)
		}
	case lived < settled:
		if a.cut[w.transport]++; a.cut[w.transport] >= cuts {
			a.shun(w.transport)
		}
	default:
		a.cut[w.transport] = 0
		if lived > slowest*a.Climb {
			a.falls = 0
		}
	}
	return false
}

func (a *auto) shun(t Transport) {
	a.doubted, a.shunned[t] = true, true
	a.falls++
}

// firstClimb is how long to stay with a transport before better ones are tried.
func (a *auto) firstClimb() time.Duration {
	return a.Climb * time.Duration(min(slowest, 1<<min(a.falls, 10)))
}

// forgive forgets what was held against transports.
func (a *auto) forgive() {
	clear(a.silent)
	clear(a.cut)
	clear(a.shunned)
}
