package transport

import (
	"context"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// join follows a note's presence. Who may read the note and is no member joins it as well, and
// is told of nobody.
func (a *account) join(ctx context.Context, note notes.NoteID) error {
	head, err := a.Service.NoteHead(ctx, a.login.User, note)
	if err != nil {
		return err
	}
	joined := Frame{Data: wire.NoteJoined(note)}
	if !a.hasPresence() || head.RoleOf(a.login.User) == notes.Stranger || head.Note.Deleted {
		return a.write(ctx, joined)
	}
	seat, err := a.sit(note)
	if err != nil {
		return err
	}
	if err := a.write(ctx, joined); err != nil {
		return err
	}
	return a.writeState(ctx, seat)
}

func (a *account) leave(ctx context.Context, note notes.NoteID) error {
	a.rise(note)
	return a.write(ctx, Frame{Data: wire.NoteLeft(note)})
}

// askAgain ends the session's presence in a note that its account has lost, unless it has it
// again: the event may be an old one.
func (a *account) askAgain(note notes.NoteID) {
	if a.seats[note] == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if a.mayBePresent(ctx, a.login.User, note) != nil {
		a.rise(note)
	}
}
