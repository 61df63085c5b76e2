package transport

import (
	"context"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// live is the note dialect (seed 001): one connection, one note, every event to all, the
// sender too.
type live struct {
	*session
	viewer notes.UserID
	note   notes.NoteID
	member bool  // when the session began
	opened int64 // the note's version then: when it was asked whether viewer is one
	// deleted is true while the last event written put the note into the trash.
	deleted bool
}

// ServeNote serves the note dialect on a socket. The caller has admitted it, and has asked
// the service whether viewer may read the note.
func (x *Sessions) ServeNote(ctx context.Context, conn SocketConn, viewer Login, id notes.NoteID, cursor string) error {
	return x.serveNote(ctx, conn, viewer, id, cursor, func(ctx context.Context, n *live) error { return n.receive(ctx, conn) })
}

// StreamNote serves the events of the note dialect on a connection that carries nothing
// up. The caller has admitted it, and has asked the service.
func (x *Sessions) StreamNote(ctx context.Context, conn Conn, viewer Login, id notes.NoteID, cursor string) error {
	return x.serveNote(ctx, conn, viewer, id, cursor, func(ctx context.Context, _ *live) error { return listen(ctx) })
}

func (x *Sessions) serveNote(ctx context.Context, conn Conn, viewer Login, id notes.NoteID, cursor string, speak func(context.Context, *live) error) error {
	n := x.newLive(conn, viewer, id)
	return n.serve(ctx, func(ctx context.Context) error {
		n.ask(ctx, func() error { return n.open(ctx, cursor) })
		return speak(ctx, n)
	})
}

func (x *Sessions) newLive(conn Conn, viewer Login, id notes.NoteID) *live {
	n := &live{session: x.newSession(conn), viewer: viewer.User, note: id}
	n.dialect, n.only = n, id
	n.stay(viewer, nil)
	return n
}

// open subscribes before it reads the note that it shows, so that no version falls between.
func (n *live) open(ctx context.Context, cursor string) error {
	head, err := n.Service.NoteHead(ctx, n.viewer, n.note)
	if err != nil {
		return n.lost(ctx, err)
	}
	n.member = head.RoleOf(n.viewer) != notes.Stranger
	sub, after, gone, err := n.begin(ctx, Stream{Topic: notes.Topic{Note: n.note}, PassersBy: !n.member}, cursor)
	if err != nil {
		return n.asEnding(ctx, err)
	}
	n.sub, n.after, n.opened = sub, after, head.Note.Version
	if gone != "" {
		if err := n.announceResync(ctx, after, gone); err != nil {
			return err
		}
	}
	if cursor == "" || gone != "" {
		if n.after, err = n.initial(ctx); err != nil {
			return err
		}
	}
	return n.attend(ctx, head.Note.Deleted)
}

// attend makes a member present, while the note is not in the trash.
func (n *live) attend(ctx context.Context, trashed bool) error {
	if !n.member || trashed || !n.hasPresence() {
		return nil
	}
	seat, err := n.sit(n.note)
	if err != nil {
		return err
	}
	return n.writeState(ctx, seat)
}

// announceResync tells of a resync; the place to come back to is that of the initial that
// follows.
func (n *live) announceResync(ctx context.Context, after int64, reason string) error {
	return n.write(ctx, Frame{Data: wire.Resync(n.cursor(after), reason)})
}

// initial writes the note as it is, and returns its version.
func (n *live) initial(ctx context.Context) (int64, error) {
	head, err := n.Service.NoteHead(ctx, n.viewer, n.note)
	if err != nil {
		return 0, n.lost(ctx, err)
	}
	if n.member && head.RoleOf(n.viewer) == notes.Stranger {
		return 0, n.changed()
	}
	cursor := n.cursor(head.Note.Version)
	data := wire.Initial(head.Note, wire.Audience(n.member), n.id, cursor)
	return head.Note.Version, n.write(ctx, Frame{Data: data, Cursor: cursor})
}

// lost turns an error about the note into the end of the session.
func (n *live) lost(ctx context.Context, err error) error {
	if code := notes.CodeOf(err); code == notes.Unavailable || code == notes.Internal {
		return n.asEnding(ctx, err)
	}
	problem := wire.ProblemOf(err, wire.Refs{NoteID: n.note})
	return &ending{code: CloseAccessLost, reason: "Unauthorized", frame: wire.ErrorFrame(problem)}
}

// frame implements dialect: a reader gets only what he may see. What a member sees from
// before the session began was his to see when it began.
func (n *live) frame(e *Event) (Frame, error) {
	v := e.Version
	n.deleted = v.Deletes()
	switch {
	case n.member && (e.Seq <= n.opened || v.RoleOf(n.viewer) != notes.Stranger):
		n.restored(v)
		return e.Frame, nil
	case !n.member && v.Access == notes.Public && (!v.Note.Deleted || n.deleted):
		return e.Frame, nil
	case !n.member && e.Seq <= n.opened:
		return Frame{}, ErrGone // the note was private for a while: go on from what it is now
	}
	return Frame{}, n.changed()
}

// restored makes a member present who has followed the note in the trash.
func (n *live) restored(v *notes.Version) {
	if v.Note.Deleted || v.Note.Version <= n.opened || n.seats[n.note] != nil || !n.hasPresence() {
		return
	}
	if _, err := n.sit(n.note); err == nil {
		n.again()
	}
}

// changed ends the session of a reader who is no longer what he was: for good, unless he
// may read the note as something else.
func (n *live) changed() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := n.Service.NoteHead(ctx, n.viewer, n.note); err == nil {
		return &ending{code: CloseAccessChanged, reason: "access to the note changed"}
	}
	return n.lost(ctx, errMayNotRead)
}

var errMayNotRead = notes.Refuse(notes.Forbidden, "Not authorized to view this note")

// caughtUp implements dialect: a connection to a note that is in the trash has nothing
// more to say.
func (n *live) caughtUp() error {
	if n.deleted {
		return &ending{code: CloseNormal, reason: "Note deleted"}
	}
	return nil
}

// resync implements dialect: the note as it is follows.
func (n *live) resync(ctx context.Context, reason string) (int64, error) {
	n.deleted = false
	head, err := n.sub.LogHead(ctx)
	if err != nil {
		return 0, err
	}
	if err := n.announceResync(ctx, head, reason); err != nil {
		return 0, err
	}
	return n.initial(ctx)
}

// refusal implements dialect. The ancestor was silent; its clients ignore the frame.
func (n *live) refusal(err error, refs wire.Refs) []byte {
	refs.NoteID = n.note
	return wire.ErrorFrame(wire.ProblemOf(err, refs))
}

// farewell implements dialect.
func (n *live) farewell() []byte {
	return wire.ErrorFrame(wire.ProblemOf(errSignedOut, wire.Refs{NoteID: n.note}))
}

// handle implements dialect.
func (n *live) handle(ctx context.Context, data []byte, late time.Duration) {
	up, refs, err := wire.DecodeNoteUp(data, n.note)
	if late > 0 {
		err = tooFast(late)
	}
	if err == nil && up.Edit != nil {
		err = n.take(n.viewer, len(data))
	}
	switch {
	case err != nil:
		n.refuse(ctx, err, refs)
	case up.Ping:
		n.send(ctx, wire.Pong(notes.MillisOf(time.Now())))
	case up.Ephemeral != nil:
		n.inRoom(ctx, refs, func(ctx context.Context) error { return n.show(ctx, up.Ephemeral) })
	case up.Custom != nil:
		n.inRoom(ctx, refs, func(ctx context.Context) error { return n.sendCustom(ctx, up.Custom) })
	default:
		out, err := n.Service.Mutate(ctx, n.viewer, "", *up.Edit)
		switch {
		case err != nil:
			n.refuse(ctx, err, refs)
		case out.Repeated || !out.Logged:
			n.send(ctx, wire.Ack(out))
		}
	}
}
