// Package chaos shows that Notewire loses nothing. It runs real servers, breaks them, their
// store and their bus by a schedule made from a seed, lets clients write and follow all the
// while, and then holds everything that was seen against everything that was sent.
//
// Three parts know little of each other. The run (run.go, writer.go, follower.go, faults.go)
// makes a Record. Verify, a pure function, reads a Record and returns Findings: what must not
// be. The Report says what happened, and whether that was enough to show anything.
//
// Verify knows the wire alone, and computes no merge: every word that a run writes is written
// once, so whose it is, and whether somebody took it out, can be told from any text.
//
// All that the run decides comes from the seed, one stream of random numbers for each client.
// When things happen is the machine's, so a seed that found something finds it again soon
// rather than at the same moment.
package chaos
