package functions

import (
	"encoding/json"

	"notewire/notes"
	"notewire/transport/wire"
)

// With a mutationId each of these is idempotent, as the HTTP API is.

// noteAfter is the output of a mutation: the note, with its place in the log.
func noteAfter(out *notes.Outcome, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return json.RawMessage(wire.Answer(out)), nil
}

func success(err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return wire.TRPCSuccess{Success: true}, nil
}

// createNote makes a note. Collaborators are writers.
func (s *surface) createNote(c call, in wire.TRPCCreate) (any, error) {
	create := notes.Create{
		BodyPatch:  notes.BodyPatch{Title: titleOf(in.Title), Blob: in.Blob, Content: in.Content},
		TemplateID: in.TemplateID, ExpiresInHours: in.ExpiresInHours,
	}
	for _, user := range in.Collaborators {
		if user != c.user { // who is the owner
			create.Members = append(create.Members, notes.Member{User: user, Role: notes.Writer})
		}
	}
	return noteAfter(s.do(c, notes.Mutation{ID: in.MutationID, Note: in.ID, Op: create}))
}

// titleOf is a title that null leaves as it is.
func titleOf(title *string) notes.Opt[*string] {
	return notes.Opt[*string]{Set: title != nil, Value: title}
}

func (s *surface) updateNote(c call, in wire.TRPCUpdate) (any, error) {
	edit := notes.Edit{ExpectedVersion: in.ExpectedVersion}
	edit.Changes.BodyPatch = notes.BodyPatch{Title: titleOf(in.Title), Blob: in.Blob, Content: in.Content}
	return noteAfter(s.do(c, notes.Mutation{ID: in.MutationID, Note: in.ID, Op: edit}))
}

func (s *surface) revertToVersion(c call, in wire.TRPCVersion) (any, error) {
	out, err := s.do(c, notes.Mutation{ID: in.MutationID, Note: in.ID, Op: notes.Revert{Version: int64(in.Version)}})
	if isRefusal(err, notes.NotFound, notes.VersionThinned) {
		if _, noNote := s.Service.NoteHead(c.ctx, c.user, in.ID); noNote == nil { // it is the version that is not there
			err = notes.Refuse(notes.Invalid, "Version not found")
		}
	}
	return noteAfter(out, err)
}

// deleteNote puts a note into the trash.
func (s *surface) deleteNote(c call, in wire.TRPCNote) (any, error) {
	_, err := s.do(c, notes.Mutation{ID: in.MutationID, Note: in.ID, Op: notes.Trash{}})
	return success(err)
}

// toggleShare makes a private note public, and a public one private. Repeated under its
// mutationId it does again what it did, whatever the note is now.
func (s *surface) toggleShare(c call, in wire.TRPCNote) (any, error) {
	head, err := s.Service.NoteHead(c.ctx, c.user, in.ID)
	if err != nil {
		return nil, refused{err, wire.Refs{NoteID: in.ID, MutationID: in.MutationID}}
	}
	to := func(access notes.Access) (*notes.Outcome, error) {
		return s.do(c, notes.Mutation{ID: in.MutationID, Note: in.ID, Op: notes.Share{Access: notes.Some(access)}})
	}
	other := notes.Public
	if head.Access == notes.Public {
		other = notes.Private
	}
	out, err := to(other)
	if isRefusal(err, notes.MutationReused) {
		if again, notThis := to(head.Access); notThis == nil {
			out, err = again, nil
		}
	}
	return noteAfter(out, err)
}

// trackBoardAccess remembers that the caller has opened a note: a public one of somebody else's
// is in his list from then on.
func (s *surface) trackBoardAccess(c call, in wire.TRPCBoard) (any, error) {
	return success(s.Service.Visit(c.ctx, c.user, in.NoteID))
}

// removeSharedBoard takes a note of somebody else's out of the caller's list: who is a member
// leaves it.
func (s *surface) removeSharedBoard(c call, in wire.TRPCBoard) (any, error) {
	_, err := s.do(c, notes.Mutation{ID: in.MutationID, Note: in.NoteID, Op: notes.Leave{}})
	if !isRefusal(err, notes.Forbidden, notes.NotFound, notes.Purged) {
		return success(err)
	}
	if head, err := s.Service.NoteHead(c.ctx, c.user, in.NoteID); err == nil && head.RoleOf(c.user) == notes.Owner {
		return nil, notes.Refuse(notes.Invalid, "Cannot remove a board you own. Use delete instead.")
	}
	err = s.Service.Forget(c.ctx, c.user, in.NoteID)
	if isRefusal(err, notes.NotFound) {
		err = notes.Refuse(notes.NotFound, "Board not found in your list")
	}
	return success(err)
}
