// Package ws carries a session's frames over WebSocket, by github.com/coder/websocket.
//
// It adds what a session relies on and the library leaves open:
//
//   - Every write has a deadline, at no allocation; a client that misses it is cut off and
//     comes back with its cursor.
//   - A message above the soft limit is read and thrown away, and the connection goes on;
//     above the hard limit it is closed with 1009.
//   - Heartbeats never block the goroutine that writes.
//   - Close sends its code and is bounded, by a second as a rule; the end of a context does
//     not cut the connection before the code was sent.
//   - No goroutine outlives Close.
//
// Start at Accept.
package ws
