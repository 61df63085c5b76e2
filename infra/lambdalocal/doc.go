// Command lambdalocal runs the Lambda functions as they are deployed, on a laptop: the very
// binaries, in processes that are frozen, killed and replaced as Lambda does it, behind a
// Function URL, an API Gateway WebSocket API and the stream of a real DynamoDB Local. Timeouts,
// the stream's settings and the schedule are those of infra/template.yaml. It makes the table
// as notewire migrate does.
//
//	make run-lambda
//	go run ./infra/lambdalocal --http build/http/bootstrap
//
// All listens on the loopback. What it does not do is in the documentation of package emulator
// (SigV4 checks, throttles by rate, authorizers and more). It is for development and tests:
// the functions are in local mode, in which whoever reaches them is any user, unless they are
// given Clerk's settings.
package main
