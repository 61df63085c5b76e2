package infra_test

import (
	"go/ast"
	"maps"
	"reflect"
	"slices"
	"testing"
)

// actions are the rights that the parts of a transaction need; it needs none itself.
var actions = map[string]string{
	"Put": "dynamodb:PutItem", "Delete": "dynamodb:DeleteItem", "Update": "dynamodb:UpdateItem", "ConditionCheck": "dynamodb:ConditionCheckItem",
}

// The rights are those of what the engine does: less fails when it is needed, more is not
// needed.
func TestThePolicyIsWhatTheEngineDoes(t *testing.T) {
	done := map[string]bool{}
	for name, file := range source(t, "dynamo/ddb") {
		if name == "migrate.go" || name == "scan.go" { // an operator's, with rights of his own
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if of, ok := n.X.(*ast.SelectorExpr); ok && of.Sel.Name == "client" && n.Sel.Name != "TransactWriteItems" {
					done["dynamodb:"+n.Sel.Name] = true
				}
			case *ast.CompositeLit:
				if kind, ok := n.Type.(*ast.SelectorExpr); ok && kind.Sel.Name == "TransactWriteItem" {
					done[actions[n.Elts[0].(*ast.KeyValueExpr).Key.(*ast.Ident).Name]] = true
				}
			}
			return true
		})
	}
	tpl := readTemplate(t)
	statements, _ := tpl.of("TableAccess", "PolicyDocument", "Statement").([]any)
	want := []any{
		map[string]any{"Effect": "Allow", "Action": statements[0].(map[string]any)["Action"], "Resource": getAtt("Table.Arn")},
		map[string]any{"Effect": "Allow", "Action": "dynamodb:Query", "Resource": sub("${Table.Arn}/index/GSI1")},
	}
	if !reflect.DeepEqual(statements, want) {
		t.Errorf("TableAccess allows %v, not %v", statements, want)
	}
	allowed := map[string]bool{}
	for _, action := range statements[0].(map[string]any)["Action"].([]any) {
		allowed[action.(string)] = true
	}
	if !maps.Equal(allowed, done) {
		t.Errorf("the policy allows %v, the engine does %v", slices.Sorted(maps.Keys(allowed)), slices.Sorted(maps.Keys(done)))
	}
	for _, name := range tpl.typed("AWS::Serverless::Function") {
		if policies, _ := tpl.of(name, "Policies").([]any); !slices.ContainsFunc(policies, func(p any) bool { return reflect.DeepEqual(p, ref("TableAccess")) }) {
			t.Errorf("%s may not use the table", name)
		}
	}
}

// The poster posts and deletes, on this API only.
func TestConnectionsAreManagedByWhoeverHasAPoster(t *testing.T) {
	tpl := readTemplate(t)
	want := []any{map[string]any{
		"Effect": "Allow", "Action": "execute-api:ManageConnections",
		"Resource": []any{sub(connections + "POST/@connections/*"), sub(connections + "DELETE/@connections/*")},
	}}
	if got := tpl.of("ConnectionAccess", "PolicyDocument", "Statement"); !reflect.DeepEqual(got, want) {
		t.Errorf("ConnectionAccess allows %v, not %v", got, want)
	}
	for _, name := range tpl.typed("AWS::Serverless::Function") {
		policies, _ := tpl.of(name, "Policies").([]any)
		may := slices.ContainsFunc(policies, func(p any) bool { return reflect.DeepEqual(p, ref("ConnectionAccess")) })
		if posts := tpl.of(name, "Environment", "Variables", "WEBSOCKET_API_ENDPOINT") != nil; may != posts {
			t.Errorf("%s has an endpoint: %v; may post to connections: %v", name, posts, may)
		}
	}
}
