package wire_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaFiles reads the published schemas, by the names that they refer to each other with.
func schemaFiles(t testing.TB) map[string]map[string]any {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("schema", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]map[string]any{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = jsonValue(t, data).(map[string]any)
	}
	return files
}

func jsonValue(t testing.TB, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v: %.300s", err, data)
	}
	return v
}

// schemas compiles definitions: "account-down.json", "common.json#/$defs/note", ...
type schemas struct {
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

const schemaRoot = "https://schema.invalid/" // nothing is fetched from there

// published returns the schemas as clients have them.
func published(t testing.TB) *schemas { return compile(t, schemaFiles(t)) }

// closed returns the schemas without room for members that they do not name.
func closed(t testing.TB) *schemas {
	files := schemaFiles(t)
	for _, file := range files {
		closeObjects(file, false)
	}
	return compile(t, files)
}

func compile(t testing.TB, files map[string]map[string]any) *schemas {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, file := range files {
		if err := c.AddResource(schemaRoot+name, file); err != nil {
			t.Fatal(err)
		}
	}
	return &schemas{c, map[string]*jsonschema.Schema{}}
}

// closeObjects refuses members that are not named, in every object that is no part of another.
func closeObjects(schema any, part bool) {
	object, ok := schema.(map[string]any)
	if !ok {
		return // true or false
	}
	_, named := object["properties"]
	_, open := object["additionalProperties"]
	if isObject := object["type"] == "object"; !open && !part && (named || isObject) {
		object["unevaluatedProperties"] = false
	}
	for key, sub := range object {
		switch key {
		case "$defs":
			for name, def := range sub.(map[string]any) {
				closeObjects(def, strings.HasSuffix(name, "Members"))
			}
		case "properties":
			for _, member := range sub.(map[string]any) {
				closeObjects(member, false)
			}
		case "allOf", "anyOf":
			for _, branch := range sub.([]any) {
				closeObjects(branch, true)
			}
		case "items":
			closeObjects(sub, false)
		}
	}
}

func (s *schemas) get(t fataler, ref string) *jsonschema.Schema {
	t.Helper()
	if s.compiled[ref] == nil {
		schema, err := s.compiler.Compile(schemaRoot + ref)
		if err != nil {
			t.Fatal(err)
		}
		s.compiled[ref] = schema
	}
	return s.compiled[ref]
}

// check fails unless data is as a definition has it.
func (s *schemas) check(t interface {
	fataler
	testing.TB
}, ref string, data []byte) {
	t.Helper()
	if err := s.get(t, ref).Validate(jsonValue(t, data)); err != nil {
		t.Errorf("%s: %v\n%.600s", ref, err, data)
	}
}
