// Command fanout is the Lambda function that the table's stream invokes: it gives a turn to
// every connection of the WebSocket API that has something new to be told. The records are
// hints: what a connection is told comes from its log, from its cursor on. A schedule invokes
// it as well, for what crashed functions have left undone.
package main

import (
	"context"

	"github.com/alecthomas/kong"
	awslambda "github.com/aws/aws-lambda-go/lambda"

	"notewire/functions"
	"notewire/functions/lambda"
)

type program struct {
	lambda.Config        `embed:""`
	lambda.GatewayConfig `embed:""`
}

func main() {
	var p program
	k := kong.Parse(&p, kong.Name("fanout"))
	k.FatalIfErrorf(p.run(context.Background()))
}

// run never returns without an error: the runtime ends the process.
func (p *program) run(ctx context.Context) error {
	i, err := p.Open(ctx)
	if err != nil {
		return err
	}
	gateway, err := p.OpenGateway(ctx, i, functions.SignIn(p.Deps(i)))
	if err != nil {
		return err
	}
	f := &fanout{Instance: i, gateway: gateway, keep: p.HistoryKeep}
	awslambda.StartWithOptions(f.handle, awslambda.WithContext(ctx))
	return nil
}
