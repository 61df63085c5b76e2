package wire_test

import (
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// mergedVersion is Ben's edit, merged with what Ada had committed. In conflict, the content was
// changed by both at one place.
func mergedVersion(conflict bool) *notes.Version {
	v := versionOf(shoppingNote(), "edit", "content")
	v.Base, v.Merged = 5, true
	v.Posted = &notes.Body{Title: ptr("Shopping"), Content: "milk\nbutter", Type: "note"}
	if conflict {
		v.Conflicts = []string{"content"}
	}
	return v
}

// resolved is a conflict in which all that was posted is shown: there is nothing to keep.
func resolvedVersion() *notes.Version {
	v := mergedVersion(true)
	v.Conflicts, v.Posted = []string{"title"}, nil
	return v
}

func mergedOutcome(v *notes.Version) *notes.Outcome {
	out := outcomeOf("edit", memberView(v.Note))
	out.Merged, out.Conflicts, out.Kept = v.Merged, v.Conflicts, v.Kept() != nil
	return out
}

// ciphertexts is a conflict that only readers of the ciphertext can resolve.
func ciphertexts() error {
	base := encryptedNote()
	base.Version = 5
	return &notes.Error{
		Code: notes.Conflict, Message: "The ciphertext changed after it was read: merge it with current, and send it on that",
		Current: memberView(encryptedNote()), Base: memberView(base),
	}
}

func mergeFrames() []frame {
	clean, conflict, resolved := mergedVersion(false), mergedVersion(true), resolvedVersion()
	syncOf := func(v *notes.Version) *notes.Change { return changeOf(v, notes.KindSync, "") }
	reverted := versionOf(shoppingNote(), "revert", "content")
	reverted.Reverted, reverted.RevertedKept = 6, true
	m := notes.Mutation{ID: mutationID, Note: noteID}
	kept := *conflict.Note
	kept.Body = *conflict.Kept()
	gone := &notes.Error{Code: notes.BaseGone, Message: "What was edited is not known any more", Current: memberView(shoppingNote())}
	return []frame{
		{"account.note_sync.merged", wire.AccountEvent(syncOf(clean), cursor)},
		{"account.note_sync.conflict", wire.AccountEvent(syncOf(conflict), cursor)},
		{"account.note_sync.conflict_resolved", wire.AccountEvent(syncOf(resolved), cursor)},
		{"account.note_update_success.merged", wire.Confirmation(syncOf(clean), cursor)},
		{"account.note_update_success.conflict", wire.Confirmation(syncOf(conflict), cursor)},
		{"account.note_update_success.conflict_repeated", wire.Ack(mergedOutcome(conflict))},
		{"account.error.conflict", wire.AccountError(ciphertexts(), bothRefs)},
		{"account.error.base_gone", wire.AccountError(gone, bothRefs)},
		{"note.update.merged", wire.NoteEvent(clean, wire.Members, cursor)},
		{"note.update.conflict.member", wire.NoteEvent(conflict, wire.Members, cursor)},
		{"note.update.conflict.passer_by", wire.NoteEvent(conflict, wire.PassersBy, cursor)},
		{"http.answer.merged", wire.Answer(mergedOutcome(clean))},
		{"http.answer.conflict", wire.Answer(mergedOutcome(conflict))},
		{"http.error.conflict", wire.ErrorBody(wire.ProblemOf(ciphertexts(), bothRefs))},
		{"http.error.version_thinned", wire.ErrorBody(wire.ProblemOf(notes.Refuse(notes.VersionThinned, "Version 3 is no longer kept"), wire.Refs{NoteID: noteID}))},
		{"http.kept", wire.Encode(wire.Kept{Version: 7, Note: wire.NoteAt(&kept, wire.Members)})},
		{"http.version.conflict", wire.Encode(wire.VersionOf(conflict, wire.Members, false))},
		{"http.version.conflict.passer_by", wire.Encode(wire.VersionOf(conflict, wire.PassersBy, false))},
		{"http.version.reverted_kept", wire.Encode(wire.VersionOf(reverted, wire.Members, false))},
		{"http.batch.merged", wire.Encode(map[string]any{"results": []wire.BatchResult{
			wire.ResultOf(m, mergedOutcome(conflict), nil), wire.ResultOf(m, nil, ciphertexts()),
		}})},
	}
}

// endFrames are of notes that are purged, expired or given to another owner.
func endFrames() []frame {
	gone := &notes.Note{ID: noteID, Owner: ada, Version: 7, Access: notes.Private, Deleted: true, Purged: true, CreatedAt: created, UpdatedAt: updated}
	purged := versionOf(gone, "purge", "purged")
	row := changeOf(purged, notes.KindDeleted, notes.ReasonPurged)
	row.Version = nil
	given := shoppingNote()
	given.Owner, given.Members = ben, []notes.Member{{User: ada, Role: notes.Writer}, {User: cleo, Role: notes.Reader}}
	transfer := syncOf(given, "share", "collaborators", "roles", "userId")
	expired := &notes.Error{Code: notes.NoteExpired, Message: "Note has expired and is read-only", Current: memberView(fullNote())}
	over := notes.Refuse(notes.Purged, "The note was deleted for good")
	return []frame{
		{"account.note_deleted_sync.purged", wire.AccountEvent(row, cursor)},
		{"account.mutation_ack.purge", wire.Confirmation(row, cursor)},
		{"account.note_sync.transfer", wire.AccountEvent(transfer, cursor)},
		{"account.mutation_ack.transfer", wire.Confirmation(transfer, cursor)},
		{"account.error.note_expired", wire.AccountError(expired, bothRefs)},
		{"account.error.purged", wire.AccountError(over, bothRefs)},
		{"note.delete.purged", wire.NoteEvent(purged, wire.Members, cursor)},
		{"http.answer.purge", wire.Answer(outcomeOf("purge", nil))},
		{"http.error.purged", wire.ErrorBody(wire.ProblemOf(over, bothRefs))},
	}
}

// A change of somebody's own fields shows the note at a version that another mutation made.
func TestOnlyTheEditThatWasMergedSaysSo(t *testing.T) {
	v := mergedVersion(true)
	organised := changeOf(v, notes.KindSync, "")
	organised.Op, organised.Author, organised.Mutation, organised.Changed = "organise", ada, "another", []string{"starred"}
	for _, data := range [][]byte{wire.AccountEvent(organised, cursor), wire.Confirmation(organised, cursor)} {
		if got := membersOf(t, data); got["merged"] != nil || got["conflict"] != nil {
			t.Errorf("got %s", data)
		}
	}
}
