package transport

import (
	"context"

	"notewire/notes"
	"notewire/transport/wire"
)

// readEvents is how many rows one read of a log asks for.
const readEvents = 64

// NotesLog is the logs of a notes.Service, as frames.
type NotesLog struct{ Service *notes.Service }

var _ Log = NotesLog{}

// Read implements Log.
func (l NotesLog) Read(ctx context.Context, s Stream, after int64) ([]Event, error) {
	if s.Note != "" {
		return l.readNote(ctx, s, after)
	}
	changes, err := l.Service.AccountLog(ctx, s.User, after, readEvents)
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(changes))
	for i := range changes {
		c := &changes[i]
		cursor := l.cursor(c.Seq)
		events[i] = Event{
			Seq: c.Seq, Frame: Frame{Data: wire.AccountEvent(c, cursor), Cursor: cursor}, Via: c.Via,
			Hides: c.Kind == notes.KindDeleted && c.Reason == notes.ReasonAccessLost,
		}
		if c.Kind == notes.KindDeleted {
			events[i].Loses = c.Note
		}
		if c.Via != "" {
			events[i].Confirmation = wire.Confirmation(c, cursor)
		}
	}
	return events, nil
}

func (l NotesLog) readNote(ctx context.Context, s Stream, after int64) ([]Event, error) {
	versions, err := l.Service.NoteLog(ctx, s.Note, after, readEvents)
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(versions))
	for i, v := range versions {
		cursor := l.cursor(v.Note.Version)
		data := wire.NoteEvent(v, wire.Audience(!s.PassersBy), cursor)
		bare := *v.Note
		bare.Body = notes.Body{}
		events[i] = Event{
			Seq: v.Note.Version, Frame: Frame{Data: data, Cursor: cursor},
			Version: &notes.Version{Note: &bare, Changed: v.Changed},
		}
	}
	return events, nil
}

// Head implements Log.
func (l NotesLog) Head(ctx context.Context, s Stream) (int64, error) {
	if s.Note == "" {
		return l.Service.AccountHead(ctx, s.User)
	}
	return l.Service.NoteVersion(ctx, s.Note)
}

func (l NotesLog) cursor(seq int64) string {
	return notes.Cursor{Epoch: l.Service.Epoch(), Seq: seq}.String()
}
