package infra_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// A parameter that the template does not have, or that is not mentioned, is an error only
// when somebody deploys.
func TestSamconfigNamesTheParametersThatMustBeSet(t *testing.T) {
	config, err := os.ReadFile("../samconfig.toml")
	if err != nil {
		t.Fatal(err)
	}
	parameters, _ := readTemplate(t).at("Parameters").(map[string]any)
	named := map[string]bool{}
	for _, set := range regexp.MustCompile(`"(\w+)=[^"]+"`).FindAllStringSubmatch(string(config), -1) {
		if named[set[1]] = true; parameters[set[1]] == nil {
			t.Errorf("samconfig.toml sets %s, which is no parameter", set[1])
		}
	}
	for name, parameter := range parameters {
		if _, ok := parameter.(map[string]any)["Default"]; !ok && !named[name] {
			t.Errorf("samconfig.toml does not mention %s, which has no default", name)
		}
	}
}

// A setting that a program does not know would change nothing, and say nothing.
func TestFunctionsAreToldOnlyWhatTheyKnow(t *testing.T) {
	tpl := readTemplate(t)
	for dir, name := range functions(t, tpl) {
		told, _ := tpl.of(name, "Environment", "Variables").(map[string]any)
		told = maps.Clone(told)
		if told == nil {
			told = map[string]any{}
		}
		shared, _ := tpl.at("Globals", "Function", "Environment", "Variables").(map[string]any)
		maps.Copy(told, shared)
		known := settings(t, dir, "program")
		for setting := range told {
			if _, ok := known[setting]; !ok {
				t.Errorf("%s is told %s, which it does not know", name, setting)
			}
		}
		for setting, tag := range known {
			_, required := tag.Lookup("required")
			_, set := told[setting]
			if !set && (required || setting == "DYNAMODB_TABLE") {
				t.Errorf("%s is not told %s", name, setting)
			}
		}
	}
}

// settings are the environment variables of a struct in a directory, and of those that it
// embeds.
func settings(t *testing.T, dir, structName string) map[string]reflect.StructTag {
	t.Helper()
	found := map[string]reflect.StructTag{}
	for _, file := range source(t, dir) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != structName {
				return true
			}
			for _, field := range spec.Type.(*ast.StructType).Fields.List {
				if field.Tag == nil {
					continue
				}
				tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
				if name, ok := tag.Lookup("env"); ok {
					found[name] = tag
				}
				if from, ok := field.Type.(*ast.SelectorExpr); ok && len(field.Names) == 0 {
					maps.Copy(found, settings(t, "functions/"+from.X.(*ast.Ident).Name, from.Sel.Name))
				}
			}
			return false
		})
	}
	if len(found) == 0 {
		t.Fatalf("no settings in %s.%s", dir, structName)
	}
	return found
}

// source parses the files of a directory of the repository, without its tests.
func source(t *testing.T, dir string) (files map[string]*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no code in %s: %v", dir, err)
	}
	files = map[string]*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = file
	}
	return files
}
