// Command http is the HTTP API and the event streams as a Lambda function, behind a function
// URL that streams, or a REST API that does.
package main

import (
	"context"
	"net/http"
	"time"

	"github.com/alecthomas/kong"
	awslambda "github.com/aws/aws-lambda-go/lambda"

	"notewire/functions"
	"notewire/functions/lambda"
)

// signOutsEvery is how often streams ask whether somebody has signed out.
const signOutsEvery = 3 * time.Second

type program struct {
	lambda.Config `embed:""`
	PollEvery     time.Duration `env:"POLL_EVERY" default:"1s" help:"How often a stream asks the table for news."`
	WebSocketURL  string        `name:"websocket-url" env:"WEBSOCKET_URL" required:"" help:"Where clients find the WebSocket API: wss://{api}.execute-api.{region}.amazonaws.com/{stage}."`
	StreamWindow  time.Duration `env:"SSE_WINDOW" default:"4m" help:"How long a stream lasts before its client is told to reconnect."`
}

func main() {
	var p program
	k := kong.Parse(&p, kong.Name("http"))
	k.FatalIfErrorf(p.run(context.Background()))
}

// run never returns without an error: the runtime ends the process.
func (p *program) run(ctx context.Context) error {
	i, err := p.Open(ctx)
	if err != nil {
		return err
	}
	deps := p.Deps(i)
	deps.StreamWindow, deps.WebSocketURL = p.StreamWindow, p.WebSocketURL
	surface := functions.New(deps)
	go i.Hub.SweepEvery(ctx, p.PollEvery, i.Log) // finds no streams to ask for between invocations
	go i.Sessions.SweepSignOutsEvery(ctx, signOutsEvery, i.Log)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		surface.ServeHTTP(w, r)
		i.Finish(context.WithoutCancel(r.Context()))
	})
	awslambda.StartWithOptions(lambda.HTTP(handler, i.Log), awslambda.WithContext(ctx))
	return nil
}
