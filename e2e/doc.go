// Package e2e holds what a client may expect of Notewire, whatever it runs on. [Run] is that
// as tests, one sentence each, over the Go client alone: it knows the wire and nothing of the
// server's code. A [Hosting] is the parameter: where it is, and what it is able to do.
//
// Every rule makes accounts and notes of its own, so that rules run side by side, and again
// and again on one table. A rule that needs what a hosting has not is left out by name: Run
// prints a table of those.
package e2e
