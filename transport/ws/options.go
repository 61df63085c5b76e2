package ws

import "time"

const (
	// DefaultSoftLimit is the largest message that a session sees.
	DefaultSoftLimit = 1 << 20
	// DefaultHardLimit is the largest message that does not end the connection.
	DefaultHardLimit = 4 << 20
	// DefaultWriteTimeout is how long a client may take to read what is written to it.
	// It is the same on all transports.
	DefaultWriteTimeout = 5 * time.Second
	// DefaultCloseTimeout bounds the closing handshake. The library's own bound is 10 s,
	// too long for a server that stops.
	DefaultCloseTimeout = time.Second

	// pongTimeout is long enough for a phone that changes cells.
	pongTimeout = 10 * time.Second
)

// Options are the bounds of a connection. The zero value stands for the defaults.
type Options struct {
	// SoftLimit is the length in bytes above which a message is thrown away and Receive
	// returns transport.ErrFrameTooLarge.
	SoftLimit int64

	// HardLimit is the length in bytes above which the connection is closed with 1009.
	HardLimit int64

	// WriteTimeout is how long one Write may take.
	WriteTimeout time.Duration

	// CloseTimeout is how long Close may take.
	CloseTimeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.SoftLimit <= 0 {
		o.SoftLimit = DefaultSoftLimit
	}
	if o.HardLimit <= 0 {
		o.HardLimit = DefaultHardLimit
	}
	if o.WriteTimeout <= 0 {
		o.WriteTimeout = DefaultWriteTimeout
	}
	if o.CloseTimeout <= 0 {
		o.CloseTimeout = DefaultCloseTimeout
	}
	return o
}
