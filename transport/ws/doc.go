// Package ws carries sessions over WebSockets, with github.com/coder/websocket.
//
// A Conn adds what the library leaves open: a write deadline that costs nothing per write,
// a soft limit under which a message is refused and the connection lives, a heartbeat that
// never blocks the writer, and a close that is bounded in time. Compression is off: it
// cannot be shared between connections.
package ws
