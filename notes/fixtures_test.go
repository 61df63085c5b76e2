package notes

import (
	"errors"
	"testing"
)

// The accounts of the note in these tests, named by what they are to it.
const (
	anOwner    UserID = "owner"
	aWriter    UserID = "writer"
	aReader    UserID = "reader"
	aStranger  UserID = "stranger"
	signedOut  UserID = ""
	theNote    NoteID = "n"
	earlier           = Millis(1_763_000_000_000)
	later             = Millis(1_763_000_001_000)
	headOfNote        = 5
)

func ptr[T any](v T) *T { return &v }

func text(content string) BodyPatch { return BodyPatch{Content: Some(content)} }

func edit(content string) Edit { return Edit{Changes: Changes{BodyPatch: text(content)}} }

var star = FieldsPatch{Starred: Some(true)}

// noteOf returns version 5 of a note with a writer and a reader.
func noteOf(access Access, deleted bool) *Version {
	return &Version{
		Note: &Note{
			ID: theNote, Owner: anOwner, Version: headOfNote,
			Body:    Body{Title: ptr("title"), Content: "content", Blob: []byte(`{"a":1}`), Type: "note"},
			Access:  access,
			Members: []Member{{aReader, Reader}, {aWriter, Writer}}, Deleted: deleted, CreatedAt: earlier, UpdatedAt: earlier,
		},
		Op: "edit", Author: aWriter, Mutation: "posted-5", Changed: []string{"content"},
	}
}

// rowsOf is what a store holds of the note, and of those accounts besides.
func rowsOf(head *Version, others ...UserID) Rows {
	rows := Rows{Head: head, Account: map[UserID]Account{}}
	for i, user := range append([]UserID{anOwner, aWriter, aReader, aStranger}, others...) {
		seq := int64(10 * (i + 1))
		account := Account{Seq: seq}
		if head != nil && head.RoleOf(user) != Stranger {
			account.Entry = &Entry{
				User: user, Note: head.ID, Role: head.RoleOf(user), Deleted: head.Note.Deleted, UpdatedAt: head.UpdatedAt,
				Size: head.Size(), Seq: seq - 1, Version: head.Note.Version, Fields: Fields{Tags: []string{"old"}, FolderID: ptr("folder")},
			}
		}
		rows.Account[user] = account
	}
	return rows
}

func requestOf(author UserID, op Op) Request {
	m := Mutation{ID: "m", Note: theNote, Op: op}
	return Request{Author: author, Via: "via", Mutation: m, Hash: m.Hash(), Now: later, Limits: DefaultLimits()}
}

// refusedWith checks that err is a refusal with that code, and returns it.
func refusedWith(t *testing.T, err error, code Code) *Error {
	t.Helper()
	refusal, ok := errors.AsType[*Error](err)
	if !ok || refusal.Code != code {
		t.Fatalf("error %v, want code %s", err, code)
	}
	return refusal
}
