package infra_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"notewire/dynamo"
	"notewire/functions/lambda"
)

// pattern is the part of a filter that the template uses.
type pattern struct {
	EventName []string
	Dynamodb  struct {
		Keys map[string]struct{ S []struct{ Prefix string } }
	}
}

func (p pattern) matches(event string, key dynamo.Key) bool {
	values := map[string]string{"PK": key.PK, "SK": key.SK}
	for name, of := range p.Dynamodb.Keys {
		if len(of.S) != 1 || of.S[0].Prefix == "" || !strings.HasPrefix(values[name], of.S[0].Prefix) {
			return false
		}
	}
	return slices.Contains(p.EventName, event)
}

// What the filters let through is what the fan-out has a use for, of the rows that there are.
func TestTheFiltersAreTheFanoutsHints(t *testing.T) {
	var patterns []pattern
	filters, _ := readTemplate(t).of("FanoutStream", "FilterCriteria", "Filters").([]any)
	for _, filter := range filters {
		var p pattern
		decoder := json.NewDecoder(strings.NewReader(filter.(map[string]any)["Pattern"].(string)))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	layout, err := os.ReadFile("../dynamo/testdata/layout.golden")
	if err != nil {
		t.Fatal(err)
	}
	keys := []dynamo.Key{{PK: "CONN#abc=", SK: "CONN"}, {PK: "FOLLOW#USER#ann", SK: "abc="}, {PK: "FOLLOW#NOTE#n-1", SK: "abc="}}
	for _, row := range regexp.MustCompile(`(?m)^(\S+) \| (\S+)`).FindAllStringSubmatch(string(layout), -1) {
		keys = append(keys, dynamo.Key{PK: row[1], SK: row[2]})
	}
	hints := 0
	for _, key := range keys {
		_, isLog := dynamo.TopicOf(key)
		_, isConnection := lambda.ConnectionOf(key)
		passes := func(event string) bool {
			return slices.ContainsFunc(patterns, func(p pattern) bool { return p.matches(event, key) })
		}
		if passes("INSERT") != (isLog || isConnection) {
			t.Errorf("%v passes: %v; is a hint: %v", key, passes("INSERT"), isLog || isConnection)
		}
		if passes("MODIFY") || passes("REMOVE") {
			t.Errorf("changes and ends of %v pass", key)
		}
		if isLog || isConnection {
			hints++
		}
	}
	if hints < 10 || len(keys)-hints < 10 {
		t.Errorf("saw %d hints and %d other rows only", hints, len(keys)-hints)
	}
}
