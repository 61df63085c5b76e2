// Package feed gives the changes of accounts' logs to other systems: each committed change at
// least once, in order per note, from a durable place in the log. It is the one extension point
// for what is to follow notes from inside of the server: webhooks are a [Sink], and so is a search
// index or a mirror that a program brings itself.
//
// A [Feed] is one account's log on its way to one receiver. Its row holds a cursor, before which
// everything was delivered, and the notes that the receiver refuses. The row is all there is:
// there is no queue, so nothing is lost while a receiver is down, and its state has a bound.
//
// # What a receiver can count on
//
//   - Each change comes at least once. After a crash, or when another instance takes over, those
//     of the last second may come again: a [Delivery] has an ID to tell by.
//   - The changes of one note come in order, one at a time. Those of different notes may be under
//     way together, and pass each other. Folders count as one note.
//   - A receiver that is away ([Retry]) is asked again, less and less often, and misses nothing.
//   - A change that it refuses ([Refused]) is tried a few times. Then its note is paused: that
//     change and all later ones of the note wait in the log until somebody resumes the feed.
//     Other notes go on.
//   - If the log no longer holds what comes next, because the receiver was away for longer than it
//     is kept, a resync comes instead, and then what is new.
//
// # Who delivers
//
// A [Driver] on every instance looks for feeds with news: it is told of commits (it is a
// notes.Publisher), and looks by itself every few seconds, because hints may be lost. It then
// takes the feed's lease, delivers, writes the cursor, and lets go of the lease. Every write of
// the row names the revision that it replaces, which fences off an instance that lost the lease
// and does not know it. No two clocks are compared: an instance takes the lease of another only
// after it has seen the row unchanged for a lease's time, and the holder delivers nothing in the
// last third of it.
//
// Start at [Driver]; turn.go is what one instance does with one feed, page.go how the changes of
// one page go out, again.go how paused notes catch up.
package feed
