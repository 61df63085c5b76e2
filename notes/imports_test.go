package notes

import (
	"go/ast"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "notewire"

// directions says which packages of this module a package may import. The most particular
// entry that fits decides. Siblings never meet: mains below functions are free, and so are
// test files, because those are where they do.
var directions = []struct {
	in  string   // a package; "x/..." is all below x
	may []string // these packages
	why string   // why no others
}{
	{"notes", []string{"notes/merge"}, "the domain knows nobody: its rules also run as WebAssembly, and every other package speaks its words"},
	{"notes/merge", nil, "merging knows texts and JSON, not notes: clients run it as WebAssembly, too"},
	{"notes/notestest", []string{"notes", "notes/merge"}, "the suite of a contract knows no implementation; what merging is, it takes for given"},
	{"dynamo", []string{"notes"}, "a store knows the domain, not who asks or who is told"},
	{"dynamo/...", []string{"dynamo"}, "an engine knows items and keys, not notes: the layout is written once, in dynamo"},
	{"auth", []string{"auth/claims"}, "who somebody is does not depend on what he does: a subject becomes a notes.UserID in functions"},
	{"auth/claims", nil, "the edge checks claims with it: it is pure"},
	{"auth/authtest", []string{"auth", "auth/claims"}, "tokens for tests need no more than auth"},
	{"transport", []string{"notes", "transport/wire", "transport/presence"}, "the hub and its sessions serve any transport, and reach the store through notes.Service alone"},
	{"transport/wire", []string{"notes"}, "messages are a pure function of the domain: they also run as WebAssembly"},
	{"transport/presence", []string{"notes", "transport/wire"}, "who is present is told to any connection, over any bus: it knows seats, and bytes"},
	{"transport/...", []string{"notes", "transport", "transport/wire"}, "a transport only encodes: what two of them need is in transport"},
	{"transport/transporttest", []string{"notes", "transport"}, "the suite of a contract knows no implementation, and reads frames as a client does"},
	{"transport/feed", []string{"notes", "transport/wire"}, "it takes logs to whoever wants them: it knows its rows and its sinks by their interfaces alone"},
	{"transport/feed/feedtest", []string{"notes", "transport/feed"}, "the suite of a contract knows no implementation"},
	{"transport/webhook", []string{"notes", "transport/feed", "transport/wire"}, "a sink posts what a feed brings: it knows no log and no store"},
	{"edge/core", []string{"notes", "transport/wire", "auth/claims"}, "what the edge decides is pure: it runs as WebAssembly, where there is no network"},
	{"edge/core/...", []string{"edge/core"}, "the reactor only hands bytes to the core"},
	{"edge", nil, "only tests are here: what the edge is in Go is its core"},
	{"edge/edgetest", nil, "it builds the edge and runs it: what is asked of it is the tests'"},
	{"client/goclient", nil, "a client speaks the wire: it runs where the server's code is not"},
	{"e2e", []string{"client/goclient"}, "a suite for every hosting knows what a client knows: the wire"},
	{"chaos", []string{"client/goclient"}, "a verifier that shared the code of what it verifies would share its mistakes: it knows the wire alone"},
	{"functions", []string{"notes", "auth", "transport", "transport/...", "functions/page"}, "the surface is given its store: only mains know which one"},
	{"functions/config", []string{"notes", "auth", "transport", "transport/...", "functions"}, "what programs are told is turned into values here; what they do with them is theirs"},
	{"functions/lambda", []string{"notes", "dynamo", "dynamo/ddb", "transport", "transport/gateway", "functions", "functions/config"}, "the programs on Lambda meet the same packages in the same way: here, once"},
	{"infra", nil, "it has only tests, which hold the template to the code"},
	{"infra/lambdalocal", []string{"dynamo/ddb", "infra/lambdalocal/emulator"}, "it runs the programs as they are deployed: it knows their contracts with AWS, not their code"},
	{"infra/lambdalocal/emulator", nil, "AWS does not know what runs on it"},
	{"infra/faultproxy", []string{"infra/faultproxy/proxy"}, "a bad network knows nothing of what crosses it"},
	{"infra/faultproxy/proxy", nil, "a bad network knows nothing of what crosses it"},
	{"functions/page", nil, "the page is files, and an http.Handler of them"},
}

func TestImportsPointInward(t *testing.T) {
	for _, p := range packages(t) {
		if p.isMain() && strings.HasPrefix(p.path, "functions/") {
			continue // a main is where packages meet
		}
		allowed, why, ok := directionOf(p.path)
		if !ok {
			t.Errorf("package %s has no place in the direction of imports: add one, with the reason", p.path)
			continue
		}
		for _, imported := range p.imports(code) {
			if to, inside := strings.CutPrefix(imported, module+"/"); inside && !slices.ContainsFunc(allowed, within(to)) {
				t.Errorf("%s imports %s: %s", p.path, to, why)
			}
		}
	}
}

func directionOf(pkg string) (may []string, why string, ok bool) {
	most := 0
	for _, d := range directions {
		if within(pkg)(d.in) && len(d.in) > most {
			most, may, why, ok = len(d.in), d.may, d.why, true
		}
	}
	return may, why, ok
}

// within returns whether a pattern covers pkg: itself, or with "x/..." all below x.
func within(pkg string) func(pattern string) bool {
	return func(pattern string) bool {
		base, below := strings.CutSuffix(pattern, "...")
		return pkg == base || below && strings.HasPrefix(pkg, base)
	}
}

func TestOnlyMainsAreAboveTheSurface(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.imports(code | tests) {
			if imported == module+"/functions" && !strings.HasPrefix(p.path, "functions") {
				t.Errorf("%s imports functions: whoever needs what is in it needs it moved inward", p.path)
			}
		}
	}
}

// Packages for tests hold faults, forgers of tokens and more that no program should carry.
func TestPackagesForTestsStayInTests(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasSuffix(p.path, "test") {
			continue
		}
		for _, imported := range p.imports(code) {
			if strings.HasPrefix(imported, module) && strings.HasSuffix(imported, "test") {
				t.Errorf("%s imports %s outside of its tests", p.path, imported)
			}
		}
	}
}

// libraries says who may know a library: it is replaced or upgraded in one place.
var libraries = []struct {
	path string // and all below it
	in   []string
	why  string
}{
	{"github.com/labstack/echo", []string{"functions", "functions/..."}, "routes are the surface's; the layers below do not know HTTP frameworks"},
	{"github.com/coder/websocket", []string{"transport/ws", "client/goclient", "infra/lambdalocal/emulator"}, "a session writes frames, whatever carries them; a client carries them itself"},
	{"github.com/r3labs/sse", []string{"transport/sse"}, "its fan-out is unsafe to share: only the guarded adapter touches it"},
	{"go.etcd.io/bbolt", []string{"dynamo/bolt"}, "the layout knows engines by their interface alone"},
	{"github.com/aws/aws-sdk-go-v2", []string{"dynamo/ddb", "functions/...", "infra/lambdalocal", "infra/lambdalocal/..."}, "the layout knows engines by their interface alone; mains configure"},
	{"github.com/clerk", []string{"auth", "auth/..."}, "the rest knows a user id, not who vouched for it"},
	{"github.com/go-jose", []string{"auth", "auth/..."}, "only auth looks into tokens"},
	{"github.com/go-json-experiment", []string{"transport/wire"}, "only wire knows JSON names, and how strictly they are read"},
	{"github.com/alecthomas/kong", []string{"functions", "functions/...", "infra/lambdalocal", "infra/faultproxy"}, "configuration is read in mains, and passed as values"},
}

func TestALibraryIsKnownInOnePlace(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.imports(code) {
			for _, l := range libraries {
				if (imported == l.path || strings.HasPrefix(imported, l.path+"/")) && !slices.ContainsFunc(l.in, within(p.path)) {
					t.Errorf("%s imports %s: %s", p.path, imported, l.why)
				}
			}
		}
	}
}

// domainMay is all that the domain uses of the standard library: what computes, and what
// waits for another goroutine. Not net, os, syscall or log: it does no I/O (fmt and
// encoding/json bring os along, but nothing here calls it). Not io, reflect or unsafe: it
// has no need of them.
var domainMay = []string{
	"bytes", "cmp", "context", "crypto/sha256", "encoding/json", "errors", "fmt", "math/rand/v2", "slices", "strconv", "strings",
	"sync", "sync/atomic", "time", "unicode", "unicode/utf8",
}

// serviceOnly is what only Service and its queue use: the rules have no clock, no chance
// and nobody to wait for.
var serviceOnly = map[string][]string{
	"context":      {"service.go", "outcome.go", "batch.go", "settle.go", "queue.go", "read.go", "history.go", "thinning.go", "lists.go", "store.go"},
	"sync":         {"queue.go", "settle.go"},
	"sync/atomic":  {"service.go"},
	"math/rand/v2": {"service.go", "settle.go"},
	"time":         {"service.go", "settle.go", "value.go"}, // value.go: to read RFC 3339
}

func TestTheDomainOnlyComputes(t *testing.T) {
	for _, p := range packages(t) {
		if p.path != "notes" && p.path != "notes/merge" {
			continue
		}
		for _, f := range p.files {
			if f.test {
				continue
			}
			for _, imported := range f.imports {
				if !slices.Contains(domainMay, imported) && imported != module+"/notes/merge" {
					t.Errorf("%s imports %s: the domain is the standard library's computing part", f.name, imported)
				}
				if only, ok := serviceOnly[imported]; ok && !slices.Contains(only, f.name) {
					t.Errorf("%s imports %s: the rules have no clock, chance or goroutine", f.name, imported)
				}
			}
			noGoroutine(t, f)
		}
	}
}

// noGoroutine lets only settle.go start one, for what outlives the mutation that caused it. It
// also sees that only service.go has a clock: elsewhere time is a value.
func noGoroutine(t *testing.T, f *file) {
	clock := []string{"Now", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Since", "Until"}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if f.name != "settle.go" {
				t.Errorf("%s starts a goroutine", f.name)
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) && f.name != "service.go" {
				t.Errorf("%s calls time.%s", f.name, n.Sel.Name)
			}
		}
		return true
	})
}

// The edge runs these as WebAssembly, where there is no network.
func TestThePureCoreBuildsForWASI(t *testing.T) {
	core := []string{"../notes", "../notes/merge", "../transport/wire", "../auth/claims", "../edge/core"}
	build := exec.Command("go", append([]string{"build"}, core...)...)
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	list := exec.Command("go", append([]string{"list", "-deps"}, core...)...)
	list.Env = build.Env
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dep := range strings.Fields(string(out)) {
		if dep == "net" || strings.HasPrefix(dep, "net/http") || dep == "os/exec" {
			t.Errorf("the core depends on %s", dep)
		}
	}
}

func TestEveryPackageSaysOnceWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		var docs []string
		hasCode := false
		for _, f := range p.files {
			hasCode = hasCode || !f.test
			if !f.test && f.syntax.Doc != nil {
				docs = append(docs, path.Join(p.path, f.name))
			}
		}
		if hasCode && len(docs) != 1 {
			t.Errorf("package %s has %d package comments, want one: %v", p.path, len(docs), docs)
		}
	}
}
