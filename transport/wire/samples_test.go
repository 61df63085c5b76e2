package wire_test

import (
	"encoding/json"

	"notewire/notes"
)

// The fixed values of the golden files.
const (
	noteID     notes.NoteID     = "8c1f4a2e-5b7d-4c3a-9e10-2f6d8b4a7c51"
	ada        notes.UserID     = "user_ada"  // owns the note
	ben        notes.UserID     = "user_ben"  // may write it
	cleo       notes.UserID     = "user_cleo" // may read it
	folderID   notes.FolderID   = "folder-1"
	mutationID notes.MutationID = "0199566e-7c4e-7b1a-8f00-3d5e9c2b1a40"
	cursor                      = "k3x9q2-42"
	connection                  = "0199566e-6a10-7c22-9b41-5f0e7d3c8a12"

	created notes.Millis = 1758000000000
	updated notes.Millis = 1758000123456
)

func ptr[T any](v T) *T { return &v }

// shoppingNote is a note at version 7 that Ada shares with Ben and Cleo.
func shoppingNote() *notes.Note {
	return &notes.Note{
		ID: noteID, Owner: ada, Version: 7,
		Body:    notes.Body{Title: ptr("Shopping"), Content: "milk\nbread", Type: "note"},
		Access:  notes.Public,
		Members: []notes.Member{{User: ben, Role: notes.Writer}, {User: cleo, Role: notes.Reader}},
		// An account's list is ordered by the time of the last change.
		CreatedAt: created, UpdatedAt: updated,
	}
}

// freshNote is what a client that sent only a title and content created.
func freshNote() *notes.Note {
	n := shoppingNote()
	n.Version, n.Access, n.Members, n.UpdatedAt = 1, notes.Private, nil, created
	return n
}

func unicodeNote() *notes.Note {
	n := shoppingNote()
	n.Title = ptr("Ünïcode 日本 👩‍👩‍👧 \"quoted\" \\ back")
	n.Content = "<b>&amp;</b> line\u2028paragraph\u2029tab\tnul\u0000 é e\u0301 \ufeff"
	return n
}

func blobNote() *notes.Note {
	n := shoppingNote()
	n.Blob = json.RawMessage(`{"elements":[{"id":"a","x":0.1,"big":12345678901234567890}],"text":"<\u00e9>"}`)
	return n
}

func encryptedNote() *notes.Note {
	n := shoppingNote()
	n.Title, n.Content = ptr("[ENCRYPTED]"), "[ENCRYPTED]"
	n.EncryptedTitle, n.EncryptedContent = ptr("q83vEjRWeJA="), ptr("3q2+7wABAgM=")
	n.IV, n.Salt = ptr("AAECAwQFBgcICQoL"), ptr("DA0ODxAREhM=")
	return n
}

func fullNote() *notes.Note {
	n := blobNote()
	n.ExpiresAt, n.TemplateID = ptr(updated+3_600_000), "weekly"
	return n
}

func trashedNote() *notes.Note {
	n := shoppingNote()
	n.Deleted = true
	return n
}

func without(n *notes.Note, user notes.UserID) *notes.Note {
	var kept []notes.Member
	for _, m := range n.Members {
		if m.User != user {
			kept = append(kept, m)
		}
	}
	n.Members = kept
	return n
}

// organised is what Ada keeps about the note.
func organised() notes.Fields {
	return notes.Fields{
		FolderID: ptr("folder-1"), Tags: []string{"home", "日本"}, Starred: true, Hidden: true, HiddenAt: ptr(updated),
	}
}

// versionOf is n as a mutation left it: the reader's if he left, the writer's if it is about
// the text, else the owner's.
func versionOf(n *notes.Note, op string, changed ...string) *notes.Version {
	v := &notes.Version{Note: n, Op: op, Author: ada, Mutation: mutationID, Changed: changed}
	switch op {
	case "leave":
		v.Author = cleo
	case "edit", "revert":
		v.Author = ben
	}
	return v
}

// changeOf is that version as a row of a member's log.
func changeOf(v *notes.Version, kind notes.Kind, reason string) *notes.Change {
	return &notes.Change{
		LogRow: notes.LogRow{
			Seq: 42, Kind: kind, Op: v.Op, Note: v.ID, Version: v.Note.Version, Changed: v.Changed, Author: v.Author,
			Mutation: v.Mutation, Reason: reason, At: v.UpdatedAt,
		},
		Version: v,
	}
}

// syncOf is a change of what Ada keeps sight of.
func syncOf(n *notes.Note, op string, changed ...string) *notes.Change {
	return changeOf(versionOf(n, op, changed...), notes.KindSync, "")
}

// fieldsOf is a change of Ada's own fields only.
func fieldsOf(op string, changed ...string) *notes.Change {
	c := syncOf(shoppingNote(), op, changed...)
	c.Author, c.Fields, c.At = ada, organised(), updated+1000
	return c
}

// lostOf is how a row reads to somebody who may no longer see the note.
func lostOf(op string) *notes.Change {
	c := changeOf(versionOf(shoppingNote(), op), notes.KindDeleted, notes.ReasonAccessLost)
	c.Version = nil
	return c
}

// outcomeOf is the answer to a mutation that has no place of its own in the log.
func outcomeOf(op string, view *notes.View) *notes.Outcome {
	return &notes.Outcome{
		Op: op, Mutation: mutationID, Note: noteID, Version: 7, Cursor: notes.Cursor{Epoch: "k3x9q2", Seq: 42}, At: updated, View: view,
	}
}

func memberView(n *notes.Note) *notes.View { return &notes.View{Note: n, Fields: ptr(organised())} }
