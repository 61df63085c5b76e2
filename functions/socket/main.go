// Command socket is the WebSocket API as a Lambda function: the routes $connect, $disconnect
// and $default of an API Gateway WebSocket API. Sessions are those of the server, in turns:
// see package gateway.
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
	k := kong.Parse(&p, kong.Name("socket"))
	k.FatalIfErrorf(p.run(context.Background()))
}

// run never returns without an error: the runtime ends the process.
func (p *program) run(ctx context.Context) error {
	i, err := p.Open(ctx)
	if err != nil {
		return err
	}
	deps := p.Deps(i)
	gateway, err := p.OpenGateway(ctx, i, functions.SignIn(deps))
	if err != nil {
		return err
	}
	s := &socket{Instance: i, gateway: gateway}
	s.connect = functions.NewConnect(deps, s.welcome)
	awslambda.StartWithOptions(s.handle, awslambda.WithContext(ctx))
	return nil
}
