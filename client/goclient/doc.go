// Package goclient talks to a Notewire server from Go: mutations go up by HTTP POST, events
// come down by WebSocket, Server-Sent Events or polls, from a cursor that is good for all of
// them. It knows the wire (transport/PROTOCOL.md) and nothing of the server's code.
//
// Start at Client.Mutate, which changes a note, and at Client.Follow, which calls a
// function for every event, in order and once, across reconnects and, on networks that let
// little through, across transports. Client.Negotiate measures what they let through. Below
// Follow is a Stream: one connection, as it is.
package goclient
