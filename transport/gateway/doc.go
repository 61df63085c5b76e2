// Package gateway serves connections that an API Gateway holds: a message is an invocation
// that may run anywhere, and what goes down is posted. Between its turns a connection is a
// row of the registry: who it is, and its cursor. A turn leases that row, so that turns of one
// connection follow each other, and whoever finds it leased leaves word for the holder to look
// again; so a hint may come to any number of invocations, in any order.
//
// The sessions are those of package transport, run by their Turn: rules, order and frames are
// the same as on a socket. What differs is said in PROTOCOL.md: no heartbeats, frames above
// 128 KB are truncated, and a close has no code but in its last frame.
package gateway
