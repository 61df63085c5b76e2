package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// program is the command line.
type program struct {
	Table    string `env:"DYNAMODB_TABLE" default:"notewire" help:"The table; it is made if it is not there."`
	Dynamodb string `env:"AWS_ENDPOINT_URL_DYNAMODB" help:"A DynamoDB Local that runs, such as http://127.0.0.1:8000. Without it one is started, with its data in the data directory (Java 17, Maven)."`
	DataDir  string `env:"DATA_DIR" default:"./data" help:"Directory of DynamoDB Local's data and of the local issuer's key."`

	HTTP   string `name:"http" help:"Binary of the HTTP function; built from ./functions/http if not given."`
	Socket string `help:"Binary of the WebSocket function; built from ./functions/socket if not given."`
	Fanout string `help:"Binary of the fan-out function; built from ./functions/fanout if not given."`

	Port       int    `env:"PORT" default:"3000" help:"Port of HTTP and SSE. 0 takes a free one."`
	SocketPort int    `default:"3001" help:"Port of the WebSocket API and its @connections. 0 takes a free one."`
	Stage      string `default:"local" help:"Stage of the WebSocket API."`
	REST       bool   `name:"rest" help:"Events as of an API Gateway REST API (payload 1.0), not of a Function URL (2.0)."`

	Template    string     `default:"infra/template.yaml" help:"The SAM template that has the functions' timeouts, the stream's settings and the schedule."`
	Concurrency int        `default:"10" help:"Environments of a function at most; more invocations are throttled. Each event stream takes one."`
	Freeze      bool       `default:"true" negatable:"" help:"Freeze idle environments, as Lambda does."`
	Env         []string   `sep:"none" help:"Environment for the functions: NAME=VALUE, or NAME for this program's own value. Clerk's settings, AUTHORIZED_PARTIES, CORS_ORIGINS and LOG_LEVEL are always passed on."`
	LogLevel    slog.Level `env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
}

func main() {
	var p program
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k := kong.Parse(&p, kong.Name("lambdalocal"), kong.UsageOnError(),
		kong.Description("Notewire's Lambda functions, unchanged, on the contracts of AWS spoken locally."))
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: p.LogLevel}))
	k.FatalIfErrorf(p.run(ctx, log, os.Stdout))
}
