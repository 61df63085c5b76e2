package notes

import "errors"

// Code says what kind of refusal an Error is. The set is closed: every protocol
// maps it in exactly one table, and a test ranges over Codes.
type Code string

const (
	Invalid         Code = "invalid"          // the request itself is wrong
	Unauthenticated Code = "unauthenticated"  // nobody is signed in, or the token is no good
	Forbidden       Code = "forbidden"        // signed in, but not allowed
	NotFound        Code = "not_found"        // no such note or version
	VersionMismatch Code = "version_mismatch" // expectedVersion is not the head's
	Conflict        Code = "conflict"         // what others wrote cannot be merged with it, or stands in its way
	BaseGone        Code = "base_gone"        // the version that was edited is not known any more
	NoteExpired     Code = "note_expired"     // read-only since its time was over
	Purged          Code = "purged"           // the note is gone for good, and its id with it
	VersionThinned  Code = "version_thinned"  // the version was there; the retention policy removed it
	NoteExists      Code = "note_exists"      // the chosen id is taken
	MutationReused  Code = "mutation_reused"  // the mutation id was used for another operation
	TooLarge        Code = "too_large"        // a size limit, named in the message
	LimitExceeded   Code = "limit_exceeded"   // a count limit, named in the message
	RateLimited     Code = "rate_limited"     // too many requests; RetryAfter says when
	Skipped         Code = "skipped"          // an earlier mutation of the same note in the batch was refused
	Unavailable     Code = "unavailable"      // try again, with the same mutation id
	Internal        Code = "internal"         // our fault; logged under an id
)

// Codes lists every code.
var Codes = []Code{
	Invalid, Unauthenticated, Forbidden, NotFound, VersionMismatch, Conflict, BaseGone, NoteExpired, Purged,
	VersionThinned, NoteExists, MutationReused,
	TooLarge, LimitExceeded, RateLimited, Skipped, Unavailable, Internal,
}

// Error is a named refusal. Nothing was written when a mutation answers with one,
// except after Unavailable, where the outcome is unknown and the same mutation id
// asks again safely.
type Error struct {
	Code    Code
	Message string
	// Current is the note as it is now, for refusals that a client resolves by
	// looking at it. Only readers of the note get it.
	Current *View
	// Base is the note as the author had seen it, for a Conflict that he resolves by merging
	// what only he can read: ciphertext.
	Base *View
	// RetryAfter is how long to wait, in milliseconds; zero if waiting does not help.
	RetryAfter int64
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Refuse returns an Error with a code and a sentence for people.
func Refuse(code Code, message string) *Error { return &Error{Code: code, Message: message} }

// CodeOf returns the code of err: Internal for an error that is not an *Error.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// ErrClash is what Store.Commit returns when a row that Decide read has changed
// since, plain or as a *Clash. The mutation is decided again on fresh rows; a client never
// sees it.
var ErrClash = errors.New("a row changed since it was read")

// Clash is an ErrClash with what the store found instead: it saves reading all rows again
// for the usual case, that others wrote to the same accounts' logs.
type Clash struct {
	Seqs map[UserID]int64 // sequences that have moved on, when nothing else has changed
}

func (c *Clash) Error() string { return ErrClash.Error() }

// Is makes a Clash an ErrClash.
func (c *Clash) Is(target error) bool { return target == ErrClash }
