package main

import (
	"os"
	"path/filepath"
	"strings"
)

// passed are the settings of the product that the functions get from this program's own
// environment.
var passed = []string{
	"CLERK_SECRET_KEY", "CLERK_JWT_KEY", "CLERK_ISSUER", "CLERK_PUBLISHABLE_KEY", "CLERK_AUDIENCES", "CLERK_API_URL",
	"CLERK_WEBHOOK_SECRET", "AUTHORIZED_PARTIES", "CORS_ORIGINS", "LOG_LEVEL", "LOG_FORMAT",
}

// functionEnv is what the functions are told: where the table and the WebSocket API are, and
// what the user passes on, which is last and so decides.
func (p *program) functionEnv(socketURL string) ([]string, error) {
	data, err := filepath.Abs(p.DataDir)
	if err != nil {
		return nil, err
	}
	env := []string{
		"DYNAMODB_TABLE=" + p.Table,
		"AWS_ENDPOINT_URL_DYNAMODB=" + p.Dynamodb,
		"WEBSOCKET_API_ENDPOINT=" + socketURL,
		"WEBSOCKET_URL=ws" + strings.TrimPrefix(socketURL, "http"),
		"LOCAL_AUTH_ON_ANY_ADDRESS=yes", // the fronts listen on the loopback only
		"DATA_DIR=" + data,
	}
	for _, name := range append(passed, p.Env...) {
		if strings.Contains(name, "=") {
			env = append(env, name)
		} else if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env, nil
}
