package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"notewire/functions/config"
)

// Serve is the configuration of the server. Every flag is also an environment variable.
type Serve struct {
	Host    string `env:"HOST" default:"127.0.0.1" help:"Address to listen on."`
	Port    int    `env:"PORT" default:"3000" help:"Port to listen on; 0 picks a free one."`
	DataDir string `env:"DATA_DIR" default:"data" help:"Directory of the database and, in local mode, the issuer's key."`

	config.TableFlags  `embed:"" group:"DynamoDB"`
	BusFlags           `embed:"" group:"Fleet"`
	EdgeFlags          `embed:"" group:"Edge"`
	FeedFlags          `embed:"" group:"Webhooks"`
	config.AuthFlags   `embed:"" group:"Sign-in"`
	config.LimitFlags  `embed:"" group:"Limits"`
	config.OriginFlags `embed:"" group:"Sign-in"`
	config.ProxyFlags  `embed:"" group:"Limits"`

	config.LogFlags `embed:""`
	StopAfter       time.Duration `env:"STOP_AFTER" default:"10s" help:"How long a stopping server waits for what is under way."`

	UnsafeNoSync bool `env:"UNSAFE_NO_SYNC" hidden:"" help:"Acknowledge before data is on disk. For the test that proves the test."`

	out   io.Writer       // the banner; nil: standard output
	ready chan<- net.Addr // told the address, in tests
}

// Run serves until ctx ends, and then stops in order: no new connections, clients told to
// reconnect, what is under way finished, the store closed.
func (s *Serve) Run(ctx context.Context) (err error) {
	log := s.Logger()
	signIn, err := s.AuthFlags.Open(s.Host, s.DataDir)
	if err != nil {
		return err
	}
	engine, closeEngine, err := s.openEngine(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeEngine()) }()
	i, err := s.newInstance(ctx, engine, signIn, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(s.Host, fmt.Sprint(s.Port)))
	if err != nil {
		return fmt.Errorf("listen on %s port %d: %w (is another server running? choose a port with --port)", s.Host, s.Port, err)
	}
	defer i.background(log)()
	server := &http.Server{
		Handler: i.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	s.banner(listener.Addr(), signIn)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	close(i.stopping)
	log.Info("stopping: clients are told to reconnect")
	return s.stop(server, i, failed, log)
}

// stop ends connections first: the HTTP server would wait for streams for ever, and does
// not know of WebSockets.
func (s *Serve) stop(server *http.Server, i *instance, failed <-chan error, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.StopAfter)
	defer cancel()
	drained := make(chan error, 1)
	go func() { drained <- i.sessions.Drain(ctx) }()
	err := server.Shutdown(ctx)
	if drainErr := <-drained; drainErr != nil || err != nil {
		log.Warn("some connections were cut off", "after", s.StopAfter)
		_ = server.Close() // what is cut off has no answer, and so is not promised
	}
	<-failed
	_ = i.service.Settled(ctx) // what is left over is another instance's, or the next start's
	stats := i.service.Stats()
	log.Info("stopped", "commits", stats.Commits, "retries", stats.Retries)
	return nil
}
