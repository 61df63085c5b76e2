package transport

import "errors"

// CloseCode says what a client should do about the end of its connection, by its range
// as much as by its number: 4000-4499 reconnect (with the cursor, after the delay that a
// reconnect frame named, else with back-off), 4500-4999 do not.
type CloseCode int

const (
	CloseNormal        CloseCode = 1000 // the client left, or the note was deleted
	CloseTooLarge      CloseCode = 1009 // a frame above the hard limit
	CloseGoingAway     CloseCode = 4000 // the server stops; another will answer
	CloseSlow          CloseCode = 4001 // the client does not read; it catches up from its cursor
	CloseUnresponsive  CloseCode = 4002 // no answer to heartbeats
	CloseTokenExpired  CloseCode = 4003 // come back with a fresh token
	CloseAuthTimeout   CloseCode = 4004 // no auth in time
	CloseTooMany       CloseCode = 4005 // too many connections of this account; wait
	CloseInternal      CloseCode = 4006 // our fault
	CloseAccessChanged CloseCode = 4007 // still a reader of the note, but as a member no more, or only now
	CloseAuthFailed    CloseCode = 4500 // the token is no good
	CloseAccessLost    CloseCode = 4501 // not, or no longer, a reader of the note
	CloseAccountChange CloseCode = 4502 // auth for another account on the same connection
	CloseSignedOut     CloseCode = 4503 // the sign-in of the token has ended
)

// Reconnect reports whether the client should come back.
func (c CloseCode) Reconnect() bool { return 4000 <= c && c < 4500 }

// What Receiver.Receive returns for a message that it has discarded. The connection lives.
var (
	ErrFrameTooLarge = errors.New("message above the soft limit")
	ErrNotText       = errors.New("not a text message")
)
