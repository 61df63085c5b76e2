// Package lambda is what the programs on AWS Lambda have in common: the same surface as the
// server's behind Lambda's events, and the table and the bounds that they share.
//
// http.go turns an event of a function URL, or of a REST API that streams, into an
// http.Request and streams the response; event.go and response.go are its two halves.
package lambda
