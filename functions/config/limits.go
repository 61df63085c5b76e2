package config

import (
	"fmt"
	"time"

	"notewire/notes"
	"notewire/transport"
	"notewire/transport/sse"
	"notewire/transport/ws"
)

// LimitFlags are the bounds that an operator may change.
type LimitFlags struct {
	MaxBodyBytes    int64 `env:"MAX_BODY_BYTES" default:"4194304" help:"Largest HTTP body."`
	MaxMessageBytes int64 `env:"MAX_MESSAGE_BYTES" default:"1048576" help:"Largest WebSocket message; up to four times that is read and refused."`
	MaxTextBytes    int   `env:"MAX_TEXT_BYTES" default:"1048576" help:"Largest text, blob or ciphertext of a note."`

	MaxConnections   int `name:"ws-max-connections-per-user" env:"WS_MAX_CONNECTIONS_PER_USER" default:"20" help:"WebSockets of one account."`
	MaxStreams       int `name:"max-streams-per-user" env:"MAX_STREAMS_PER_USER" default:"20" help:"Event streams of one account."`
	MaxMessages      int `name:"ws-rate-limit-max-messages" env:"WS_RATE_LIMIT_MAX_MESSAGES" default:"300" help:"Messages of one WebSocket in a window."`
	MaxMutations     int `name:"max-mutations-per-minute" env:"MAX_MUTATIONS_PER_MINUTE" default:"6000" help:"Mutations of one account in a minute."`
	MaxMutationBytes int `name:"max-mutation-bytes-per-minute" env:"MAX_MUTATION_BYTES_PER_MINUTE" default:"268435456" help:"Their bytes."`
	AddressFactor    int `name:"address-factor" env:"ADDRESS_FACTOR" default:"10" help:"One address may send as many mutations and bytes as that many accounts."`
	MaxPerAddress    int `name:"max-connections-per-address" env:"MAX_CONNECTIONS_PER_ADDRESS" default:"1000" help:"WebSockets and streams from one address; the loopback's are not counted."`

	MessagesPer     time.Duration `name:"ws-rate-limit-window" env:"WS_RATE_LIMIT_WINDOW" default:"1m" help:"That window."`
	AuthTimeout     time.Duration `name:"ws-auth-timeout" env:"WS_AUTH_TIMEOUT" default:"30s" help:"Until a WebSocket must have authenticated."`
	TokenStaleness  time.Duration `env:"TOKEN_STALENESS" default:"1h" help:"A connection ends when its token is older than that."`
	Heartbeat       time.Duration `env:"HEARTBEAT" default:"25s" help:"Between heartbeats."`
	WriteTimeout    time.Duration `env:"WRITE_TIMEOUT" default:"5s" help:"For a client to read what is written to it."`
	LogDays         int           `env:"LOG_DAYS" default:"30" help:"Days that an account's log is kept for clients to catch up from."`
	HistoryKeep     int           `env:"HISTORY_KEEP" default:"0" help:"Versions of a note that are kept, at least 10; of older ones the last of each day is. 0: all are kept."`
	ReconnectWithin time.Duration `env:"RECONNECT_WITHIN" default:"2s" help:"Clients told to reconnect spread over this time."`
}

// Check refuses limits that cannot work.
func (l *LimitFlags) Check() error {
	for name, v := range map[string]int64{
		"MAX_BODY_BYTES": l.MaxBodyBytes, "MAX_MESSAGE_BYTES": l.MaxMessageBytes, "MAX_TEXT_BYTES": int64(l.MaxTextBytes),
		"WS_MAX_CONNECTIONS_PER_USER": int64(l.MaxConnections), "MAX_STREAMS_PER_USER": int64(l.MaxStreams),
		"WS_RATE_LIMIT_MAX_MESSAGES": int64(l.MaxMessages), "LOG_DAYS": int64(l.LogDays),
		"MAX_MUTATIONS_PER_MINUTE": int64(l.MaxMutations), "MAX_MUTATION_BYTES_PER_MINUTE": int64(l.MaxMutationBytes),
		"ADDRESS_FACTOR": int64(l.AddressFactor), "MAX_CONNECTIONS_PER_ADDRESS": int64(l.MaxPerAddress),
	} {
		if v < 1 {
			return fmt.Errorf("%s is %d; it must be at least 1", name, v)
		}
	}
	for name, d := range map[string]time.Duration{
		"WS_RATE_LIMIT_WINDOW": l.MessagesPer, "WS_AUTH_TIMEOUT": l.AuthTimeout, "TOKEN_STALENESS": l.TokenStaleness,
		"HEARTBEAT": l.Heartbeat, "WRITE_TIMEOUT": l.WriteTimeout,
	} {
		if d < time.Millisecond {
			return fmt.Errorf("%s is %v; it must be at least 1ms", name, d)
		}
	}
	if l.ReconnectWithin < 0 {
		return fmt.Errorf("RECONNECT_WITHIN is %v; it must not be negative", l.ReconnectWithin)
	}
	return CheckHistoryKeep(l.HistoryKeep)
}

// CheckHistoryKeep refuses a retention of histories that leaves too little.
func CheckHistoryKeep(versions int) error {
	if versions != 0 && versions < notes.KeepAtLeast {
		return fmt.Errorf("HISTORY_KEEP is %d; it must be at least %d, or 0 to keep all versions", versions, notes.KeepAtLeast)
	}
	return nil
}

// Notes returns the bounds of notes.
func (l *LimitFlags) Notes() notes.Limits {
	limits := notes.DefaultLimits()
	limits.TextBytes, limits.LogDays = l.MaxTextBytes, l.LogDays
	return limits
}

// Sessions returns the bounds of sessions.
func (l *LimitFlags) Sessions() transport.Options {
	o := transport.DefaultOptions()
	o.AuthTimeout, o.Heartbeat, o.TokenStaleness = l.AuthTimeout, l.Heartbeat, l.TokenStaleness
	o.Messages, o.MessagesPer = l.MaxMessages, l.MessagesPer
	o.Sockets, o.Streams = l.MaxConnections, l.MaxStreams
	o.Comeback, o.DrainSpread = l.ReconnectWithin, l.ReconnectWithin/2
	o.PerAddress = l.MaxPerAddress
	return o
}

// Quota returns what a minute allows.
func (l *LimitFlags) Quota() *transport.Quota {
	return transport.NewQuota(transport.QuotaOptions{
		Mutations: l.MaxMutations, Bytes: l.MaxMutationBytes,
		AddressMutations: l.AddressFactor * l.MaxMutations, AddressBytes: l.AddressFactor * l.MaxMutationBytes,
	})
}

// SSE returns the bounds of event streams.
func (l *LimitFlags) SSE() sse.Options {
	return sse.Options{WriteTimeout: l.WriteTimeout, Retry: l.ReconnectWithin}
}

// WS returns the bounds of WebSockets.
func (l *LimitFlags) WS() ws.Options {
	return ws.Options{SoftLimit: l.MaxMessageBytes, HardLimit: 4 * l.MaxMessageBytes, WriteTimeout: l.WriteTimeout}
}
