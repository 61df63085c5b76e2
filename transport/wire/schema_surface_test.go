package wire_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"notewire/transport/poll"
)

// Some answers are made where their routes are. What they have is read from the source.
func TestTheAnswersOfTheSurfaceHaveASchema(t *testing.T) {
	written := map[string]bool{}
	for _, name := range []string{"query.go", "negotiate.go", "signout.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "functions", name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field:
				written[memberName(n)] = true
			case *ast.KeyValueExpr:
				written[literal(n.Key)] = true
			}
			return true
		})
	}
	delete(written, "")
	described := map[string]bool{}
	defs := schemaFiles(t)["http-answers.json"]["$defs"].(map[string]any)
	for _, def := range []string{"negotiate", "probe", "connection"} {
		addNames(described, defs[def])
	}
	if !maps.Equal(written, described) {
		t.Errorf("the surface writes\n%v, its schemas have\n%v", slices.Sorted(maps.Keys(written)), slices.Sorted(maps.Keys(described)))
	}
}

// addNames adds the members of an object and of those in it.
func addNames(names map[string]bool, schema any) {
	properties, _ := schema.(map[string]any)["properties"].(map[string]any)
	for name, member := range properties {
		names[name] = true
		addNames(names, member)
	}
}

func TestAPollsAnswerIsAsItsSchemaHasIt(t *testing.T) {
	strict := closed(t)
	for _, frames := range [][][]byte{
		nil,
		{message(t, "down", "account.note_sync.content"), message(t, "down", "account.reconnect")},
		{message(t, "down", "note.initial.passer_by")},
	} {
		answer := poll.Answer{Frames: frames, Cursor: cursor, More: true}
		strict.check(t, "http-answers.json#/$defs/poll", answer.Encode())
	}
	if bad := (&poll.Answer{Frames: [][]byte{[]byte(`{"type":"pong"}`)}, Cursor: cursor}); strict.get(t, "http-answers.json#/$defs/poll").Validate(jsonValue(t, bad.Encode())) == nil {
		t.Error("any frame is as the schema has it")
	}
}
