// Package presence is who is present in a note and what they show there, and the custom
// messages that they send each other: in memory, outside of the log, in no history.
//
// A [Room] in all but name is kept for each note that a connection here follows: the latest
// value that each sender shows, and the last custom messages. A connection has a [Seat] there.
// It is woken by a signal of one slot, and reads what has changed since it last looked: a slow
// one sees only the latest values, and may miss custom messages. There is no queue for each.
//
// # Other instances
//
// What a sender here shows is said to other instances by a [Bus], and said again every ten
// seconds; what is not said again is gone after [Lease]. An instance whose first connection
// takes a seat asks who is there. Any message may be lost, doubled or late, and what is no
// message of ours is ignored.
//
// # Who may
//
// The package asks nobody: whoever takes a seat, or has a message sent, has been asked whether
// he is a member, and leaves when he no longer is. What a sender shows is kept under his account
// and his connection, so that nobody shows anything as another's connection.
//
// [Rooms] and [Seat] are safe for concurrent use. Nothing here blocks.
package presence
