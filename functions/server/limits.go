package main

import (
	"path/filepath"

	"notewire/transport"
	"notewire/transport/sse"
	"notewire/transport/ws"
)

func (s *Serve) databasePath() string { return filepath.Join(s.DataDir, "notewire.db") }

func (l *LimitFlags) sessions() transport.Options {
	o := transport.DefaultOptions()
	o.AuthTimeout, o.Heartbeat, o.TokenStaleness = l.AuthTimeout, l.Heartbeat, l.TokenStaleness
	o.Messages, o.MessagesPer = l.MaxMessages, l.MessagesPer
	o.Sockets, o.Streams = l.MaxConnections, l.MaxStreams
	o.Comeback = l.ReconnectWithin
	return o
}

func (l *LimitFlags) sse() sse.Options {
	return sse.Options{WriteTimeout: l.WriteTimeout, Retry: l.ReconnectWithin}
}

func (l *LimitFlags) ws() ws.Options {
	return ws.Options{SoftLimit: l.MaxMessageBytes, HardLimit: 4 * l.MaxMessageBytes, WriteTimeout: l.WriteTimeout}
}
