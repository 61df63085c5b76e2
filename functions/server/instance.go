package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"notewire/dynamo"
	"notewire/functions"
	"notewire/functions/config"
	"notewire/notes"
	"notewire/transport"
	"notewire/transport/bus"
	"notewire/transport/edge"
	"notewire/transport/presence"
	"notewire/transport/webhook"
)

// instance is one server of a fleet, between its engine and its listener.
type instance struct {
	store    *dynamo.Store
	service  *notes.Service
	hub      *transport.Hub
	bus      *bus.Bus     // nil: it is alone, or the sweep has to do
	edge     *edge.Pusher // nil: there is none, or it looks by itself
	rooms    *presence.Rooms
	others   *bus.Presence  // who is present on other instances; nil: it is alone, or they do not tell
	hooks    *webhook.Hooks // nil: there are none
	thin     *thinner       // nil: all versions are kept
	sessions *transport.Sessions
	handler  http.Handler
	stopping chan struct{}
	shared   bool // other instances may write into the same store
}

func (s *Serve) newInstance(ctx context.Context, engine dynamo.Engine, signIn *config.SignIn, log *slog.Logger) (*instance, error) {
	store, err := dynamo.Open(ctx, engine, dynamo.Options{LogDays: s.LogDays, NewEpoch: config.NewEpoch})
	if err != nil {
		return nil, err
	}
	i := &instance{store: store, stopping: make(chan struct{}), shared: s.DynamodbTable != ""}
	if i.bus, err = s.BusFlags.open(log); err != nil {
		return nil, err
	}
	if err = i.openRooms(s.BusUrl, log); err != nil {
		return nil, err
	}
	if i.edge, err = s.EdgeFlags.pusher(log); err != nil {
		return nil, err
	}
	edgeSurface, err := s.EdgeFlags.surface(signIn, &s.AuthFlags)
	if err != nil {
		return nil, err
	}
	i.service = notes.NewService(notes.Config{Store: store, Limits: s.LimitFlags.Notes(), NewID: config.NewID, Publisher: i})
	i.thin = newThinner(i.service, s.HistoryKeep, log)
	if i.hooks, err = s.FeedFlags.hooks(store, i.service, signIn, !i.shared, log); err != nil {
		return nil, err
	}
	i.hub = transport.NewHub(transport.NotesLog{Service: i.service})
	i.sessions = transport.NewSessions(&transport.Sessions{
		Service: i.service, Hub: i.hub, NewID: config.NewID, Options: s.LimitFlags.Sessions(), Quota: s.LimitFlags.Quota(), Log: log,
		SignOuts: store, Rooms: i.rooms,
	})
	i.handler = functions.New(functions.Deps{
		Service: i.service, Sessions: i.sessions, Verifier: signIn.Verifier, Tickets: store, Webhook: signIn.Webhook, Webhooks: i.hooks, Local: signIn.Local, PublishableKey: signIn.PublishableKey, FrontendAPI: signIn.FrontendAPI,
		Origins: s.Origins(s.AuthorizedParties), BodyBytes: s.MaxBodyBytes, TrustedProxies: s.TrustedProxies, SSE: s.LimitFlags.SSE(), WS: s.LimitFlags.WS(),
		Log: log, NewID: config.NewID, Stopping: i.stopping, Edge: edgeSurface,
	})
	return i, nil
}

// openRooms makes the rooms of those who are present in notes.
func (i *instance) openRooms(busURL string, log *slog.Logger) (err error) {
	var others presence.Bus
	if busURL != "" {
		if i.others, err = bus.OpenPresence(busURL, log); err != nil {
			return err
		}
		others = i.others
	}
	i.rooms = presence.NewRooms(config.NewID(), others, log)
	return nil
}

// Publish implements notes.Publisher: this instance's connections are woken at once, the
// other instances' through the bus.
func (i *instance) Publish(t notes.Topic, seq int64) {
	i.local().Publish(t, seq)
	if i.bus != nil {
		i.bus.Publish(t, seq)
	}
	if i.edge != nil {
		i.edge.Publish(t, seq)
	}
	i.thin.committed(t, seq)
}

// background runs what an instance does besides answering, until stop is called, which
// returns when all of it has ended.
func (i *instance) background(log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { sweepUploads(ctx, i.store, log) })
	running.Go(func() { sweepPurged(ctx, i.store, log) })
	running.Go(func() { sweepLate(ctx, i.service, log) })
	running.Go(func() { i.sessions.SweepSignOutsEvery(ctx, hintsEvery, log) })
	if i.thin != nil {
		running.Go(func() { i.thin.run(ctx) })
	}
	if i.shared {
		running.Go(func() { i.hub.SweepEvery(ctx, hintsEvery, log) })
	}
	if i.bus != nil {
		running.Go(func() { i.bus.Run(ctx, i.local()) })
	}
	if i.edge != nil {
		running.Go(func() { i.edge.Run(ctx) })
	}
	if i.hooks != nil {
		running.Go(func() { runHooks(ctx, i.hooks) })
	}
	running.Go(func() { i.rooms.Run(ctx) })
	if i.others != nil {
		running.Go(func() { i.others.Run(ctx, i.rooms.Hear) })
	}
	return func() {
		i.sayGoodbye()
		cancel()
		running.Wait()
	}
}

// goodbye is how long to try to say who has left with a server that stops.
const goodbye = time.Second

func (i *instance) sayGoodbye() {
	if i.others == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	i.others.Flush(ctx)
}
