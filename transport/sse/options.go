package sse

import "time"

const (
	// DefaultWriteTimeout is how long a client may take to read what is written to it.
	// It is the same on all transports.
	DefaultWriteTimeout = 5 * time.Second

	// maxEvents and maxBytes bound what one slow client can hold in memory. r3labs can
	// queue 64 events and more, so within this window publishing never blocks.
	maxEvents = 32
	maxBytes  = 256 << 10

	// coalesce is how much may wait for a shared flush. More would only grow the time
	// to the first byte: net/http writes through at 4 KB anyway.
	coalesce = 32 << 10
)

// MaxPadding is as large as buffers of proxies are by default, and some more.
const MaxPadding = 64 << 10

// Options are what differs between streams. The zero value is usable.
type Options struct {
	// LastID is the client's place before this stream. Frames without a cursor repeat it
	// until one with a cursor was sent. When it is empty, or not a cursor, such frames
	// carry no id at all, so the client keeps the one it has.
	LastID string

	// Retry is how long an EventSource should wait before it reconnects, already
	// jittered. It goes out with the first frame; zero leaves the client's default.
	Retry time.Duration

	// Padding is how many bytes of comment follow each event and are in each heartbeat, at
	// most MaxPadding: for boxes on the way that hold back what is smaller than their buffer.
	Padding int

	// WriteTimeout is how long one write of at most 64 KB or flush, a change in the window
	// while it is full, and the drain at the end may take. Zero means DefaultWriteTimeout.
	WriteTimeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.WriteTimeout <= 0 {
		o.WriteTimeout = DefaultWriteTimeout
	}
	o.Padding = max(0, min(o.Padding, MaxPadding))
	if !isCursor(o.LastID) {
		o.LastID = ""
	}
	return o
}
