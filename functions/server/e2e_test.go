package main

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"notewire/dynamo/ddb/ddbtest"
	"notewire/e2e"
	"notewire/functions"
	"notewire/functions/config"
)

func TestEndToEndOnTheServer(t *testing.T) {
	p := launch(t, t.TempDir(), nil, buildProgram(t))
	e2e.Run(t, e2e.Hosting{Name: "bolt", URL: p.URL, Abilities: e2e.Server()})
	p.stop(t)
}

func TestEndToEndOnDynamoDB(t *testing.T) {
	table := config.TableFlags{DynamodbTable: "end-to-end", DynamodbEndpoint: ddbtest.Shared(t)}
	env := []string{"DYNAMODB_TABLE=" + table.DynamodbTable, "AWS_ENDPOINT_URL_DYNAMODB=" + table.DynamodbEndpoint}
	binary := buildProgram(t)
	migrate := exec.Command(binary, "migrate")
	migrate.Env = env
	if out, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, out)
	}
	streamOff(t, table)
	p := launch(t, t.TempDir(), env, binary)
	e2e.Run(t, e2e.Hosting{Name: "dynamodb", URL: p.URL, Abilities: e2e.Server()})
	p.stop(t)
}

// The surface of the server with event streams that end, as on hostings that bound how long
// an answer may take.
func TestEndToEndWithStreamsThatEnd(t *testing.T) {
	var cli commands
	parser, err := kong.New(&cli)
	if err == nil {
		_, err = parser.Parse([]string{"serve", "--data-dir=" + t.TempDir()})
	}
	if err != nil {
		t.Fatal(err)
	}
	s, log := &cli.Serve, slog.New(slog.NewTextHandler(io.Discard, nil))
	engine, closeEngine, err := s.openEngine(t.Context(), log)
	if err != nil {
		t.Fatal(err)
	}
	defer closeEngine()
	signIn, err := s.AuthFlags.Open(s.Host, s.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	i, err := s.newInstance(t.Context(), engine, signIn, log)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(functions.New(functions.Deps{
		Service: i.service, Sessions: i.sessions, Verifier: signIn.Verifier, Local: signIn.Local,
		BodyBytes: s.MaxBodyBytes, SSE: s.SSE(), WS: s.WS(), StreamWindow: 2 * time.Second,
		Log: log, NewID: config.NewID, Stopping: i.stopping,
	}))
	defer server.Close()
	defer func() { _ = i.service.Settled(context.Background()) }()
	e2e.Run(t, e2e.Hosting{Name: "windows", URL: server.URL, Abilities: e2e.Server().With(e2e.StreamWindow)})
}
