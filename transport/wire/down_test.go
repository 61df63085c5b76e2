package wire_test

import (
	"errors"
	"slices"

	"notewire/notes"
	"notewire/transport/wire"
)

// frame is one golden message: its file's name without .json, and its bytes.
type frame struct {
	name string
	data []byte
}

// downFrames lists every message to clients: account.* and note.* are the frames of the two
// dialects, http.* the bodies of answers.
func downFrames() []frame {
	return slices.Concat(handshakeFrames(), eventFrames(), confirmationFrames(), errorFrames(), noteFrames(), httpBodies(),
		mergeFrames(), endFrames(), folderFrames(), presenceFrames())
}

func handshakeFrames() []frame {
	signed := wire.AuthSuccess{
		UserID: ada, Cursor: cursor, ConnectionID: connection,
		SessionSecret: "2b2d68cbe1039d06d055f2c27ffe8a775fb5a6579af71c8bab3bc78d11679144",
	}
	unsigned := signed
	unsigned.SessionSecret = ""
	return []frame{
		{"account.connection_established", wire.ConnectionEstablished(connection)},
		{"account.auth_success", signed.Encode()},
		{"account.auth_success.unsigned", unsigned.Encode()},
		{"account.auth_failed", wire.AuthFailed(false)},
		{"account.auth_failed.expired", wire.AuthFailed(true)},
		{"account.auth_failed.signed_out", wire.AuthEnded()},
		{"account.token_expiring", wire.TokenExpiring(connection, updated, 60_000)},
		{"account.note_joined", wire.NoteJoined(noteID)},
		{"account.note_left", wire.NoteLeft(noteID)},
		{"account.pong", wire.Pong(updated)},
		{"account.resync", wire.Resync(cursor, "epoch")},
		{"account.reconnect", wire.Reconnect(4000, "shutting down", 1500)},
	}
}

func eventFrames() []frame {
	trashed := changeOf(versionOf(trashedNote(), "trash", "deleted"), notes.KindDeleted, notes.ReasonTrashed)
	creation := changeOf(versionOf(freshNote(), "create"), notes.KindCreated, "")
	shared := changeOf(versionOf(fullNote(), "share", "access", "collaborators", "roles"), notes.KindCreated, "")
	event := func(c *notes.Change) []byte { return wire.AccountEvent(c, cursor) }
	return []frame{
		{"account.note_sync.content", event(syncOf(shoppingNote(), "edit", "title", "content"))},
		{"account.note_sync.unicode", event(syncOf(unicodeNote(), "edit", "title", "content"))},
		{"account.note_sync.blob", event(syncOf(blobNote(), "edit", "blob"))},
		{"account.note_sync.encrypted", event(syncOf(encryptedNote(), "edit", "encryptedTitle", "encryptedContent", "iv", "salt"))},
		{"account.note_sync.fields", event(fieldsOf("organise", "folderId", "tags", "starred", "hidden", "hiddenAt"))},
		{"account.note_sync.revert", event(syncOf(shoppingNote(), "revert", "title", "content"))},
		{"account.note_sync.share", event(syncOf(shoppingNote(), "share", "access", "collaborators", "roles"))},
		{"account.note_sync.leave", event(syncOf(without(shoppingNote(), cleo), "leave", "collaborators", "roles"))},
		{"account.note_created_sync", event(creation)},
		{"account.note_created_sync.shared", event(shared)},
		{"account.note_deleted_sync", event(trashed)},
		{"account.note_deleted_sync.access_lost", event(lostOf("share"))},
	}
}

func confirmationFrames() []frame {
	trashed := changeOf(versionOf(trashedNote(), "trash", "deleted"), notes.KindDeleted, notes.ReasonTrashed)
	confirm := func(c *notes.Change) []byte { return wire.Confirmation(c, cursor) }
	return []frame{
		{"account.note_update_success", confirm(syncOf(shoppingNote(), "edit", "title", "content"))},
		{"account.note_update_success.fields", confirm(fieldsOf("edit", "starred"))},
		{"account.note_update_success.repeated", wire.Ack(outcomeOf("edit", memberView(shoppingNote())))},
		{"account.mutation_ack.create", confirm(changeOf(versionOf(freshNote(), "create"), notes.KindCreated, ""))},
		{"account.mutation_ack.organise", confirm(fieldsOf("organise", "starred"))},
		{"account.mutation_ack.revert", confirm(syncOf(shoppingNote(), "revert", "title"))},
		{"account.mutation_ack.trash", confirm(trashed)},
		{"account.mutation_ack.restore", confirm(changeOf(versionOf(shoppingNote(), "restore", "deleted"), notes.KindCreated, ""))},
		{"account.mutation_ack.share", confirm(syncOf(shoppingNote(), "share", "access", "collaborators", "roles"))},
		{"account.mutation_ack.leave", confirm(lostOf("leave"))},
		{"account.mutation_ack.unchanged", wire.Ack(outcomeOf("trash", memberView(trashedNote())))},
		{"account.mutation_ack.left_before", wire.Ack(outcomeOf("leave", nil))},
	}
}

var bothRefs = wire.Refs{NoteID: noteID, MutationID: mutationID}

func mismatch() error {
	return &notes.Error{Code: notes.VersionMismatch, Message: "Version mismatch", Current: memberView(shoppingNote())}
}

func errorFrames() []frame {
	tooFast := &notes.Error{Code: notes.RateLimited, Message: "Rate limit exceeded. Please slow down.", RetryAfter: 2000}
	_, _, unknown := wire.DecodeUp([]byte(`{"type":"no_such_type"}`))
	broken := &wire.FormatError{
		Code: wire.InvalidJSON, Message: "Invalid message format", Detail: "at byte 8: unexpected EOF", // a library's words
	}
	_, _, wrong := wire.DecodeUp([]byte(`{"type":"note_update","noteId":"n","changes":{"title":5}}`))
	_, _, incomplete := wire.DecodeUp([]byte(`{"type":"note_update","changes":{}}`))
	return []frame{
		{"account.error.invalid_json", wire.AccountError(broken, wire.Refs{})},
		{"account.error.unknown_type", wire.AccountError(unknown, wire.Refs{})},
		{"account.error.wrong_type", wire.AccountError(wrong, bothRefs)},
		{"account.error.missing_member", wire.AccountError(incomplete, wire.Refs{MutationID: mutationID})},
		{"account.error.not_found", wire.AccountError(notes.Refuse(notes.NotFound, "Note not found"), bothRefs)},
		{"account.error.forbidden", wire.AccountError(notes.Refuse(notes.Forbidden, "Not authorized to edit this note"), bothRefs)},
		{"account.error.unauthenticated", wire.AccountError(notes.Refuse(notes.Unauthenticated, "Authentication required"), wire.Refs{})},
		{"account.error.version_mismatch", wire.AccountError(mismatch(), bothRefs)},
		{"account.error.rate_limited", wire.AccountError(tooFast, bothRefs)},
		{"account.error.internal", wire.AccountError(errors.New("a secret of ours"), bothRefs)},
		{"note.error.version_mismatch", wire.ErrorFrame(wire.ProblemOf(mismatch(), bothRefs))},
		{"note.error.forbidden", wire.ErrorFrame(wire.ProblemOf(notes.Refuse(notes.Forbidden, "Not authorized to view this note"), wire.Refs{NoteID: noteID}))},
	}
}

func noteFrames() []frame {
	frames := []frame{
		{"note.initial.trashed", wire.Initial(trashedNote(), wire.Members, connection, cursor)},
		{"note.create.member", wire.NoteEvent(versionOf(freshNote(), "create"), wire.Members, cursor)},
	}
	versions := map[string]*notes.Version{
		"note.update":       versionOf(shoppingNote(), "edit", "content"),
		"note.update.share": versionOf(shoppingNote(), "share", "access", "collaborators", "roles"),
		"note.revert":       versionOf(shoppingNote(), "revert", "title", "content"),
		"note.delete":       versionOf(trashedNote(), "trash", "deleted"),
	}
	for audience, suffix := range map[wire.Audience]string{wire.Members: ".member", wire.PassersBy: ".passer_by"} {
		frames = append(frames, frame{"note.initial" + suffix, wire.Initial(shoppingNote(), audience, connection, cursor)})
		for name, v := range versions {
			frames = append(frames, frame{name + suffix, wire.NoteEvent(v, audience, cursor)})
		}
	}
	return frames
}

func httpBodies() []frame {
	version := versionOf(shoppingNote(), "revert", "title", "content")
	version.Base, version.Reverted = 6, 3
	refused := notes.Refuse(notes.NotFound, "Note not found")
	m := notes.Mutation{ID: mutationID, Note: noteID}
	batch := map[string]any{"results": []wire.BatchResult{
		wire.ResultOf(m, outcomeOf("edit", memberView(shoppingNote())), nil),
		wire.ResultOf(m, outcomeOf("leave", nil), nil),
		wire.ResultOf(m, nil, refused),
	}}
	return []frame{
		{"http.note.member", wire.Encode(wire.NoteOf(memberView(fullNote())))},
		{"http.note.passer_by", wire.Encode(wire.NoteOf(&notes.View{Note: fullNote()}))},
		{"http.answer", wire.Answer(outcomeOf("edit", memberView(shoppingNote())))},
		{"http.answer.leave", wire.Answer(outcomeOf("leave", nil))},
		{"http.error", wire.ErrorBody(wire.ProblemOf(refused, bothRefs))},
		{"http.error.version_mismatch", wire.ErrorBody(wire.ProblemOf(mismatch(), bothRefs))},
		{"http.batch", wire.Encode(batch)},
		{"http.version.member", wire.Encode(wire.VersionOf(version, wire.Members, false))},
		{"http.version.passer_by", wire.Encode(wire.VersionOf(version, wire.PassersBy, false))},
		{"http.version.whole", wire.Encode(wire.VersionOf(version, wire.Members, true))},
	}
}
