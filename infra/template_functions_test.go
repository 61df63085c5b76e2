package infra_test

import (
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// functions are the template's functions by the directory of their program, which is in the
// command that builds them.
func functions(t *testing.T, tpl template) map[string]string {
	t.Helper()
	dirs := map[string]string{}
	for _, name := range tpl.typed("AWS::Serverless::Function") {
		if got := tpl.at("Resources", name, "Metadata"); !reflect.DeepEqual(got, map[string]any{"BuildMethod": "makefile", "ContextPath": "lambda"}) {
			t.Errorf("%s is built by %v", name, got)
		}
		build := exec.Command("make", "-n", "-s", "-f", "infra/lambda/Makefile", "build-"+name, "ARTIFACTS_DIR=artifacts")
		build.Dir = ".."
		out, err := build.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		command := string(out)
		for _, flag := range []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64", "-tags lambda.norpc", "-trimpath", `-o "artifacts/bootstrap"`} {
			if !strings.Contains(command, flag) {
				t.Errorf("%s is built without %s: %s", name, flag, command)
			}
		}
		fields := strings.Fields(command)
		dirs[filepath.Clean(fields[len(fields)-1])] = name
	}
	if got := tpl.at("Globals", "Function", "Architectures"); !reflect.DeepEqual(got, []any{"arm64"}) {
		t.Errorf("functions are built for arm64, and run on %v", got)
	}
	return dirs
}

func TestEveryLambdaProgramIsAFunction(t *testing.T) {
	dirs := functions(t, readTemplate(t))
	mains, err := filepath.Glob("../functions/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	var programs []string
	for _, main := range mains {
		if dir := filepath.Dir(strings.TrimPrefix(main, "../")); dir != "functions/server" {
			programs = append(programs, dir)
		}
	}
	if got := slices.Sorted(maps.Keys(dirs)); !slices.Equal(got, programs) {
		t.Errorf("the template has %q, the repository %q", got, programs)
	}
}
