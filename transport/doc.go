// Package transport delivers logs to connections.
//
// A connection is a cursor, not a queue. After a commit the [Hub] is told how far a log
// has grown, and wakes the connections that follow it; each reads forward from its own
// place, from a short shared tail or else from the log. A hint that is lost, doubled or
// reordered cannot show on the wire. There is no buffer per client that could overflow or
// drop: a slow client reads later, a stuck one misses its write deadline and comes back
// with its cursor.
//
// # Who owns what
//
// [Hub] and [Subscription] are safe for concurrent use and have no goroutines: one reader
// at a time reads the log for all. A session has one goroutine that owns its state and
// alone writes to its [Conn], and a second one that asks the owner for what it wants
// written; on a WebSocket the second one receives and commits. A method that serves a connection returns when
// both have ended.
//
// # What blocks
//
// Publish never blocks. A session blocks on its own client's write, for at most the write
// deadline, and on the store. While it writes, its client's next message waits.
//
// # Tokens
//
// A session lives as long as it is shown a token that is not stale, by auth again on its
// socket or by [Sessions.Refresh], and until its sign-in ends. [SignOuts] keeps that for all
// instances: one ends its own sessions at once, the others find it by a sweep.
//
// # Presence
//
// Who is present in a note, and custom messages, are not in its log: package presence has a room
// for each note, and a session a seat in it, from which it reads what has changed as it reads
// its log. Members sit in it as long as they are members.
//
// # The two dialects
//
// The account dialect carries all notes of an account; the note dialect one note. They
// differ in what a frame is (package wire) and in who may read it, not in how it gets
// there. Transports are in ws and sse; they know frames, and neither notes nor dialects.
//
// Where somebody else holds the connection, a session runs in turns: [Sessions.Turn] takes
// up what the turn before has [Saved]. Package gateway gives turns.
package transport
