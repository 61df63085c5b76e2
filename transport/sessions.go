package transport

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"notewire/notes"
	"notewire/transport/presence"
)

// Options bound sessions. DefaultOptions has the values of a server that is not told
// otherwise.
type Options struct {
	AuthTimeout    time.Duration // until auth must have come
	Heartbeat      time.Duration // between heartbeats
	TokenStaleness time.Duration // a connection ends when its token is older than that
	MessagesPer    time.Duration // window of Messages
	Messages       int           // messages of one socket in a window
	Sockets        int           // WebSockets of one account
	Streams        int           // streams of one account
	Anonymous      int           // connections of nobody, in all
	PerAddress     int           // connections from one address, whoever they are; the loopback's are not counted
	DrainWait      time.Duration // for messages in flight, when the server stops
	DrainSpread    time.Duration // connections are ended within this time, spread evenly
	Comeback       time.Duration // clients told to reconnect do so within this time, spread evenly
}

// warning is how long before the end of a connection its client is told to show a fresh token.
func (o *Options) warning() time.Duration { return min(time.Minute, o.TokenStaleness/5) }

// DefaultOptions returns the bounds of the ancestor's protocol (A1.7) and of the design.
func DefaultOptions() Options {
	return Options{
		AuthTimeout:    30 * time.Second,
		Heartbeat:      25 * time.Second,
		TokenStaleness: time.Hour,
		MessagesPer:    time.Minute,
		Messages:       300,
		Sockets:        20,
		Streams:        20,
		Anonymous:      1000,
		PerAddress:     1000,
		DrainWait:      2 * time.Second,
		Comeback:       2 * time.Second,
	}
}

// Login is who a token says its bearer is.
type Login struct {
	User      notes.UserID
	SID       string    // the sign-in, the same in every token of it; empty: it cannot be signed out
	IssuedAt  time.Time // zero: the login does not get stale
	ExpiresAt time.Time // of the token; zero: never
}

// SignIn checks the token of an auth message; empty if it has none. Errors are
// *notes.Error; expired says that a fresh token would do.
type SignIn func(ctx context.Context, token string) (login Login, expired bool, err error)

// Sessions is what all connections of a server share. Each method that serves a connection
// returns when it has ended and nothing of it is left.
type Sessions struct {
	Service *notes.Service
	Hub     *Hub
	NewID   func() string // unique ids of connections
	Options Options
	Quota   *Quota // nil: nothing is bounded by the minute
	Log     *slog.Logger
	// SignOuts is where all instances keep which sign-ins have ended; nil: none ever does.
	SignOuts SignOuts
	// Rooms is who is present in notes; nil: nobody is.
	Rooms *presence.Rooms

	admitted admission
	running  connections
	heard    hearsay
	draining chan struct{}

	mu      sync.Mutex
	stopped bool           // draining is closed; guarded by mu
	open    sync.WaitGroup // sessions; added to under mu while not stopped
}

// NewSessions returns s, ready to serve.
func NewSessions(s *Sessions) *Sessions {
	s.draining = make(chan struct{})
	s.admitted = admission{counts: map[admissionKey]int{}}
	s.running = connections{byID: map[string]*session{}}
	if s.Rooms != nil {
		s.Rooms.Serve(s)
	}
	return s
}

// Drain tells every client to reconnect elsewhere and waits until all connections have
// ended, or for ctx. New connections are told the same at once.
func (x *Sessions) Drain(ctx context.Context) error {
	x.mu.Lock()
	if !x.stopped {
		x.stopped = true
		close(x.draining)
	}
	x.mu.Unlock()
	done := make(chan struct{})
	go func() { x.open.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Draining is closed when the server begins to stop.
func (x *Sessions) Draining() <-chan struct{} { return x.draining }

// enter counts a session, unless the server stops.
func (x *Sessions) enter() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.stopped {
		x.open.Add(1)
	}
	return !x.stopped
}

// admission counts connections by account and kind.
type admission struct {
	mu     sync.Mutex
	counts map[admissionKey]int
}

type admissionKey struct {
	user    notes.UserID
	socket  bool
	address netip.Prefix // valid: an address and not an account
}

// Admit counts a connection of user, and returns how to uncount it.
// Errors: RateLimited.
func (x *Sessions) Admit(user notes.UserID, socket bool) (release func(), err error) {
	key, limit := admissionKey{user: user, socket: socket}, x.Options.Streams
	switch {
	case user == "":
		key.socket, limit = false, x.Options.Anonymous
	case socket:
		limit = x.Options.Sockets
	}
	return x.admitted.add(key, limit, "Maximum connections exceeded for this user", x.Options.Heartbeat)
}

// AdmitAddress counts a connection from an address, and returns how to uncount it.
// Errors: RateLimited.
func (x *Sessions) AdmitAddress(address netip.Addr) (release func(), err error) {
	if !address.IsValid() || address.IsLoopback() {
		return func() {}, nil
	}
	return x.admitted.add(admissionKey{address: prefix(address)}, x.Options.PerAddress, "Too many connections from this address", x.Options.Heartbeat)
}

func (a *admission) add(key admissionKey, limit int, refusal string, retry time.Duration) (release func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.counts[key] >= limit {
		return nil, &notes.Error{Code: notes.RateLimited, Message: refusal, RetryAfter: retry.Milliseconds()}
	}
	a.counts[key]++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.counts[key]--; a.counts[key] == 0 {
			delete(a.counts, key)
		}
	}, nil
}

// Open returns how many connections are counted, for metrics and leak checks.
func (x *Sessions) Open() int {
	x.admitted.mu.Lock()
	defer x.admitted.mu.Unlock()
	n := 0
	for key, count := range x.admitted.counts {
		if !key.address.IsValid() { // those are counted by account as well
			n += count
		}
	}
	return n
}
