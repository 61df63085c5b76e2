package transport

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// document is the protocol's, which names what a client may meet.
func document(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// section is the text between two headings.
func section(t *testing.T, from, to string) string {
	t.Helper()
	_, text, found := strings.Cut(document(t), "\n## "+from+". ")
	if !found {
		t.Fatalf("there is no section %s", from)
	}
	text, _, _ = strings.Cut(text, "\n## "+to+". ")
	return text
}

func TestTheProtocolNamesEveryCode(t *testing.T) {
	errorCodes, closeCodes := section(t, "6", "7"), section(t, "7", "8")
	for _, code := range notes.Codes {
		if !strings.Contains(errorCodes, "`"+string(code)+"`") {
			t.Errorf("error code %s is not in section 6", code)
		}
	}
	for _, code := range wire.FormatCodes {
		if !strings.Contains(errorCodes, "`"+string(code)+"`") {
			t.Errorf("error code %s is not in section 6", code)
		}
	}
	for _, code := range []CloseCode{
		CloseNormal, CloseTooLarge, CloseGoingAway, CloseSlow, CloseUnresponsive, CloseTokenExpired, CloseAuthTimeout,
		CloseTooMany, CloseInternal, CloseAccessChanged, CloseAuthFailed, CloseAccessLost, CloseAccountChange, CloseSignedOut,
	} {
		if !strings.Contains(closeCodes, "\n| "+strconv.Itoa(int(code))+" |") {
			t.Errorf("close code %d is not in section 7", code)
		}
	}
}

// A client that was told that its edit is refused finds what to do with it.
func TestTheProtocolSaysWhatBecomesOfARefusedEdit(t *testing.T) {
	_, table, _ := strings.Cut(section(t, "2", "3"), "\n### 2.1 ")
	for _, code := range notes.Codes {
		if !strings.Contains(table, "`"+string(code)+"`") {
			t.Errorf("error code %s is not in section 2.1", code)
		}
	}
}

// frameTypes are the types of frames in a schema of wire, whose tests hold it to the code.
func frameTypes(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("wire", "schema", file))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties struct {
				Type struct {
					Const string
					Enum  []string
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	var types []string
	for name, def := range schema.Defs {
		if kind := def.Properties.Type; kind.Const != "" {
			types = append(types, kind.Const)
		} else if name != "truncated" { // by other names they are there already
			types = append(types, kind.Enum...)
		}
	}
	return types
}

// The sections of both dialects name their frames, and section 15 shows each.
func TestTheProtocolNamesAndShowsEveryFrame(t *testing.T) {
	account, _, _ := strings.Cut(section(t, "3", "4"), "\n### 3.1 ")
	note, _, _ := strings.Cut(section(t, "4", "5"), "\n### 4.1 ")
	dialects, examples := account+note, section(t, "15", "16")
	types := 0
	for _, file := range []string{"account-up.json", "account-down.json", "note-up.json", "note-down.json", "common.json"} {
		for _, name := range frameTypes(t, file) {
			types++
			if !regexp.MustCompile("`" + name + "[` ]").MatchString(dialects) {
				t.Errorf("the frame %s is not in sections 3 and 4", name)
			}
			if !strings.Contains(examples, "\n"+`{"type":"`+name+`"`) {
				t.Errorf("section 15 has no example of %s", name)
			}
		}
	}
	if types < 28 {
		t.Errorf("only %d frames were found", types)
	}
}

// The examples are golden messages, which the server reads and writes to the byte.
func TestTheExamplesOfTheProtocolAreGolden(t *testing.T) {
	var golden []string
	paths, err := filepath.Glob(filepath.Join("wire", "testdata", "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		golden = append(golden, strings.TrimSuffix(string(data), "\n"))
	}
	shown := 0
	for _, block := range strings.Split(document(t), "\n```json\n")[1:] {
		block, _, _ = strings.Cut(block, "\n```\n")
		for line := range strings.Lines(block) {
			shown++
			if line = strings.TrimSuffix(line, "\n"); !slices.Contains(golden, line) {
				t.Errorf("in wire/testdata there is no %s", line)
			}
		}
	}
	if shown < 30 {
		t.Errorf("only %d examples were found", shown)
	}
}

// Every route of the surface is in section 13, and no other.
func TestTheProtocolNamesEveryRoute(t *testing.T) {
	routes := routes(t)
	if len(routes) < 30 {
		t.Fatalf("only %d routes were found: %v", len(routes), routes)
	}
	var named []string
	for _, match := range regexp.MustCompile("`((?:GET|POST) /[^`]*)`").FindAllStringSubmatch(section(t, "13", "14"), -1) {
		named = append(named, match[1])
	}
	for _, route := range routes {
		if !slices.Contains(named, route) {
			t.Errorf("section 13 lacks %s", route)
		}
	}
	for _, route := range named {
		if !slices.Contains(routes, route) {
			t.Errorf("section 13 has %s, which is no route", route)
		}
	}
}

// routes reads those of the surface from its source: "GET /api/notes/{id}", ...
func routes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "functions", "functions.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`:(\w+)`)
	var routes []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, at := method.Sel.Name, 0
		switch name {
		case "GET", "POST", "PUT", "PATCH", "DELETE":
		case "Match": // GET and HEAD
			name, at = "GET", 1
		default:
			return true
		}
		literal, ok := call.Args[at].(*ast.BasicLit)
		if !ok {
			return true
		}
		path, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		if path != "/page/*" { // the page's own files
			routes = append(routes, name+" "+parameter.ReplaceAllString(path, "{$1}"))
		}
		return true
	})
	return routes
}
