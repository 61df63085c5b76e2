// Package goclient talks to a Notewire server from Go: mutations go up by HTTP POST, events
// come down by WebSocket or Server-Sent Events, from a cursor. It knows the wire
// (transport/PROTOCOL.md) and nothing of the server's code.
//
// Start at Client.Mutate, which changes a note, and at Client.Follow, which calls a
// function for every event, in order and once, across reconnects. Below Follow is a Stream:
// one connection, as it is.
package goclient
