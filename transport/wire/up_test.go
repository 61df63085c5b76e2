package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// meaning is what a message to the server is decoded as: the content of a .want.json file.
type meaning struct {
	Message    string           `json:"message,omitempty"` // auth, join_note, leave_note, ping, mutation
	Token      string           `json:"token,omitempty"`
	Cursor     string           `json:"cursor,omitempty"`
	NoteID     notes.NoteID     `json:"noteId,omitempty"`
	FolderID   notes.FolderID   `json:"folderId,omitempty"`
	MutationID notes.MutationID `json:"mutationId,omitempty"`
	Owner      notes.UserID     `json:"owner,omitempty"` // who noteData says owns the note
	Op         string           `json:"op,omitempty"`
	IfAbsent   bool             `json:"ifAbsent,omitzero"` // of a create
	Args       json.RawMessage  `json:"args,omitempty"`
	Name       string           `json:"name,omitempty"` // of a custom message
	Data       json.RawMessage  `json:"data,omitempty"` // of that, or of a presence
	Connection string           `json:"connectionId,omitempty"`
	Hash       string           `json:"hash,omitempty"` // in receipts for 400 days: it must not change
	Error      *refusal         `json:"error,omitzero"`
	Batch      []meaning        `json:"batch,omitempty"`
}

// refusal leaves out the detail for developers, which may be put better one day.
type refusal struct {
	Code    wire.FormatCode `json:"code"`
	Message string          `json:"message"`
}

func refusalOf(err error) *refusal {
	f, ok := errors.AsType[*wire.FormatError](err)
	if !ok {
		return nil
	}
	return &refusal{f.Code, f.Message}
}

func mutationMeaning(m notes.Mutation, err error) meaning {
	if err != nil {
		return meaning{NoteID: m.Note, FolderID: m.Folder, MutationID: m.ID, Error: refusalOf(err)}
	}
	args, err := json.Marshal(m.Op)
	if err != nil {
		panic(err)
	}
	create, _ := m.Op.(notes.Create)
	folder, _ := m.Op.(notes.FolderCreate)
	return meaning{
		Message: "mutation", NoteID: m.Note, FolderID: m.Folder, MutationID: m.ID, Op: m.Op.Name(),
		IfAbsent: create.IfAbsent || folder.IfAbsent, Args: args, Hash: fmt.Sprintf("%x", m.Hash()),
	}
}

func accountMeaning(data []byte) meaning {
	up, refs, err := wire.DecodeUp(data)
	if err != nil {
		return meaning{NoteID: refs.NoteID, FolderID: refs.FolderID, MutationID: refs.MutationID, Error: refusalOf(err)}
	}
	switch m := up.(type) {
	case wire.Auth:
		return meaning{Message: "auth", Token: m.Token, Cursor: m.Cursor}
	case wire.JoinNote:
		return meaning{Message: "join_note", NoteID: m.NoteID}
	case wire.LeaveNote:
		return meaning{Message: "leave_note", NoteID: m.NoteID}
	case wire.SetPresence:
		return meaning{Message: "presence", NoteID: m.NoteID, Data: m.Data}
	case wire.SendCustom:
		return meaning{Message: "custom", NoteID: m.NoteID, Name: m.Name, Data: m.Data}
	case wire.Mutate:
		mutation := mutationMeaning(m.Mutation, nil)
		mutation.Owner = m.Owner
		return mutation
	}
	return meaning{Message: "ping"}
}

func noteMeaning(data []byte) meaning {
	up, refs, err := wire.DecodeNoteUp(data, noteID)
	switch {
	case err != nil:
		return meaning{NoteID: refs.NoteID, MutationID: refs.MutationID, Error: refusalOf(err)}
	case up.Ping:
		return meaning{Message: "ping"}
	case up.Ephemeral != nil:
		return meaning{Message: "presence", NoteID: up.Ephemeral.NoteID, Data: up.Ephemeral.Data}
	case up.Custom != nil:
		return meaning{Message: "custom", NoteID: up.Custom.NoteID, Name: up.Custom.Name, Data: up.Custom.Data}
	}
	return mutationMeaning(*up.Edit, nil)
}

// httpMeaning decodes the body of a request for op on the sample note or folder.
func httpMeaning(op string, body []byte) meaning {
	if op == "presence" || op == "custom" {
		return postMeaning(op, body)
	}
	if op == "batch" {
		items, err := wire.DecodeBatch(body)
		all := meaning{Error: refusalOf(err)}
		for _, item := range items {
			all.Batch = append(all.Batch, mutationMeaning(item.Mutation, item.Err))
		}
		return all
	}
	return mutationMeaning(wire.DecodeMutation(op, pathOf(op), body))
}

// meaningOf decodes the message of that name in testdata/up.
func meaningOf(name string, data []byte) meaning {
	parts := strings.SplitN(name, ".", 3)
	switch parts[0] {
	case "account":
		return accountMeaning(data)
	case "note":
		return noteMeaning(data)
	}
	return httpMeaning(parts[1], data)
}

func TestEveryMessageFromAClientHasItsMeaning(t *testing.T) {
	names := files(t, "up")
	if len(names) == 0 {
		t.Fatal("testdata/up is empty")
	}
	for _, name := range names {
		got := wire.Encode(meaningOf(name, message(t, "up", name)))
		golden(t, filepath.Join("testdata", "up", name+".want.json"), got)
	}
}

// upTypes are the messages and operations that must have an example each.
var upTypes = []string{
	"account.auth", "account.join_note", "account.leave_note", "account.ping", "account.note_update", "account.note_created",
	"account.note_deleted", "account.folder_created", "account.folder_updated", "account.folder_deleted", "note.update_event", "note.ping",
	"account.presence", "account.custom", "note.ephemeral", "note.custom", "http.presence", "http.custom",
	"http.create", "http.edit", "http.organise", "http.revert",
	"http.trash", "http.restore", "http.share", "http.leave", "http.purge", "http.batch",
	"http.folder_create", "http.folder_update", "http.folder_delete",
}

func TestEveryMessageFromAClientHasAnExample(t *testing.T) {
	names := files(t, "up")
	for _, name := range upTypes {
		if !slices.Contains(names, name) {
			t.Errorf("testdata/up/%s.json is not there", name)
		}
	}
}
