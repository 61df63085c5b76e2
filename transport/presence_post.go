package transport

import (
	"context"

	"notewire/notes"
	"notewire/transport/presence"
	"notewire/transport/wire"
)

var errOtherNote = notes.Refuse(notes.Invalid, "That connection follows another note")

// Post shows something, or sends a custom message, as one of the sender's connections that
// carries nothing up. That connection follows the note's presence from then on, until it shows
// nothing any more. It may run on another instance; then nobody says whether it does. A custom
// message needs no connection.
// Errors: those of notes.Service.NoteHead; Forbidden, if the sender is no member; NotFound, if
// there is no such connection of his; Invalid, TooLarge, LimitExceeded.
func (x *Sessions) Post(ctx context.Context, p presence.Post) error {
	if x.Rooms == nil {
		return errNoPresence
	}
	if err := x.mayBePresent(ctx, p.From.User, p.Note); err != nil {
		return err
	}
	if p.From.ID == "" {
		return x.Rooms.Say(p)
	}
	s := x.running.find(p.From.ID)
	switch {
	case s != nil:
		return s.consult(ctx, func() error { return s.takePost(ctx, p) })
	case x.Rooms.Shared():
		return x.Rooms.Forward(p)
	}
	return errNoConnection
}

// Forward implements presence.Connections.
func (x *Sessions) Forward(p presence.Post) {
	if s := x.running.find(p.From.ID); s != nil {
		select {
		case s.posts <- p:
		default: // it is busy, and the next will say what counts
		}
	}
}

// forwarded is takePost for a post of another instance, which waits for no answer.
func (s *session) forwarded(ctx context.Context, p presence.Post) {
	if err := s.takePost(ctx, p); err != nil {
		s.Log.Debug("a post by way of another instance is refused", "connection", s.id, "error", err)
	}
}

// takePost does what a post asks. The owner does it.
func (s *session) takePost(ctx context.Context, p presence.Post) error {
	switch {
	case s.login.User != p.From.User || s.sub == nil || !s.hasPresence():
		return errNoConnection
	case s.only != "" && s.only != p.Note:
		return errOtherNote
	case p.Name != "":
		return s.Rooms.Say(p)
	case p.Data != nil:
		return s.showPosted(ctx, p)
	case s.only == "":
		s.rise(p.Note)
	default:
		return s.show(ctx, &wire.SetPresence{NoteID: p.Note})
	}
	return nil
}

func (s *session) showPosted(ctx context.Context, p presence.Post) error {
	seat := s.seats[p.Note]
	if seat == nil && s.only != "" {
		return s.notSeated(ctx, p.Note)
	}
	if seat == nil {
		if err := s.mayBePresent(ctx, s.login.User, p.Note); err != nil { // the other instance asked a while ago
			return err
		}
		var err error
		if seat, err = s.sit(p.Note); err != nil {
			return err
		}
		s.again()
	}
	return seat.Show(p.Data, true)
}
