package transport

import (
	"context"
	"errors"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// receive is speak for a socket. It handles messages one after the other, so that a
// client's edits commit in its order.
func (s *session) receive(ctx context.Context, conn Receiver) error {
	for {
		data, err := conn.Receive(ctx)
		if refusal := discarded(err); refusal != nil {
			s.refuse(ctx, refusal, wire.Refs{})
			continue
		}
		if err != nil {
			return err
		}
		select {
		case <-s.idle:
			s.handle(ctx, data, s.rate.take(time.Now()))
			s.idle <- struct{}{}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// discarded is the refusal of a message that the connection has thrown away, or nil.
func discarded(err error) error {
	switch {
	case errors.Is(err, ErrFrameTooLarge):
		return notes.Refuse(notes.TooLarge, "Message too large. Maximum size is 1MB.")
	case errors.Is(err, ErrNotText):
		return &wire.FormatError{Code: wire.InvalidJSON, Message: "Invalid message format", Detail: "a message is a text frame"}
	}
	return nil
}

// tooFast is the refusal of a message that came before its time.
func tooFast(wait time.Duration) error {
	atLeast := (wait + time.Millisecond - 1).Milliseconds() // earlier would be refused again
	return &notes.Error{Code: notes.RateLimited, Message: "Rate limit exceeded. Please slow down.", RetryAfter: atLeast}
}
