package wire_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"notewire/transport/wire"
)

// upDef is the definition of a golden message to the server.
func upDef(name string) string {
	surface, rest, _ := strings.Cut(name, ".")
	if surface == "http" {
		op, _, _ := strings.Cut(rest, ".")
		return "http-requests.json#/$defs/" + op
	}
	return surface + "-up.json"
}

// The server accepts a golden message if and only if it is as its schema has it.
func TestTheSchemasAcceptWhatTheServerAccepts(t *testing.T) {
	open := published(t)
	names := files(t, "up")
	if len(names) < 50 {
		t.Fatalf("only %d golden messages", len(names))
	}
	for _, name := range names {
		var want meaning
		if err := json.Unmarshal(message(t, "up", name+".want"), &want); err != nil {
			t.Fatal(err)
		}
		posted := jsonValue(t, message(t, "up", name))
		if want.Batch == nil {
			checkAccepted(t, open.get(t, upDef(name)), name, posted, want)
			continue
		}
		for i, item := range posted.(map[string]any)["mutations"].([]any) { // each is refused for itself
			checkAccepted(t, open.get(t, "http-requests.json#/$defs/batchItem"), name, item, want.Batch[i])
		}
	}
}

func checkAccepted(t *testing.T, schema *jsonschema.Schema, name string, posted any, want meaning) {
	t.Helper()
	err := schema.Validate(posted)
	if refused := want.Error != nil; refused != (err != nil) {
		t.Errorf("%s: the server refuses %v: %v; the schema: %v", name, posted, refused, err)
	}
}

// refusedLater are members whose values are not looked at where messages are decoded, but where
// they are carried out.
var refusedLater = []string{"access", "userId", "role", "color"}

// Every kind of value in every member: what the server refuses is not as the schema has it, and
// what it accepts is.
func TestTheSchemasHaveEveryMemberThatTheServerReads(t *testing.T) {
	open := published(t)
	eachMember(func(s shape, name, kind, message string, _ bool) {
		def := defOf(s)
		if def == "" {
			return
		}
		refused := s.decode([]byte(message)) != nil
		err := open.get(t, def).Validate(jsonValue(t, []byte(message)))
		switch {
		case refused && err == nil:
			t.Errorf("%s is as %s has it, and the server refuses it", message, def)
		case !refused && err != nil && !slices.Contains(refusedLater, name):
			t.Errorf("%s is accepted by the server, and not as %s has it: %v", message, def, err)
		}
		if !s.http || refused {
			return
		}
		if known := `"` + name + `":`; open.get(t, def).Validate(jsonValue(t, []byte(strings.Replace(message, known, `"x`+known[1:], 1)))) == nil {
			t.Errorf("%s: a member that is not known is as %s has it", message, def)
		}
	})
}

// defOf is the definition of the messages of a shape; empty for what is no whole message.
func defOf(s shape) string {
	kind, what, _ := strings.Cut(s.name, " ")
	switch {
	case kind == "DecodeUp":
		return "account-up.json"
	case kind == "DecodeNoteUp":
		return "note-up.json"
	case kind == "DecodeMutation", kind == "DecodePost":
		op, _, _ := strings.Cut(what, " ")
		return "http-requests.json#/$defs/" + op
	case strings.Contains(s.around, "mutations") || s.members[0]["mutations"] != "":
		return "http-requests.json#/$defs/batch"
	}
	return ""
}

// The bodies of requests are closed: what a schema names, the server knows.
func TestTheServerReadsEveryMemberThatTheSchemasHave(t *testing.T) {
	files := schemaFiles(t)
	for def, message := range map[string]string{
		"create": `{%}`, "edit": `{%}`, "organise": `{%}`, "revert": `{%}`, "share": `{%}`, "trash": `{%}`, "restore": `{%}`, "leave": `{%}`,
		"purge": `{%}`, "folder_create": `{%}`, "folder_update": `{%}`, "folder_delete": `{%}`,
	} {
		properties, _ := shapeOf(t, files, "http-requests.json#/$defs/"+def)
		for name := range properties {
			knows(t, def, strings.Replace(message, "%", `"`+name+`":null`, 1))
		}
	}
	for _, part := range []struct{ def, op, message string }{
		{"common.json#/$defs/changePatch", "edit", `{"changes":{%}}`},
		{"common.json#/$defs/fieldPatchMembers", "organise", `{"fields":{%}}`},
		{"common.json#/$defs/folderMembers", "folder_update", `{"changes":{%}}`},
	} {
		properties, _ := shapeOf(t, files, part.def)
		for name := range properties {
			knows(t, part.op, strings.Replace(part.message, "%", `"`+name+`":null`, 1))
		}
	}
}

func knows(t *testing.T, op, body string) {
	t.Helper()
	_, err := wire.DecodeMutation(op, string(noteID), []byte(body))
	if err != nil && checkFormatError(t, err).Code == wire.UnknownMember {
		t.Errorf("%s has no member as in %s", op, body)
	}
}
