package config

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretsDoNotReachTheLog(t *testing.T) {
	token := "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln"
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{ReplaceAttr: redact}))
	log.Info("said "+token, "text", "Bearer "+token, "error", errors.New("bad "+token), "any", []string{token}, "key", "sk_live_abc123", "n", 7)
	if strings.Contains(out.String(), "eyJ") || strings.Contains(out.String(), "abc123") {
		t.Errorf("a secret is in %s", out.String())
	}
	if !strings.Contains(out.String(), `"n":7`) || !strings.Contains(out.String(), "Bearer [redacted]") {
		t.Errorf("too much is gone from %s", out.String())
	}
}
