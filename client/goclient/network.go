package goclient

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Network is what a client measured between itself and a server, and what it makes of that.
type Network struct {
	WebSocket Measured // until the first message, and an answer to it
	SSE       Measured // until the first event of a stream
	Poll      Measured // until the answer to a request
	// HoldBack is how many bytes of an event stream something on the way holds back, rounded
	// up to a size of padding; BuffersAll if it lets nothing through before the end.
	HoldBack int
	// Transport is the best that delivers, and Padding what it needs (Options.Padding).
	Transport Transport
	Padding   int

	heartbeat time.Duration // of event streams
}

// BuffersAll is the hold-back of a network on which an event stream arrives only when it ends,
// or when more than MaxPadding bytes of it are there.
const BuffersAll = -1

// Measured is how long something took, or why it did not arrive.
type Measured struct {
	After time.Duration
	Err   error
}

var errNotMeasured = errors.New("not measured")

// choose sets the transport: the first of WebSocket, SSE, SSE with padding and polls that
// delivers and is not shunned.
func (n *Network) choose(shunned map[Transport]bool) error {
	n.Transport, n.Padding = "", 0
	switch {
	case n.WebSocket.Err == nil && !shunned[WebSocket]:
		n.Transport = WebSocket
	case n.SSE.Err == nil && n.HoldBack != BuffersAll && !shunned[SSE]:
		n.Transport, n.Padding = SSE, n.HoldBack
	case n.Poll.Err == nil && !shunned[Poll]:
		n.Transport = Poll
	case len(shunned) > 0:
		return n.choose(nil)
	default:
		return fmt.Errorf("goclient: nothing arrives from the server: %w", errors.Join(n.Poll.Err, n.SSE.Err, n.WebSocket.Err))
	}
	return nil
}

// String says what was measured, and what is used.
func (n *Network) String() string {
	var sse string
	switch {
	case n.SSE.Err != nil:
		sse = n.SSE.String()
	case n.HoldBack == BuffersAll:
		sse = "held back until the stream ends"
	case n.HoldBack > 0:
		sse = fmt.Sprintf("%v, up to %d bytes held back", n.SSE, n.HoldBack)
	default:
		sse = n.SSE.String()
	}
	use := string(n.Transport)
	if n.Padding > 0 {
		use += fmt.Sprintf(" padded with %d bytes", n.Padding)
	}
	return fmt.Sprintf("websocket: %v; sse: %s; poll: %v; using %s", n.WebSocket, sse, n.Poll, cmp.Or(use, "nothing"))
}

// String is the time or the reason.
func (m Measured) String() string {
	if m.Err != nil {
		return m.Err.Error()
	}
	return m.After.Round(100 * time.Microsecond).String()
}

// rank orders transports: less is better.
func rank(t Transport, padding int) int {
	switch t {
	case WebSocket:
		return 0
	case SSE:
		return 1 + padding
	}
	return 2 + MaxPadding
}

// remembering is how long a network counts as the one that was measured.
const remembering = 10 * time.Minute

// remembered is the network that a client measured last.
type remembered struct {
	mu      sync.Mutex
	network *Network
	at      time.Time
}

// get returns a copy, or nil.
func (r *remembered) get() *Network {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.network == nil || time.Since(r.at) > remembering {
		return nil
	}
	n := *r.network
	return &n
}

func (r *remembered) set(n *Network) {
	r.mu.Lock()
	defer r.mu.Unlock()
	mine := *n
	r.network, r.at = &mine, time.Now()
}
