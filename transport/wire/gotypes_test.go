package wire_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// The types that messages to clients are encoded from, as the source has them: most have no
// name outside of the package, and some none at all.
type goTypes struct {
	structs map[string]*ast.StructType // "noteSync", "notes.Body", ...
	frames  map[string]*ast.StructType // those without a name, by the type of their frame
	types   map[string]bool            // every type that a frame is given
}

func readGoTypes(t *testing.T) *goTypes {
	g := &goTypes{map[string]*ast.StructType{}, map[string]*ast.StructType{}, map[string]bool{}}
	for prefix, dir := range map[string]string{"": ".", "notes.": filepath.Join("..", "..", "notes")} {
		paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if spec, ok := n.(*ast.TypeSpec); ok {
					if s, ok := spec.Type.(*ast.StructType); ok {
						g.structs[prefix+spec.Name.Name] = s
					}
				}
				if prefix == "" {
					g.readFrame(n)
				}
				return true
			})
		}
	}
	return g
}

// readFrame finds where a frame gets its type: in a literal, or by assignment.
func (g *goTypes) readFrame(n ast.Node) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		s, ok := n.Type.(*ast.StructType)
		if !ok || len(n.Elts) == 0 || memberName(s.Fields.List[0]) != "type" {
			return
		}
		if kind := literal(n.Elts[0]); kind != "" {
			g.types[kind], g.frames[kind] = true, s
		}
	case *ast.KeyValueExpr:
		if name, ok := n.Key.(*ast.Ident); ok && name.Name == "Type" {
			g.addType(n.Value)
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if field, ok := left.(*ast.SelectorExpr); ok && field.Sel.Name == "Type" && i < len(n.Rhs) {
				g.addType(n.Rhs[i])
			}
		}
	case *ast.FuncDecl:
		if n.Name.Name == "eventType" {
			ast.Inspect(n, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CaseClause:
					for _, op := range n.List {
						g.addType(op)
					}
				case *ast.ReturnStmt:
					g.addType(n.Results[0])
				}
				return true
			})
		}
	}
}

func (g *goTypes) addType(e ast.Expr) {
	if kind := literal(e); kind != "" {
		g.types[kind] = true
	}
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

func memberName(f *ast.Field) string {
	name, _, _ := strings.Cut(jsonTag(f), ",")
	return name
}

func jsonTag(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	return reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json")
}

// members lists the members of a type's JSON, and whether each is always written. pointers says
// whether what is embedded by a pointer is there.
func (g *goTypes) members(t *testing.T, s *ast.StructType, within string, pointers bool) map[string]bool {
	t.Helper()
	members := map[string]bool{}
	for _, f := range s.Fields.List {
		name, options, _ := strings.Cut(jsonTag(f), ",")
		if name == "-" {
			continue
		}
		if name != "" {
			members[name] = !strings.Contains(options, "omit")
			continue
		}
		of := f.Type
		if star, ok := of.(*ast.StarExpr); ok {
			if of = star.X; !pointers {
				continue
			}
		}
		embedded := within + typeName(of)
		if strings.Contains(typeName(of), ".") {
			embedded = typeName(of)
		}
		if g.structs[embedded] == nil {
			t.Fatalf("a member of a message has no name: %s", embedded)
		}
		pkg, _, inNotes := strings.Cut(embedded, ".")
		if inNotes {
			pkg += "."
		} else {
			pkg = ""
		}
		maps.Copy(members, g.members(t, g.structs[embedded], pkg, pointers))
	}
	return members
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return typeName(e.X) + "." + e.Sel.Name
	}
	return ""
}
