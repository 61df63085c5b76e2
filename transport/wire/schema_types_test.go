package wire_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// named are the definitions of types that have a name.
var named = []struct {
	def, in  string
	pointers bool // see members
}{
	{"account-down.json#/$defs/note_sync", "noteSync", false},
	{"account-down.json#/$defs/note_created_sync", "noteCreatedSync", false},
	{"account-down.json#/$defs/note_deleted_sync", "noteDeletedSync", false},
	{"account-down.json#/$defs/mutation_ack", "ack", false},
	{"note-down.json#/$defs/initial", "noteEvent", false},
	{"note-down.json#/$defs/change", "noteEvent", false},
	{"note-down.json#/$defs/delete", "noteEvent", false},
	{"account-down.json#/$defs/folder_created_sync", "folderSync", false},
	{"account-down.json#/$defs/folder_updated_sync", "folderSync", false},
	{"account-down.json#/$defs/folder_deleted_sync", "folderSync", false},
	{"account-down.json#/$defs/folder_ack", "folderAck", false},
	{"account-down.json#/$defs/custom", "customFrame", false},
	{"note-down.json#/$defs/custom", "customFrame", false},
	{"common.json#/$defs/note_update_success", "ack", false},
	{"common.json#/$defs/note", "Note", false},
	{"common.json#/$defs/memberNote", "Note", true},
	{"common.json#/$defs/problem", "Problem", false},
	{"http-answers.json#/$defs/answer", "answer", true},
	{"http-answers.json#/$defs/leaveAnswer", "bareAnswer", false},
	{"http-answers.json#/$defs/batchResult", "BatchResult", false},
	{"http-answers.json#/$defs/version", "VersionInfo", false},
	{"http-answers.json#/$defs/versionsPage", "VersionsPage", false},
	{"http-answers.json#/$defs/groupsPage", "GroupsPage", false},
	{"http-answers.json#/$defs/group", "Group", false},
	{"http-answers.json#/$defs/diff", "Diff", false},
	{"http-answers.json#/$defs/hunk", "Hunk", false},
	{"http-answers.json#/$defs/fieldDiff", "FieldDiff", false},
	{"http-answers.json#/$defs/valueDiff", "ValueDiff", false},
	{"http-answers.json#/$defs/membersDiff", "MembersDiff", false},
	{"http-answers.json#/$defs/roleDiff", "RoleDiff", false},
	{"http-answers.json#/$defs/kept", "Kept", false},
	{"http-answers.json#/$defs/notesPage", "NotesPage", false},
	{"http-answers.json#/$defs/counts", "Counts", false},
	{"http-answers.json#/$defs/folderCounts", "notes.Counts", false},
	{"http-answers.json#/$defs/folders", "Folders", false},
	{"http-answers.json#/$defs/folderAnswer", "folderAnswer", true},
	{"http-answers.json#/$defs/folderDeleteAnswer", "bareFolderAnswer", false},
	{"common.json#/$defs/folder", "notes.Folder", false},
	{"common.json#/$defs/conflict", "conflict", false},
}

// otherwise are members whose presence a type does not decide alone: of an edit's confirmation
// the operation is left out, only edits are merged, of the note dialect's frames only the first has a
// session, and each frame of a folder has its own part of what there is.
var otherwise = map[string][]string{
	"account-down.json#/$defs/mutation_ack":  {"op", "merged", "conflict"},
	"common.json#/$defs/note_update_success": {"op"},
	"account-down.json#/$defs/custom":        {"noteId"},
	"note-down.json#/$defs/custom":           {"noteId"},
	"note-down.json#/$defs/initial":          {"sessionId", "mutationId", "fromUserId", "merged", "conflict"},
	"note-down.json#/$defs/change":           {"sessionId"},
	"note-down.json#/$defs/delete":           {"sessionId", "merged", "conflict"},

	"account-down.json#/$defs/folder_created_sync": {"folderData", "changes", "updatedFolder"},
	"account-down.json#/$defs/folder_updated_sync": {"folderData", "changes", "updatedFolder"},
	"account-down.json#/$defs/folder_deleted_sync": {"folderData", "changes", "updatedFolder"},
}

func TestTheSchemasHaveTheMembersOfTheGoTypes(t *testing.T) {
	files, g := schemaFiles(t), readGoTypes(t)
	compare := func(def string, want map[string]bool) {
		t.Helper()
		properties, required := shapeOf(t, files, def)
		for _, name := range otherwise[def] {
			delete(want, name)
			delete(properties, name)
		}
		for name, always := range want {
			if !properties[name] {
				t.Errorf("%s lacks %s", def, name)
			} else if always != slices.Contains(required, name) {
				t.Errorf("%s: that %s is always there is %v", def, name, always)
			}
			delete(properties, name)
		}
		for name := range properties {
			t.Errorf("%s has %s, which is never written", def, name)
		}
	}
	for _, n := range named {
		if g.structs[n.in] == nil {
			t.Fatalf("there is no type %s", n.in)
		}
		compare(n.def, g.members(t, g.structs[n.in], "", n.pointers))
	}
	if len(g.frames) < 8 {
		t.Fatalf("only %d frames were found", len(g.frames))
	}
	for kind, s := range g.frames {
		compare(defOfType(t, files, kind), g.members(t, s, "", false))
	}
}

// defOfType is the definition of a type's frame.
func defOfType(t *testing.T, files map[string]map[string]any, kind string) string {
	t.Helper()
	for _, file := range []string{"account-down.json", "note-down.json", "common.json"} {
		if _, ok := files[file]["$defs"].(map[string]any)[kind]; ok {
			return file + "#/$defs/" + kind
		}
	}
	t.Fatalf("no schema has the frame %s", kind)
	return ""
}

// shapeOf lists the members of a definition, with those of its parts, and which it requires.
func shapeOf(t *testing.T, files map[string]map[string]any, def string) (properties map[string]bool, required []string) {
	t.Helper()
	file, name, _ := strings.Cut(def, "#/$defs/")
	schema, ok := files[file]["$defs"].(map[string]any)[name].(map[string]any)
	if !ok {
		t.Fatalf("there is no %s", def)
	}
	properties = map[string]bool{}
	own, _ := schema["properties"].(map[string]any)
	for name := range own {
		properties[name] = true
	}
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		ref := part.(map[string]any)["$ref"].(string)
		if strings.HasPrefix(ref, "#") {
			ref = file + ref
		}
		more, _ := shapeOf(t, files, ref)
		maps.Copy(properties, more)
	}
	return properties, stringsOf(schema["required"])
}

func stringsOf(list any) []string {
	var all []string
	values, _ := list.([]any)
	for _, v := range values {
		all = append(all, v.(string))
	}
	return all
}

func TestEveryTypeOfAFrameHasASchema(t *testing.T) {
	written := readGoTypes(t).types
	described := map[string]bool{}
	for name, file := range schemaFiles(t) {
		if !strings.HasSuffix(name, "-down.json") && name != "common.json" {
			continue
		}
		for _, def := range file["$defs"].(map[string]any) {
			members, _ := def.(map[string]any)["properties"].(map[string]any)
			kind, _ := members["type"].(map[string]any)
			if one, ok := kind["const"].(string); ok {
				described[one] = true
			}
			for _, one := range stringsOf(kind["enum"]) {
				described[one] = true
			}
		}
	}
	if !maps.Equal(written, described) {
		t.Errorf("the server writes frames of the types\n%v, the schemas describe\n%v",
			slices.Sorted(maps.Keys(written)), slices.Sorted(maps.Keys(described)))
	}
}

func TestTheSchemasHaveEveryCode(t *testing.T) {
	want := []string{"method_not_allowed"} // the router's own
	for _, code := range notes.Codes {
		want = append(want, string(code))
	}
	for _, code := range wire.FormatCodes {
		want = append(want, string(code))
	}
	problem := schemaFiles(t)["common.json"]["$defs"].(map[string]any)["problemMembers"].(map[string]any)
	got := stringsOf(problem["properties"].(map[string]any)["code"].(map[string]any)["enum"])
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the schema has the codes\n%v, the server\n%v", got, want)
	}
}
