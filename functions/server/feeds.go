package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"notewire/dynamo"
	"notewire/functions/config"
	"notewire/notes"
	"notewire/transport/feed"
	"notewire/transport/webhook"
)

// FeedFlags say what follows the accounts' logs from inside of the server.
type FeedFlags struct {
	Webhooks        string `env:"WEBHOOKS" default:"on" enum:"on,off" help:"on: accounts may have their changes posted to receivers of their own. off: they may not, and nothing is posted."`
	WebhookTries    int    `env:"WEBHOOK_TRIES" default:"5" help:"How often a receiver may refuse a change until its note is paused."`
	WebhookLoopback string `env:"WEBHOOK_LOOPBACK" help:"yes: receivers may be on this machine, by http too. In local mode only."`

	WebhookLease time.Duration `env:"WEBHOOK_LEASE" hidden:"" help:"How long webhooks of a server that has stopped wait for another; 0: 30s. For tests."`
}

// hooks returns what delivers webhooks; nil if nothing does. instance names this server among all
// that there ever were.
func (f *FeedFlags) hooks(store *dynamo.Store, service *notes.Service, in *config.SignIn, alone bool, log *slog.Logger) (*webhook.Hooks, error) {
	loopback := f.WebhookLoopback == "yes"
	if loopback && in.Local == nil {
		return nil, errors.New("WEBHOOK_LOOPBACK lets accounts reach what listens on this machine: it is for local mode only")
	}
	if f.WebhookTries < 1 {
		return nil, errors.New("WEBHOOK_TRIES must be at least 1")
	}
	if f.Webhooks == "off" {
		return nil, nil
	}
	sink := webhook.NewSink(webhook.Options{Loopback: loopback})
	driver := feed.NewDriver(feed.Config{
		Log: service, Rows: store, Sinks: map[string]feed.Sink{webhook.Kind: sink}, Instance: config.NewID(), Alone: alone,
		Options: feed.Options{Tries: f.WebhookTries, Lease: f.WebhookLease}, Logger: log,
	})
	return &webhook.Hooks{Driver: driver, Sink: sink}, nil
}

// runHooks delivers until ctx ends.
func runHooks(ctx context.Context, hooks *webhook.Hooks) {
	hooks.Driver.Run(ctx)
	hooks.Sink.Close()
}

// local tells what runs here of commits, wherever they were made.
func (i *instance) local() notes.Publisher { return localPublisher{i} }

type localPublisher struct{ *instance }

// Publish implements notes.Publisher.
func (p localPublisher) Publish(t notes.Topic, seq int64) {
	p.hub.Publish(t, seq)
	if p.hooks != nil {
		p.hooks.Driver.Publish(t, seq)
	}
}
