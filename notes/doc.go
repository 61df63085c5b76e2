// Package notes is the domain: what a note is, who may do what to it, how a change
// becomes a version, and where every account reads of it. It imports only the standard
// library; its rules use no I/O, goroutine or clock, so that the same code also runs as
// WebAssembly.
//
// # The model
//
// A [Note] is text, any JSON and opaque ciphertext under an id that is never used again.
// Every accepted change makes a [Version], an immutable row numbered 1..n without a gap.
// What a member keeps about a note for himself (star, tags, folder: [Fields]) belongs to
// his [Entry] of it and makes no version.
//
// A [Mutation] asks for a change. [Decide] is the pure function that turns the rows read
// and a mutation into the rows to write, or into an [Error] with one of a closed set of
// codes. [Service] loads, decides, commits and retries; nothing else writes.
//
// Every account has a log: one [LogRow] for each change that concerns it, numbered 1..n
// without a gap, written in the same transaction as the change; in a note with many members
// some are told right after it, see late.go. A note's versions are its log. A [Cursor] is a
// place in one of them.
//
// # Guarantees
//
// When [Service.Mutate] returns no error, the change is durable, in the history, and in
// the log of every member or marked to get there. Repeating a mutation by its id has no second effect and gives
// an equal answer. Two edits without a base never refuse each other: they are applied in
// commit order, field by field. Hints to a [Publisher] may be lost; the logs may not.
//
// Who may do what is in access.go; ACCESS.md shows what comes of it.
package notes
