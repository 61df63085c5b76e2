package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// template is what the program uses of the SAM template. References and functions of
// CloudFormation are read as strings, and none of them is used.
type template struct {
	Resources struct {
		HTTP   function `yaml:"HttpFunction"`
		Socket function `yaml:"SocketFunction"`
		Fanout function `yaml:"FanoutFunction"`
		Stream struct {
			Properties struct {
				StartingPosition string `yaml:"StartingPosition"`
				BatchSize        int    `yaml:"BatchSize"`
				Parallel         int    `yaml:"ParallelizationFactor"`
				Retries          int    `yaml:"MaximumRetryAttempts"`
				MaxAge           int    `yaml:"MaximumRecordAgeInSeconds"`
				FilterCriteria   struct {
					Filters []struct {
						Pattern string `yaml:"Pattern"`
					} `yaml:"Filters"`
				} `yaml:"FilterCriteria"`
			} `yaml:"Properties"`
		} `yaml:"FanoutStream"`
	} `yaml:"Resources"`
}

type function struct {
	Properties struct {
		Timeout int `yaml:"Timeout"` // seconds
		Events  map[string]struct {
			Type       string `yaml:"Type"`
			Properties struct {
				Schedule string `yaml:"Schedule"`
				Input    string `yaml:"Input"`
			} `yaml:"Properties"`
		} `yaml:"Events"`
	} `yaml:"Properties"`
}

// schedule is an event that comes at a rate.
type schedule struct {
	every time.Duration
	input string
}

func readTemplate(path string) (*template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: run this program at the repository's root, or name the template with --template", err)
	}
	t := &template{}
	if err := yaml.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, f := range map[string]function{"HttpFunction": t.Resources.HTTP, "SocketFunction": t.Resources.Socket, "FanoutFunction": t.Resources.Fanout} {
		if f.Properties.Timeout == 0 {
			return nil, fmt.Errorf("%s: %s has no Timeout", path, name)
		}
	}
	if t.Resources.Stream.Properties.BatchSize == 0 {
		return nil, fmt.Errorf("%s: FanoutStream has no BatchSize", path)
	}
	return t, nil
}

func (f *function) timeout() time.Duration { return time.Duration(f.Properties.Timeout) * time.Second }

// schedules returns the events that come at a rate; cron expressions are not known here.
func (f *function) schedules() (all []schedule, err error) {
	for name, e := range f.Properties.Events {
		if e.Type != "Schedule" {
			continue
		}
		var n int
		var unit string
		if _, err := fmt.Sscanf(e.Properties.Schedule, "rate(%d %s", &n, &unit); err != nil {
			return nil, fmt.Errorf("the schedule %s: %s is no rate", name, e.Properties.Schedule)
		}
		units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
		length, ok := units[strings.TrimSuffix(strings.TrimSuffix(unit, ")"), "s")]
		if !ok || n < 1 {
			return nil, fmt.Errorf("the schedule %s: %s is no rate", name, e.Properties.Schedule)
		}
		all = append(all, schedule{every: time.Duration(n) * length, input: e.Properties.Input})
	}
	return all, nil
}
