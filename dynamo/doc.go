// Package dynamo keeps notes in a single table of the DynamoDB kind: the layout, and the
// transaction that commits a change, written once over a narrow [Engine]. Engines are in
// subpackages: bolt is a file on this machine.
//
// keys.go shows the layout, rows.go the attributes. A commit is one transaction that
// checks every row that was read to decide it: the note's head by its version, each
// account by its sequence, each entry by its last change, the receipt by its absence. The
// sequence and the log row that carries it are written in the same transaction, so a
// reader of a log never sees a place that is filled later.
package dynamo
