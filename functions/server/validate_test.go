package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func TestSettingsThatCannotWorkAreRefusedByName(t *testing.T) {
	for flag, name := range map[string]string{
		"--port=-1": "PORT", "--port=70000": "PORT", "--heartbeat=0": "HEARTBEAT", "--ws-auth-timeout=-5s": "WS_AUTH_TIMEOUT",
		"--max-body-bytes=0": "MAX_BODY_BYTES", "--ws-rate-limit-max-messages=0": "WS_RATE_LIMIT_MAX_MESSAGES",
		"--reconnect-within=-1s": "RECONNECT_WITHIN", "--cors-origins=*": "CORS_ORIGINS", "--cors-origins=app.example.com": "CORS_ORIGINS",
	} {
		var cli commands
		parser, err := kong.New(&cli)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse([]string{"serve", flag}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
