package infra_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// template is template.yaml with intrinsic functions in their long form: !Ref X is
// {"Ref": "X"}, !Sub x is {"Fn::Sub": "x"}.
type template map[string]any

func readTemplate(t *testing.T) template {
	t.Helper()
	text, err := os.ReadFile("template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func parse(text string) (template, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	parsed, _ := plain(doc.Content[0]).(map[string]any)
	return parsed, nil
}

func plain(n *yaml.Node) any {
	name, isIntrinsic := strings.CutPrefix(n.Tag, "!")
	if !isIntrinsic || strings.HasPrefix(name, "!") {
		return value(n)
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return map[string]any{name: value(n)}
}

func value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, plain(item))
		}
		return list
	case yaml.ScalarNode:
		var v any
		if !strings.HasPrefix(n.Tag, "!!") || n.Decode(&v) != nil {
			return n.Value
		}
		return v
	}
	panic(fmt.Sprintf("line %d: CloudFormation knows no aliases", n.Line))
}

// at returns what is at a path of keys: at("Resources", "Table"). Nil if there is nothing.
func (tpl template) at(path ...string) any {
	var v any = map[string]any(tpl)
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// of returns what is at a path below the properties of a resource.
func (tpl template) of(resource string, path ...string) any {
	return tpl.at(append([]string{"Resources", resource, "Properties"}, path...)...)
}

// typed returns the names of the resources of a type.
func (tpl template) typed(kind string) (names []string) {
	resources, _ := tpl.at("Resources").(map[string]any)
	for name := range resources {
		if tpl.at("Resources", name, "Type") == kind {
			names = append(names, name)
		}
	}
	return names
}

func ref(name string) any    { return map[string]any{"Ref": name} }
func getAtt(name string) any { return map[string]any{"Fn::GetAtt": name} }
func sub(text string) any    { return map[string]any{"Fn::Sub": text} }

const connections = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebSocketApi}/live/"

// wired is what no linter knows: which part is to meet which, and how.
var wired = []struct {
	why      string
	resource string
	path     string
	want     any
}{
	{"a URL that does not stream holds events back until the end", "HttpFunction", "FunctionUrlConfig InvokeMode", "RESPONSE_STREAM"},
	{"callers have Clerk's tokens, not AWS's signatures", "HttpFunction", "FunctionUrlConfig AuthType", "NONE"},

	{"the gateway waits 29 s", "SocketFunction", "Timeout", 29},
	{"the poster needs https, and the stage", "SocketFunction", "Environment Variables WEBSOCKET_API_ENDPOINT", sub("https://${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live")},
	{"the poster needs https, and the stage", "FanoutFunction", "Environment Variables WEBSOCKET_API_ENDPOINT", sub("https://${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live")},
	{"the endpoint names the stage", "WebSocketStage", "StageName", "live"},
	{"a change of routes is served without a deployment of its own", "WebSocketStage", "AutoDeploy", true},
	{"the event is the whole request", "SocketIntegration", "IntegrationType", "AWS_PROXY"},
	{"or a connection is refused", "ConnectRoute", "RouteKey", "$connect"},
	{"or rows of the registry stay until their TTL", "DisconnectRoute", "RouteKey", "$disconnect"},
	{"or messages go nowhere", "DefaultRoute", "RouteKey", "$default"},
	{"only this API's stage invokes it", "SocketPermission", "SourceArn", sub(connections + "*")},

	{"the stream is the table's", "FanoutStream", "EventSourceArn", getAtt("Table.StreamArn")},
	{"the stream is the fan-out's", "FanoutStream", "FunctionName", ref("FanoutFunction")},
	{"the answer says which records failed: without this all would be repeated", "FanoutStream", "FunctionResponseTypes", []any{"ReportBatchItemFailures"}},
	{"one bad record must not take its batch along", "FanoutStream", "BisectBatchOnFunctionError", true},
	{"hints of yesterday are of no use", "FanoutStream", "StartingPosition", "LATEST"},
	{"what is given up is seen", "FanoutStream", "DestinationConfig OnFailure Destination", getAtt("FanoutFailures.Arn")},
	{"the fan-out sweeps when there are no records", "FanoutFunction", "Events Sweep Properties Input", `{"sweep":true}`},
	{"late members wait a minute at most", "FanoutFunction", "Events Sweep Properties Schedule", "rate(1 minute)"},
}

// misfits says where a template does not fit the code.
func misfits(tpl template) (found []string) {
	misfit := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	for _, w := range wired {
		if got := tpl.of(w.resource, strings.Fields(w.path)...); !reflect.DeepEqual(got, w.want) {
			misfit("%s %s is %v, not %v: %s", w.resource, w.path, got, w.want, w.why)
		}
	}
	for _, route := range tpl.typed("AWS::ApiGatewayV2::Route") {
		if got := tpl.of(route, "Target"); !reflect.DeepEqual(got, sub("integrations/${SocketIntegration}")) {
			misfit("%s leads to %v", route, got)
		}
	}
	// -1, the default of both, is without end: a record that always fails would hold up its shard.
	for _, bound := range []string{"MaximumRetryAttempts", "MaximumRecordAgeInSeconds"} {
		if n, _ := tpl.of("FanoutStream", bound).(int); n < 1 {
			misfit("FanoutStream has no %s", bound)
		}
	}
	window, _ := tpl.at("Parameters", "SseWindow", "MaxValue").(int)
	if timeout, _ := tpl.of("HttpFunction", "Timeout").(int); window == 0 || timeout < window+10 || timeout > 900 {
		misfit("HttpFunction may run for %d s: that does not fit streams of %d s", timeout, window)
	}
	if policy := tpl.at("Resources", "Table", "DeletionPolicy"); policy != "Retain" && policy != "RetainExceptOnCreate" {
		misfit("the notes end with the stack: DeletionPolicy is %v", policy)
	}
	if on := tpl.of("Table", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"); on != true {
		misfit("the table cannot be restored: PointInTimeRecoveryEnabled is %v", on)
	}
	return append(found, unwatched(tpl)...)
}

// unwatched says what nobody would hear of.
func unwatched(tpl template) (found []string) {
	watched := map[string]bool{}
	for _, alarm := range tpl.typed("AWS::CloudWatch::Alarm") {
		if reflect.DeepEqual(tpl.of(alarm, "AlarmActions"), []any{ref("Alarms")}) {
			dimensions, _ := tpl.of(alarm, "Dimensions").([]any)
			watched[fmt.Sprint(tpl.of(alarm, "Namespace"), tpl.of(alarm, "MetricName"), dimensions)] = true
		}
	}
	of := func(name string, v any) []any { return []any{map[string]any{"Name": name, "Value": v}} }
	wanted := []string{
		fmt.Sprint("AWS/Lambda", "IteratorAge", of("FunctionName", ref("FanoutFunction"))),
		fmt.Sprint("AWS/Lambda", "Throttles", of("FunctionName", ref("HttpFunction"))),
		fmt.Sprint("AWS/SQS", "ApproximateNumberOfMessagesVisible", of("QueueName", getAtt("FanoutFailures.QueueName"))),
	}
	for _, function := range tpl.typed("AWS::Serverless::Function") {
		wanted = append(wanted, fmt.Sprint("AWS/Lambda", "Errors", of("FunctionName", ref(function))))
		group, _ := tpl.of(function, "LoggingConfig", "LogGroup").(map[string]any)
		name, _ := group["Ref"].(string)
		if tpl.of(name, "RetentionInDays") == nil {
			found = append(found, function+" logs for ever")
		}
	}
	for _, w := range wanted {
		if !watched[w] {
			found = append(found, "no alarm for "+w)
		}
	}
	return found
}

func TestTheTemplateFitsTogether(t *testing.T) {
	for _, misfit := range misfits(readTemplate(t)) {
		t.Error(misfit)
	}
}
