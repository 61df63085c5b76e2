package notes

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pkg is a package of this module as its files have it, whatever they are built for. It is
// read by this process, not by the go command, so that the test cache sees what it read.
type pkg struct {
	path  string // in the module
	files []*file
}

type file struct {
	name    string
	test    bool
	imports []string
	syntax  *ast.File
}

// which files of a package.
type which int

const (
	code which = 1 << iota
	tests
)

// imports lists what those files import, each once.
func (p *pkg) imports(in which) (all []string) {
	for _, f := range p.files {
		if f.test && in&tests != 0 || !f.test && in&code != 0 {
			all = append(all, f.imports...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (p *pkg) isMain() bool { return p.files[0].syntax.Name.Name == "main" }

// packages reads the whole module.
func packages(t *testing.T) (all []*pkg) {
	t.Helper()
	const root = ".."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		p, err := readPackage(root, path)
		if p != nil {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 5 {
		t.Fatalf("found %d packages only", len(all))
	}
	return all
}

// readPackage returns nil for a directory without Go files.
func readPackage(root, dir string) (*pkg, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		return nil, err
	}
	path, err := filepath.Rel(root, dir)
	if err != nil {
		return nil, err
	}
	p := &pkg{path: filepath.ToSlash(path)}
	for _, name := range names {
		f, err := readFile(name)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, f)
	}
	return p, nil
}

func readFile(path string) (*file, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := &file{name: filepath.Base(path), test: strings.HasSuffix(path, "_test.go"), syntax: syntax}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		f.imports = append(f.imports, imported)
	}
	return f, nil
}
