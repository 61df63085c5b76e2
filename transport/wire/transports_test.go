package wire_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"notewire/notes"
	"notewire/transport/wire"
)

// A mutation that was posted may be repeated over another transport: its hash, and so its
// effect, must not depend on which.
func TestAMutationIsTheSameOnEveryTransport(t *testing.T) {
	for _, name := range files(t, "up") {
		parts := strings.Split(name, ".")
		if parts[0] != "http" || parts[1] == "batch" || parts[1] == "presence" || parts[1] == "custom" || strings.HasSuffix(name, ".unknown_member") {
			continue
		}
		data := message(t, "up", name)
		m, err := wire.DecodeMutation(parts[1], pathOf(parts[1]), data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		checkReencodes(t, m)
		checkTransports(t, parts[1], data, m)
	}
}

// pathOf is the note, or the folder, in the path of an operation's route.
func pathOf(op string) string {
	switch op {
	case "create", "folder_create":
		return ""
	case "folder_update", "folder_delete":
		return string(folderID)
	}
	return string(noteID)
}

func TestTheNoteDialectAndHTTPMakeTheSameEdit(t *testing.T) {
	for event, body := range map[string]string{
		`{"type":"update_event","mutationId":"m","data":{"title":"t","blob":{"a":"\u00e9"}}}`: `{"mutationId":"m","changes":{"title":"t","blob":{"a":"\u00e9"}}}`,
		`{"type":"update_event","baseVersion":3,"data":{"content":""}}`:                       `{"baseVersion":3,"changes":{"content":""}}`,
		`{"type":"update_event","expectedVersion":3,"data":{"title":null,"blob":null}}`:       `{"expectedVersion":3,"changes":{"blob":null}}`,
		`{"type":"update_event","baseMutationId":"b","data":{"blob":0}}`:                      `{"baseMutationId":"b","changes":{"blob":0}}`,
	} {
		up, _, err := wire.DecodeNoteUp([]byte(event), noteID)
		if err != nil {
			t.Fatalf("%s: %v", event, err)
		}
		want, err := wire.DecodeMutation("edit", string(noteID), []byte(body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		checkSame(t, *up.Edit, want)
	}
}

// checkSame fails unless the two do the same to the same note or folder, under the same id.
func checkSame(t *testing.T, got, want notes.Mutation) {
	t.Helper()
	if got.ID != want.ID || got.Note != want.Note || got.Folder != want.Folder || got.Hash() != want.Hash() {
		t.Fatalf("got %+v\nwant %+v", got, want)
	}
}

// body writes a mutation as the body of a request.
func body(t *testing.T, m notes.Mutation) []byte {
	t.Helper()
	op, err := json.Marshal(m.Op)
	if err != nil {
		t.Fatal(err)
	}
	members := membersOf(t, op)
	members["mutationId"] = wire.Encode(m.ID)
	return object(t, members)
}

// checkReencodes fails unless a mutation that was accepted is accepted by HTTP as the same.
func checkReencodes(t *testing.T, m notes.Mutation) {
	t.Helper()
	again, err := wire.DecodeMutation(m.Op.Name(), string(m.Note)+string(m.Folder), body(t, m))
	if err != nil {
		t.Fatalf("%+v does not decode again: %v", m, err)
	}
	checkSame(t, again, m)
}

// checkTransports sends the members of a body in a frame and in a batch: they must do the
// same. In their deeper wrapping they may be refused as too deep.
func checkTransports(t *testing.T, op string, data []byte, m notes.Mutation) {
	t.Helper()
	items, err := wire.DecodeBatch(batchOf(t, op, data))
	switch {
	case tooDeep(err) || err == nil && tooDeep(items[0].Err):
	case err != nil || items[0].Err != nil:
		t.Fatalf("refused in a batch: %v, %v", err, items)
	default:
		checkSame(t, items[0].Mutation, m)
	}
	frame := frameOf(t, op, data)
	if frame == nil {
		return
	}
	up, refs, err := wire.DecodeUp(frame)
	if tooDeep(err) {
		return
	}
	if err != nil {
		t.Fatalf("refused in a frame: %v", err)
	}
	checkSame(t, up.(wire.Mutate).Mutation, m)
	if notes.ValidID(string(m.Note)) && refs.NoteID != m.Note || notes.ValidID(string(m.Folder)) && refs.FolderID != m.Folder ||
		notes.ValidID(string(m.ID)) && refs.MutationID != m.ID {
		t.Fatalf("refs %+v of %+v", refs, m)
	}
}

func tooDeep(err error) bool {
	f, ok := errors.AsType[*wire.FormatError](err)
	return ok && f.Code == wire.TooDeep
}

// postedMembers reads a body as decoders do: none is an empty object.
func postedMembers(t *testing.T, data []byte) map[string]jsontext.Value {
	t.Helper()
	if len(data) == 0 {
		return map[string]jsontext.Value{}
	}
	return membersOf(t, data)
}

// batchOf is a batch with that one mutation.
func batchOf(t *testing.T, op string, data []byte) []byte {
	t.Helper()
	members := postedMembers(t, data)
	members["op"] = wire.Encode(op)
	if path := pathOf(op); path != "" {
		members[idMember(op)] = wire.Encode(path)
	}
	return []byte(`{"mutations":[` + string(object(t, members)) + `]}`)
}

// idMember is the name of what an operation is about, in a frame and in a batch.
func idMember(op string) string {
	if strings.HasPrefix(op, "folder_") {
		return "folderId"
	}
	return "noteId"
}

// frameOf is the frame of the account dialect with the same members, or nil for an
// operation that has none.
func frameOf(t *testing.T, op string, data []byte) []byte {
	t.Helper()
	members := postedMembers(t, data)
	switch op {
	case "create", "folder_create":
		frame, data := map[string]jsontext.Value{"type": wire.Encode("note_created")}, "noteData"
		if op == "folder_create" {
			frame["type"], data = wire.Encode("folder_created"), "folderData"
		}
		if id, ok := members["mutationId"]; ok {
			frame["mutationId"] = id
			delete(members, "mutationId")
		}
		frame[data] = object(t, members)
		return object(t, frame)
	case "edit":
		members["type"] = wire.Encode("note_update")
	case "trash":
		members["type"] = wire.Encode("note_deleted")
	case "folder_update":
		members["type"] = wire.Encode("folder_updated")
	case "folder_delete":
		members["type"] = wire.Encode("folder_deleted")
	default:
		return nil
	}
	members[idMember(op)] = wire.Encode(pathOf(op))
	return object(t, members)
}
