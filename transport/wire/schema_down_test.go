package wire_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"notewire/notes"
	"notewire/transport/wire"
)

// bodyDefs are the definitions of the golden bodies of answers.
var bodyDefs = map[string]string{
	"note": "note", "answer": "answer", "answer.leave": "leaveAnswer", "error": "error", "error.version_mismatch": "error",
	"answer.purge": "leaveAnswer", "batch": "batch", "version": "version", "note.member": "note", "note.passer_by": "note",
}

// downDef is the definition of a golden message to clients.
func downDef(t testing.TB, files map[string]map[string]any, name string) string {
	t.Helper()
	surface, rest, _ := strings.Cut(name, ".")
	if surface == "http" {
		kind, _, _ := strings.Cut(rest, ".")
		if def, ok := bodyDefs[rest]; ok {
			kind = def
		}
		return "http-answers.json#/$defs/" + kind
	}
	kind, _, _ := strings.Cut(rest, ".")
	if surface == "note" && slices.Contains([]string{"create", "update", "revert"}, kind) {
		kind = "change"
	}
	if strings.HasPrefix(rest, "mutation_ack.folder_") {
		kind = "folder_ack"
	}
	for _, file := range []string{surface + "-down.json", "common.json"} {
		if _, ok := files[file]["$defs"].(map[string]any)[kind]; ok {
			return file + "#/$defs/" + kind
		}
	}
	t.Fatalf("%s has no schema", name)
	return ""
}

// Each golden message is as its own definition has it, with no member more, and is one of its
// dialect's frames.
func TestEveryGoldenMessageIsAsItsSchemaHasIt(t *testing.T) {
	files, strict, open := schemaFiles(t), closed(t), published(t)
	for _, name := range goldenDown(t) {
		data := message(t, "down", name)
		strict.check(t, downDef(t, files, name), data)
		open.check(t, downDef(t, files, name), data)
		if surface, _, _ := strings.Cut(name, "."); surface != "http" {
			strict.check(t, surface+"-down.json", data)
			checkTruncated(t, strict, surface, data)
		}
	}
}

func goldenDown(t testing.TB) []string {
	names := files(t, "down")
	if len(names) < 60 {
		t.Fatalf("only %d golden messages", len(names))
	}
	return names
}

// hasTitle reports whether data is a note.
func hasTitle(data []byte) bool {
	var note struct{ Title *string }
	return json.Unmarshal(data, &note) == nil && note.Title != nil
}

// checkTruncated shortens a frame with a note in it, as a transport does that cannot carry it.
func checkTruncated(t *testing.T, strict *schemas, surface string, data []byte) {
	t.Helper()
	members := membersOf(t, data)
	for name, def := range map[string]string{
		"noteData": surface + "-down.json#/$defs/truncated", "updatedNote": surface + "-down.json#/$defs/truncated",
		"data": surface + "-down.json#/$defs/truncated", "current": "common.json#/$defs/truncatedError",
	} {
		if raw, ok := members[name]; ok && hasTitle(raw) {
			short, err := wire.Truncated(data)
			if err != nil {
				t.Fatal(err)
			}
			strict.check(t, def, short)
		}
	}
}

// A schema that anything fits checks nothing: every golden message is spoilt in every member.
func TestASpoiltMessageIsNotAsItsSchemaHasIt(t *testing.T) {
	defs, open, strict := schemaFiles(t), published(t), closed(t)
	always := alwaysWritten(t, defs)
	for _, name := range goldenDown(t) {
		def := downDef(t, defs, name)
		schema := open.get(t, def)
		members := membersOf(t, message(t, "down", name))
		for member, value := range members {
			members[member] = []byte(`[[1]]`)
			if schema.Validate(jsonValue(t, object(t, members))) == nil && member != "blob" && !(member == "data" && showsAnything(name)) {
				t.Errorf("%s: a %s of a wrong type is as %s has it", name, member, def)
			}
			delete(members, member)
			if always[def][member] && schema.Validate(jsonValue(t, object(t, members))) == nil {
				t.Errorf("%s: without %s it is as %s has it", name, member, def)
			}
			members[member] = value
		}
		members["noSuchMember"] = []byte(`1`)
		spoilt := jsonValue(t, object(t, members))
		if err := schema.Validate(spoilt); err != nil {
			t.Errorf("%s: clients must ignore a member that is not known: %v", name, err)
		}
		if strict.get(t, def).Validate(spoilt) == nil {
			t.Errorf("%s: a member that nobody names is not found", name)
		}
	}
}

// showsAnything reports whether the data of a golden message is the clients' own.
func showsAnything(name string) bool {
	_, kind, _ := strings.Cut(name, ".")
	kind, _, _ = strings.Cut(kind, ".")
	return slices.Contains([]string{"presence", "ephemeral", "custom"}, kind)
}

// sometimes are members of all golden messages of a definition that others of its messages lack.
var sometimes = map[string][]string{
	"http-answers.json#/$defs/version":       {"baseVersion", "revertedFrom"},
	"http-answers.json#/$defs/note":          {"templateId"},
	"common.json#/$defs/note_update_success": {"updatedNote"},
	"account-down.json#/$defs/custom":        {"senderId"},
	"note-down.json#/$defs/custom":           {"senderId"},
}

// alwaysWritten lists the members that all golden messages of a definition have.
func alwaysWritten(t testing.TB, files map[string]map[string]any) map[string]map[string]bool {
	t.Helper()
	always := map[string]map[string]bool{}
	for _, name := range goldenDown(t) {
		def, members := downDef(t, files, name), membersOf(t, message(t, "down", name))
		if always[def] == nil {
			always[def] = map[string]bool{}
			for member := range members {
				always[def][member] = true
			}
		}
		for member := range always[def] {
			if _, ok := members[member]; !ok {
				delete(always[def], member)
			}
		}
	}
	for def, members := range sometimes {
		for _, member := range members {
			delete(always[def], member)
		}
	}
	return always
}

// What the server writes of random changes to a random note is as the schemas have it, with no
// member more.
func TestWhateverTheServerWritesIsAsItsSchemaHasIt(t *testing.T) {
	strict := closed(t)
	rapid.Check(t, func(rt *rapid.T) {
		valid := func(ref string, data []byte) {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err == nil {
				err = strict.get(rt, ref).Validate(v)
			}
			if err != nil {
				rt.Fatalf("%s: %v\n%.600s", ref, err, data)
			}
		}
		drawWorld(rt, func(_ *world, e event) {
			for _, change := range e.changes {
				valid("account-down.json", wire.AccountEvent(&change.Change, cursor))
				valid("account-down.json", wire.Confirmation(&change.Change, cursor))
			}
			if e.version == nil {
				return
			}
			if e.version.Purged { // only its event is ever sent
				valid("note-down.json#/$defs/delete", wire.NoteEvent(e.version, wire.Members, cursor))
				return
			}
			for _, audience := range []wire.Audience{wire.Members, wire.PassersBy} {
				valid("note-down.json", wire.NoteEvent(e.version, audience, cursor))
				valid("note-down.json", wire.Initial(e.version.Note, audience, connection, cursor))
				valid("http-answers.json#/$defs/version", wire.Encode(wire.VersionOf(e.version, audience, true)))
			}
			out := outcomeOf(e.version.Op, &notes.View{Note: e.version.Note, Fields: &notes.Fields{}})
			out.Merged, out.Conflicts, out.Kept = e.version.Merged, e.version.Conflicts, e.version.Kept() != nil
			valid("http-answers.json#/$defs/answer", wire.Answer(out))
			valid("http-answers.json#/$defs/note", wire.Encode(wire.NoteOf(&notes.View{Note: e.version.Note})))
		})
	})
}
