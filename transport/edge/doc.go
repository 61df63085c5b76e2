// Package edge is what the origin and the edge say to each other outside of notes: how each
// knows that a request is the other's, and the hints that go from the origin to the edge when
// a log has grown. What the origin answers to the edge is in functions.
package edge
