package transport

import (
	"context"

	"notewire/notes"
	"notewire/transport/presence"
	"notewire/transport/wire"
)

const (
	// mostJoined bounds the notes whose presence one connection follows.
	mostJoined = 50
	// presenceFrames are written at most before other things get their turn.
	presenceFrames = 32
	// waitingPosts bounds what other instances were asked to have this connection show.
	waitingPosts = 8
)

var (
	errNoPresence    = notes.Refuse(notes.Invalid, "not available here: presence and custom messages need a connection to a server")
	errOnlyMembers   = notes.Refuse(notes.Forbidden, "Only members of the note may be present in it")
	errInTrash       = notes.Refuse(notes.Invalid, "The note is in the trash")
	errNotJoined     = notes.Refuse(notes.Invalid, "Join the note first")
	errJoinedTooMany = notes.Refuse(notes.LimitExceeded, "A connection may join at most 50 notes")
)

// present is a session's part in the presence of notes. Its owner alone uses it; others send to
// its channels.
type present struct {
	only  notes.NoteID // the note dialect's; empty: any
	seats map[notes.NoteID]*presence.Seat
	news  chan struct{}      // one slot: there is something to read at a seat
	posts chan presence.Post // by way of other instances
}

func newPresent() present {
	return present{seats: map[notes.NoteID]*presence.Seat{}, news: make(chan struct{}, 1), posts: make(chan presence.Post, waitingPosts)}
}

// mayBePresent asks whether user may see who is in a note, and be there: its members may, while
// it is not in the trash.
// Errors: those of notes.Service.NoteHead; Forbidden, Invalid.
func (x *Sessions) mayBePresent(ctx context.Context, user notes.UserID, note notes.NoteID) error {
	head, err := x.Service.NoteHead(ctx, user, note)
	switch {
	case err != nil:
		return err
	case head.RoleOf(user) == notes.Stranger:
		return errOnlyMembers
	case head.Note.Deleted:
		return errInTrash
	}
	return nil
}

// hasPresence reports whether the session can be present anywhere: one in turns is not there
// in between.
func (s *session) hasPresence() bool { return s.Rooms != nil && !s.inTurn }

func (s *session) sender() wire.Sender { return wire.Sender{User: s.login.User, ID: s.id} }

// sit gives the session a seat in a note's room. Its user has been asked whether he may.
func (s *session) sit(note notes.NoteID) (*presence.Seat, error) {
	seat := s.seats[note]
	switch {
	case seat != nil:
		return seat, nil
	case len(s.seats) >= mostJoined:
		return nil, errJoinedTooMany
	}
	d := presence.AccountDialect
	if s.only != "" {
		d = presence.NoteDialect
	}
	seat = s.Rooms.Take(note, s.sender(), d, s.news)
	s.seats[note] = seat
	return seat, nil
}

// rise ends the session's presence in a note, if there is any.
func (s *session) rise(note notes.NoteID) {
	if seat := s.seats[note]; seat != nil {
		seat.Leave()
		delete(s.seats, note)
	}
}

func (s *session) riseAll() {
	for note := range s.seats {
		s.rise(note)
	}
}

// writeState tells what the others show.
func (s *session) writeState(ctx context.Context, seat *presence.Seat) error {
	if state := seat.State(); state != nil {
		return s.write(ctx, Frame{Data: state})
	}
	return nil
}

// tellPresence writes what has changed in the rooms where the session sits.
func (s *session) tellPresence(ctx context.Context) error {
	left := presenceFrames
	for _, seat := range s.seats {
		frames, more := seat.Read(left)
		for _, frame := range frames {
			if err := s.write(ctx, Frame{Data: frame}); err != nil {
				return err
			}
		}
		if left -= len(frames); more || left == 0 {
			s.again()
			break
		}
	}
	return nil
}

// again has tellPresence called once more.
func (s *session) again() {
	select {
	case s.news <- struct{}{}:
	default: // it will be
	}
}

// show handles a presence or an ephemeral message.
func (s *session) show(ctx context.Context, m *wire.SetPresence) error {
	seat := s.seats[m.NoteID]
	if seat == nil {
		return s.notSeated(ctx, m.NoteID)
	}
	return seat.Show(m.Data, false)
}

// sendCustom handles a custom message.
func (s *session) sendCustom(ctx context.Context, m *wire.SendCustom) error {
	if s.seats[m.NoteID] == nil {
		return s.notSeated(ctx, m.NoteID)
	}
	return s.Rooms.Say(presence.Post{Note: m.NoteID, From: s.sender(), Name: m.Name, Data: m.Data})
}

// notSeated says why the session is not present in a note.
func (s *session) notSeated(ctx context.Context, note notes.NoteID) error {
	if !s.hasPresence() {
		return errNoPresence
	}
	if err := s.mayBePresent(ctx, s.login.User, note); err != nil {
		return err
	}
	return errNotJoined
}

// inRoom has the owner do f, and tells the client if it is refused.
func (s *session) inRoom(ctx context.Context, refs wire.Refs, f func(context.Context) error) {
	s.ask(ctx, func() error {
		if err := f(ctx); err != nil {
			return s.write(ctx, Frame{Data: s.refusal(err, refs)})
		}
		return nil
	})
}
