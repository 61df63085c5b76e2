// Package transporttest holds what every transport promises of a stream, whatever carries it:
// one order without a gap, the same bytes, an end that says why, isolation, and that clients may
// change between transports. [Run] is the promises as tests, one sentence each, in virtual time
// and on connections in memory.
//
// The server behind the transports is real: sessions, hub, service and store. So is what a
// transport brings: its own code on the server's side, and a client that reads what came over
// the connection.
package transporttest
