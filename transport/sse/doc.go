// Package sse delivers a session's frames as Server-Sent Events.
//
// The framing and the subscriber are those of github.com/r3labs/sse/v2. Its fan-out is
// not used: one stuck subscriber of a shared stream stops all others. Here every
// connection has a server, a stream and a subscriber of its own, behind an adapter that
// guarantees what r3labs does not:
//
//   - Isolation: connections share nothing, so none can delay another.
//   - Bounds: at most 32 events or 256 KB (but always one event) are published and not
//     yet flushed; every write has a deadline; a client that misses it is cut off and
//     comes back with its cursor.
//   - Nothing lost, nothing late: the first event waits for the subscription, and the
//     response ends after the last one.
//   - Nothing injected: a frame that would be more than one line is refused, and nothing
//     of the client's request reaches r3labs, neither its `stream` parameter nor its
//     Last-Event-ID.
//   - No goroutine outlives Serve, whatever the client or the session does.
//
// Start at Serve.
package sse
