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
// An [Edit] that names what its author had before him is merged with what others have
// committed since: field by field, texts and JSON inside ([notewire/notes/merge]). What both
// have changed at one place is reported with the version, and the side that the version does
// not show is kept beside it, readable and revertible. Ciphertext only clients can merge: they
// are given both sides.
//
// A [Folder] is its account's own, and its changes are rows of that account's log alone. Notes
// name their folder in a member's Fields; a name without a folder counts as none, so that to
// delete a folder touches no note.
//
// Trash hides a note, [Purge] ends it: what is left is a tombstone that says who may know that
// it is gone, and its id is never used again. Rows of logs that told of it replay as deleted, in
// the same places. A note may also expire: it is read-only then.
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
