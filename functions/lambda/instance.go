package lambda

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/ddb"
	"notewire/functions/config"
	"notewire/notes"
	"notewire/transport"
)

// Config is what all functions are told, by their environment.
type Config struct {
	config.TableFlags  `embed:""`
	config.AuthFlags   `embed:""`
	config.LimitFlags  `embed:""`
	config.OriginFlags `embed:""`
	config.LogFlags    `embed:""`
	DataDir            string `env:"DATA_DIR" default:"/tmp" help:"Directory of the local issuer's key; only for local mode."`
}

// Validate implements kong.Validatable.
func (c *Config) Validate() error {
	var noTable error
	if c.DynamodbTable == "" {
		noTable = errors.New("DYNAMODB_TABLE is not set: a function keeps nothing itself")
	}
	return errors.Join(noTable, c.OriginFlags.Check(), c.LimitFlags.Check())
}

// Instance is what an execution environment keeps between invocations. It serves one at a
// time, and stands still between them.
type Instance struct {
	Engine   dynamo.Engine
	Store    *dynamo.Store
	Service  *notes.Service
	Hub      *transport.Hub
	Sessions *transport.Sessions
	SignIn   *config.SignIn
	Log      *slog.Logger
}

// Open returns an Instance on the table.
func (c *Config) Open(ctx context.Context) (*Instance, error) {
	signIn, err := c.AuthFlags.Open("0.0.0.0", c.DataDir)
	if err != nil {
		return nil, err
	}
	client, err := c.Client(ctx)
	if err != nil {
		return nil, err
	}
	i := &Instance{Engine: ddb.New(client, c.DynamodbTable), SignIn: signIn, Log: c.Logger()}
	i.Store, err = dynamo.Open(ctx, i.Engine, dynamo.Options{LogDays: c.LogDays, NewEpoch: config.NewEpoch})
	if err != nil {
		return nil, err
	}
	i.Service = notes.NewService(notes.Config{Store: i.Store, Limits: c.LimitFlags.Notes(), NewID: config.NewID, Publisher: i})
	i.Hub = transport.NewHub(transport.NotesLog{Service: i.Service})
	i.Sessions = transport.NewSessions(&transport.Sessions{
		Service: i.Service, Hub: i.Hub, NewID: config.NewID, Options: c.LimitFlags.Sessions(), Log: i.Log,
		SignOuts: i.Store,
	})
	return i, nil
}

// Publish implements notes.Publisher: for a stream of this very invocation. All others learn
// of a commit from the table.
func (i *Instance) Publish(t notes.Topic, seq int64) { i.Hub.Publish(t, seq) }

// Finish ends what an invocation has left under way, before the environment stands still:
// members of large notes are told. What it cannot finish is the sweep's.
func (i *Instance) Finish(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, finishWithin)
	defer cancel()
	if err := i.Service.Settled(ctx); err != nil {
		i.Log.Warn("members of a large note are left to the sweep", "error", err)
	}
}

const finishWithin = 5 * time.Second
