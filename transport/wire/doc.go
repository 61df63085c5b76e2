// Package wire is the messages of both dialects, as bytes and as Go values: nothing else
// knows a JSON name. It is pure: no I/O, no clock, no goroutine, and it builds for wasip1.
//
// The account dialect carries one account's notes on one connection; the note dialect one
// note's versions. Every encoder is a function of durable rows, so that an event has the
// same bytes on every transport, live or replayed. Decoders are strict: broken JSON, a
// member given twice, a wrong type, bad UTF-8, too deep nesting and trailing data each have
// a name. Unknown members are ignored in frames, because old clients send whole objects,
// and refused in HTTP bodies, where they are mistakes.
//
// testdata holds one golden file for each message. It is append-only.
package wire
