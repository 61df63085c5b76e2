// Package emulator speaks the contracts of AWS around a Lambda function, on the loopback, so
// that the very binaries that are deployed run on a laptop and in tests:
//
//   - [Function]: the Runtime API (2018-06-01), one process for each execution environment,
//     frozen between invocations, killed at its deadline, replaced when it dies.
//   - [FunctionURL]: HTTP as a Function URL in RESPONSE_STREAM mode (payload 2.0), or as an
//     API Gateway REST API with streaming (payload 1.0).
//   - [WebSocketAPI]: an API Gateway WebSocket API with its @connections endpoint.
//   - [Stream]: an event source mapping from the stream of a DynamoDB table; [Schedule]: a rule
//     that invokes at a rate.
//
// Where AWS promises little, this promises no more: messages of one connection are invoked
// side by side, $disconnect may be lost, a background goroutine stands still between
// invocations, a function whose client has left runs on.
//
// What it does not do: check SigV4 signatures (an Authorization header of that scheme must be
// there), throttle by rates, call authorizers, limit memory, CPU, disk or response size and
// speed, refuse WebSocket frames above 32 KB (messages above 128 KB it does), or keep a
// stream's checkpoint across restarts. Of the Extensions API it has what asks for SIGTERM.
package emulator
