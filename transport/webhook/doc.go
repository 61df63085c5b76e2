// Package webhook posts the changes of accounts' logs to receivers that the accounts name: a
// feed.Sink over HTTP, and what accounts may do with their webhooks.
//
// A receiver checks what it gets with [Verify]. That a server posts to addresses that anybody may
// choose must not open the network that it stands in: guard.go decides which addresses it connects
// to, when a name has been resolved and not before.
package webhook
