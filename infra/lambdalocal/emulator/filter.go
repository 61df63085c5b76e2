package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// filter is an event filter pattern: an object of objects, down to a list of what the value
// may be, which is a string or {"prefix": "..."}. AWS knows more; here that is an error.
type filter map[string]any

func parseFilters(patterns []string) (all []filter, err error) {
	for _, pattern := range patterns {
		f := filter{}
		if err := json.Unmarshal([]byte(pattern), &f); err != nil {
			return nil, fmt.Errorf("the filter %s: %w", pattern, err)
		}
		if err := checkFilter(f); err != nil {
			return nil, fmt.Errorf("the filter %s: %w", pattern, err)
		}
		all = append(all, f)
	}
	return all, nil
}

func checkFilter(pattern any) error {
	switch pattern := pattern.(type) {
	case filter:
		return checkFilter(map[string]any(pattern))
	case map[string]any:
		for _, part := range pattern {
			if err := checkFilter(part); err != nil {
				return err
			}
		}
		return nil
	case []any:
		for _, choice := range pattern {
			_, exact := choice.(string)
			rule, _ := choice.(map[string]any)
			if _, prefix := rule["prefix"].(string); !exact && (!prefix || len(rule) != 1) {
				return fmt.Errorf("%v is not known here", choice)
			}
		}
		return nil
	}
	return errors.New("values are lists")
}

// passes says whether any of the filters matches, or there is none.
func passes(filters []filter, record *events.DynamoDBEventRecord) bool {
	if len(filters) == 0 {
		return true
	}
	text, err := json.Marshal(record)
	var value map[string]any
	if err != nil || json.Unmarshal(text, &value) != nil {
		return false
	}
	for _, f := range filters {
		if matches(map[string]any(f), value) {
			return true
		}
	}
	return false
}

func matches(pattern, value any) bool {
	switch pattern := pattern.(type) {
	case map[string]any:
		object, _ := value.(map[string]any)
		for name, part := range pattern {
			if !matches(part, object[name]) {
				return false
			}
		}
		return true
	case []any:
		text, ok := value.(string)
		for _, choice := range pattern {
			if rule, isRule := choice.(map[string]any); isRule {
				prefix, _ := rule["prefix"].(string)
				if ok && strings.HasPrefix(text, prefix) {
					return true
				}
			} else if ok && choice == text {
				return true
			}
		}
	}
	return false
}
