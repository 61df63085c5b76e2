package config

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"
)

// LogFlags say what is logged, and how. A log never has tokens or keys in it.
type LogFlags struct {
	LogLevel  slog.Level `env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
	LogFormat string     `env:"LOG_FORMAT" enum:"text,json" default:"text" help:"text or json."`
}

// Logger returns a logger to standard error.
func (s *LogFlags) Logger() *slog.Logger {
	opts := &slog.HandlerOptions{Level: s.LogLevel, ReplaceAttr: redact}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, opts))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, opts))
}

// secrets matches what must never be in a log: tokens (JWT) and Clerk's secret keys.
var secrets = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*|sk_(live|test)_\w+`)

// redact is the last line of defence: nothing logs secrets on purpose, but an error or a
// stack may carry one.
func redact(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString, slog.KindAny:
		text := a.Value.String()
		if err, ok := a.Value.Any().(error); ok {
			text = err.Error()
		} else if a.Value.Kind() == slog.KindAny {
			text = fmt.Sprint(a.Value.Any())
		}
		if secrets.MatchString(text) {
			return slog.String(a.Key, secrets.ReplaceAllString(text, "[redacted]"))
		}
	}
	return a
}
