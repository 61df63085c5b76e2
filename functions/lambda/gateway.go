package lambda

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"notewire/functions"
	"notewire/transport"
	"notewire/transport/gateway"
)

// GatewayConfig says where the connections of the WebSocket API are.
type GatewayConfig struct {
	WebsocketApiEndpoint string `name:"websocket-api-endpoint" env:"WEBSOCKET_API_ENDPOINT" required:"" help:"The API's management endpoint with its stage: https://{api}.execute-api.{region}.amazonaws.com/{stage}."`
}

// postTimeout bounds one request to the gateway.
const postTimeout = 5 * time.Second

// OpenGateway returns the gateway on the instance's table.
func (c *GatewayConfig) OpenGateway(ctx context.Context, i *Instance, signIn transport.SignIn) (*gateway.Gateway, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, errors.New("no region is set: set AWS_REGION")
	}
	return &gateway.Gateway{
		Sessions: i.Sessions, Registry: Registry{i.Engine}, SignIn: signIn, Log: i.Log,
		Poster: &Poster{
			Endpoint: c.WebsocketApiEndpoint, Region: cfg.Region, Credentials: cfg.Credentials,
			HTTP: &http.Client{Timeout: postTimeout},
		},
	}, nil
}

// Deps are what the surface is made of.
func (c *Config) Deps(i *Instance) functions.Deps {
	return functions.Deps{
		Service: i.Service, Sessions: i.Sessions, Verifier: i.SignIn.Verifier, Local: i.SignIn.Local, PublishableKey: i.SignIn.PublishableKey, FrontendAPI: i.SignIn.FrontendAPI,
		Origins: c.Origins(c.AuthorizedParties), BodyBytes: c.MaxBodyBytes, SSE: c.SSE(), WS: c.WS(),
		Log: i.Log, NewID: i.Sessions.NewID, Tickets: i.Store, Webhook: i.SignIn.Webhook,
	}
}
