package feed

import (
	"context"
	"errors"
	"time"

	"notewire/notes"
)

// Sink takes the changes of feeds to where they are wanted. Implementations are safe for
// concurrent use: many feeds, and several notes of one feed, are delivered at the same time.
type Sink interface {
	// Deliver hands over one change, and returns nil only when the receiver has it for good. It
	// returns soon after ctx ends, which is after Options.Timeout: if it went on, what it
	// sends could arrive behind what another instance sends.
	//
	// A *Refused says that the receiver will not take this change; a *Retry, or any other
	// error, that it cannot take any now. d is shared and not to be changed.
	Deliver(ctx context.Context, d *Delivery) error
}

// SinkFunc is a function as a Sink.
type SinkFunc func(ctx context.Context, d *Delivery) error

// Deliver implements Sink.
func (f SinkFunc) Deliver(ctx context.Context, d *Delivery) error { return f(ctx, d) }

// Delivery is one event on its way to a receiver.
type Delivery struct {
	// ID is the same whenever this event is delivered again: to tell what came before.
	ID string
	// Feed is the feed's id, User whose log it follows, Config what the feed was made with.
	Feed   string
	User   notes.UserID
	Config []byte
	// Note is what the event is about; empty for a folder's, and for a resync.
	Note notes.NoteID
	// Seq is the event's place in the account's log, Cursor the same as clients know it. Of two
	// events of one note the later has the larger Seq.
	Seq    int64
	Cursor string
	// Event is the text of the event as the account's connections get it (PROTOCOL.md, section 3).
	Event []byte
}

// Retry says that the receiver is away. The whole feed waits, and nothing is skipped.
type Retry struct {
	After time.Duration // what the receiver asked for, followed up to Options.LongestWait; 0: it did not say
	Err   error         // for people
}

func (e *Retry) Error() string { return e.Err.Error() }

// Unwrap returns what happened.
func (e *Retry) Unwrap() error { return e.Err }

// Refused says that the receiver is there and does not take this change.
type Refused struct {
	Err error // for people
}

func (e *Refused) Error() string { return e.Err.Error() }

// Unwrap returns what happened.
func (e *Refused) Unwrap() error { return e.Err }

// retryOf makes any error but a refusal a *Retry.
func retryOf(err error) *Retry {
	if r, ok := errors.AsType[*Retry](err); ok {
		return r
	}
	return &Retry{Err: err}
}
