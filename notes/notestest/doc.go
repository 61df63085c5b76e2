// Package notestest holds what package notes promises of a Service on a Store. [Run] and
// [RunAtOnce] are the contract as tests, one sentence each; every implementation of notes.Store
// passes both.
// [Faulty] makes any store fail on demand, [Clock] is the time it lives in.
//
// The tests drive notes.Service, because that is what a client meets; where the contract
// is the store's alone they call it directly.
package notestest
