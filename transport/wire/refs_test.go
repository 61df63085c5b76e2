package wire_test

import (
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// brokenTails each follow `{"noteId":"n","mutationId":"m",`, and break the message.
var brokenTails = map[string]string{
	"type is missing":       `"x":1}`,
	"unknown type":          `"type":"no_such_type"}`,
	"type of another type":  `"type":5}`,
	"wrong member":          `"type":"note_update","changes":{"title":5}}`,
	"wrong type of changes": `"type":"note_update","changes":5}`,
	"member twice":          `"type":"note_update","changes":{"title":"a","title":"b"}}`,
	"type twice":            `"type":"ping","type":"ping"}`,
	"bad UTF-8":             "\"type\":\"note_update\",\"changes\":{\"title\":\"\xff\"}}",
	"lone surrogate":        `"type":"note_update","changes":{"title":"\ud800"}}`,
	"too deep":              `"type":"note_update","changes":{"blob":` + nested(2000, "[", "", "]") + `}}`,
	"cut short":             `"type":"note_update","changes":{"title":"a`,
	"trailing data":         `"type":"ping"} x`,
}

func TestRefsAreReadableWhereTheRestIsWrong(t *testing.T) {
	for name, tail := range brokenTails {
		message := []byte(`{"noteId":"n","mutationId":"m",` + tail)
		_, refs, err := wire.DecodeUp(message)
		checkFormatError(t, err)
		if want := (wire.Refs{NoteID: "n", MutationID: "m"}); refs != want {
			t.Errorf("%s: DecodeUp read %+v", name, refs)
		}
		_, refs, err = wire.DecodeNoteUp(message, noteID)
		checkFormatError(t, err)
		if want := (wire.Refs{NoteID: noteID, MutationID: "m"}); refs != want {
			t.Errorf("%s: DecodeNoteUp read %+v", name, refs)
		}
	}
}

func TestRefsFollowWhatIsWrong(t *testing.T) {
	for _, message := range []string{
		`{"type":5,"noteId":"n","mutationId":"m"}`,
		`{"type":"note_update","changes":{"title":5},"noteId":"n","mutationId":"m"}`,
		`{"type":"note_created","noteData":{"tags":5,"id":"n"},"mutationId":"m"}`,
		`{"type":"note_created","noteId":"other","noteData":{"id":"n","content":null},"mutationId":"m"}`,
	} {
		_, refs, err := wire.DecodeUp([]byte(message))
		checkFormatError(t, err)
		if want := (wire.Refs{NoteID: "n", MutationID: "m"}); refs != want {
			t.Errorf("%s: got %+v", message, refs)
		}
	}
}

func TestAFrameIsAboutANoteOrAFolder(t *testing.T) {
	for message, want := range map[string]wire.Refs{
		`{"type":"folder_updated","noteId":"n","folderId":"f","mutationId":"m","changes":5}`:    {FolderID: "f", MutationID: "m"},
		`{"type":"folder_created","mutationId":"m","folderData":{"id":"f","name":5}}`:           {FolderID: "f", MutationID: "m"},
		`{"type":"folder_created","folderId":"f","mutationId":"m","folderData":{"id":"other"}}`: {FolderID: "f", MutationID: "m"},
		`{"type":"note_update","noteId":"n","folderId":"f","mutationId":"m","changes":{}}`:      {NoteID: "n", MutationID: "m"},
	} {
		if _, refs, _ := wire.DecodeUp([]byte(message)); refs != want {
			t.Errorf("%s: got %+v", message, refs)
		}
		if _, refs, _ := wire.DecodeNoteUp([]byte(message), noteID); refs != (wire.Refs{NoteID: noteID, MutationID: "m"}) {
			t.Errorf("%s in the note dialect: got %+v", message, refs)
		}
	}
}

func TestRefsOfAGoodMessageAreThoseOfItsMutation(t *testing.T) {
	for _, name := range files(t, "up") {
		if !strings.HasPrefix(name, "account.") {
			continue
		}
		message, refs, _ := wire.DecodeUp(message(t, "up", name))
		if m, ok := message.(wire.Mutate); ok && refs != (wire.Refs{NoteID: m.Note, FolderID: m.Folder, MutationID: m.ID}) {
			t.Errorf("%s: refs %+v, mutation %+v", name, refs, m.Mutation)
		}
	}
}

func TestWhatIsNoIDIsNoRef(t *testing.T) {
	for _, value := range []string{
		`5`, `null`, `["n"]`, `""`, `"a b"`, `"../n"`, `"ü"`, `"\ud800"`, `"` + strings.Repeat("a", 65) + `"`, `"n","noteId":"n","mutationId":"m"`,
	} {
		_, refs, _ := wire.DecodeUp([]byte(`{"type":"x","noteId":` + value + `,"mutationId":` + value + `}`))
		if refs != (wire.Refs{}) {
			t.Errorf("%s: got %+v", value, refs)
		}
	}
}

func TestWhatIsMissingIsNamedInTheAncestorsWords(t *testing.T) {
	for _, c := range []struct {
		decoder
		message, text, detail string
	}{
		{up(""), `{"type":"join_note"}`, "Missing noteId or userId", "noteId is missing"},
		{up(""), `{"type":"join_note","noteId":null}`, "Missing noteId or userId", "noteId is missing"},
		{up(""), `{"type":"join_note","noteId":""}`, "Missing noteId or userId", "noteId is missing"},
		{up(""), `{"type":"leave_note"}`, "Missing noteId", "noteId is missing"},
		{up(""), `{"type":"note_update","changes":{"title":"t"}}`, "Missing userId or noteId", "noteId is missing"},
		{up(""), `{"type":"note_created"}`, "Missing noteData", "noteData is missing"},
		{up(""), `{"type":"note_created","noteData":null}`, "Missing noteData", "noteData is missing"},
		{up(""), `{"type":"note_deleted"}`, "Missing noteId", "noteId is missing"},
		{up(""), `{"type":"folder_created","folderId":"f"}`, "Missing folderData", "folderData is missing"},
		{up(""), `{"type":"folder_created","folderData":null}`, "Missing folderData", "folderData is missing"},
		{up(""), `{"type":"folder_updated","changes":{"name":"x"}}`, "Missing folderId", "folderId is missing"},
		{up(""), `{"type":"folder_deleted"}`, "Missing folderId", "folderId is missing"},
		{noteUp(""), `{"type":"update_event"}`, "Missing data", "data is missing"},
		{noteUp(""), `{"type":"update_event","data":null}`, "Missing data", "data is missing"},
		{decoder{decode: decodeBatch}, `{}`, "Missing mutations", "mutations is missing"},
		{decoder{decode: decodeBatch}, `{"mutations":null}`, "Missing mutations", "mutations is missing"},
		{decoder{decode: decodeItem}, `{"mutations":[{"noteId":"n"}]}`, "Missing op", "op is missing"},
		{decoder{decode: decodeItem}, `{"mutations":[null]}`, "Missing op", "op is missing"},
	} {
		f := c.wants(t, wire.MissingMember, c.message)
		if f.Message != c.text || f.Detail != c.detail {
			t.Errorf("%s: got %q, %q", c.message, f.Message, f.Detail)
		}
	}
	for _, message := range []string{`{}`, `{"type":null}`} {
		if f := up("").wants(t, wire.UnknownType, message); f.Message != "Unknown message type" || f.Detail != "type is missing" {
			t.Errorf("%s: got %+v", message, f)
		}
		noteUp("").wants(t, wire.UnknownType, message)
	}
}

func TestTheIDsOfABodyAreReadableWhereTheRestIsWrong(t *testing.T) {
	for _, body := range []string{
		`{"changes":5,"mutationId":"m"}`, `{"unknown":5,"mutationId":"m"}`, `{"mutationId":"m","changes":{"title":"a`,
		`{"mutationId":"m"} x`, "{\"mutationId\":\"m\",\"title\":\"\xff\"}",
	} {
		for _, op := range []string{"create", "edit", "organise", "revert", "trash", "restore", "purge", "share", "leave", "no_such_op"} {
			if m, err := wire.DecodeMutation(op, string(noteID), []byte(body)); err != nil && (m.ID != "m" || m.Note != noteID) {
				t.Errorf("%s %s: got %+v", op, body, m)
			}
		}
	}
	for _, op := range []string{"folder_create", "folder_update", "folder_delete"} {
		m, err := wire.DecodeMutation(op, string(folderID), []byte(`{"mutationId":"m","unknown":5}`))
		if err == nil || m.ID != "m" || m.Folder != folderID || m.Note != "" {
			t.Errorf("%s: got %+v, %v", op, m, err)
		}
	}
	m, err := wire.DecodeMutation("create", "", []byte(`{"tags":5,"id":"n","mutationId":"m"}`))
	if err == nil || m.ID != "m" || m.Note != "n" {
		t.Errorf("got %+v, %v", m, err)
	}
}

func TestOneItemOfABatchIsRefusedForItself(t *testing.T) {
	items, err := wire.DecodeBatch([]byte(`{"mutations":[
		{"op":"create","id":"n","mutationId":"m1","title":"t"},
		{"op":"create","noteId":"n","mutationId":"m2","title":"t"},
		{"op":"edit","noteId":"n","mutationId":"m3","changes":{"titel":"t"}},
		{"op":"edit","noteId":5,"mutationId":"m4","changes":{}},
		{"op":5,"noteId":"n","mutationId":"m5"},
		{"op":"no_such_op","noteId":"n","mutationId":"m6"},
		{"op":"trash","noteId":"not an id","mutationId":"m7"},
		{"op":"create","noteId":"not an id","mutationId":"m8"},
		{"op":"folder_create","folderId":"f","mutationId":"m9","name":"x"},
		{"op":"folder_update","folderId":"f","mutationId":"m10","changes":{"colour":"x"}},
		{"op":"folder_delete","noteId":"n","folderId":"f","mutationId":"m11"},
		{"op":"folder_delete","folderId":5,"mutationId":"m12"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		note string // or folder
		id   notes.MutationID
		code wire.FormatCode
	}{
		{"n", "m1", ""}, {"n", "m2", ""}, {"n", "m3", wire.UnknownMember}, {"", "m4", wire.WrongType}, {"n", "m5", wire.WrongType},
		{"n", "m6", wire.UnknownType}, {"not an id", "m7", ""}, {"not an id", "m8", ""}, // the domain refuses what is no id
		{"f", "m9", ""}, {"f", "m10", wire.UnknownMember}, {"f", "m11", wire.UnknownMember}, {"", "m12", wire.WrongType},
	}
	for i, w := range want {
		m := items[i].Mutation
		var code wire.FormatCode
		if items[i].Err != nil {
			code = checkFormatError(t, items[i].Err).Code
		}
		if string(m.Note)+string(m.Folder) != w.note || m.ID != w.id || code != w.code {
			t.Errorf("item %d: got %q %q %q, want %+v", i, m.Note, m.ID, code, w)
		}
	}
}
