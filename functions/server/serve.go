package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Serve is the configuration of the server. Every flag is also an environment variable.
type Serve struct {
	Host    string `env:"HOST" default:"127.0.0.1" help:"Address to listen on."`
	Port    int    `env:"PORT" default:"3000" help:"Port to listen on; 0 picks a free one."`
	DataDir string `env:"DATA_DIR" default:"data" help:"Directory of the database and, in local mode, the issuer's key."`

	TableFlags  `embed:"" group:"DynamoDB"`
	BusFlags    `embed:"" group:"Fleet"`
	AuthFlags   `embed:"" group:"Sign-in"`
	LimitFlags  `embed:"" group:"Limits"`
	CorsOrigins []string `env:"CORS_ORIGINS" help:"Origins of web pages that may call, besides the server's own: https://app.example.com,..."`

	LogLevel  slog.Level    `env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
	LogFormat string        `env:"LOG_FORMAT" enum:"text,json" default:"text" help:"text or json."`
	StopAfter time.Duration `env:"STOP_AFTER" default:"10s" help:"How long a stopping server waits for what is under way."`

	UnsafeNoSync bool `env:"UNSAFE_NO_SYNC" hidden:"" help:"Acknowledge before data is on disk. For the test that proves the test."`

	out   io.Writer       // the banner; nil: standard output
	ready chan<- net.Addr // told the address, in tests
}

// LimitFlags are the bounds that an operator may change.
type LimitFlags struct {
	MaxBodyBytes    int64 `env:"MAX_BODY_BYTES" default:"4194304" help:"Largest HTTP body."`
	MaxMessageBytes int64 `env:"MAX_MESSAGE_BYTES" default:"1048576" help:"Largest WebSocket message; up to four times that is read and refused."`
	MaxTextBytes    int   `env:"MAX_TEXT_BYTES" default:"1048576" help:"Largest text, blob or ciphertext of a note."`

	MaxConnections  int           `name:"ws-max-connections-per-user" env:"WS_MAX_CONNECTIONS_PER_USER" default:"20" help:"WebSockets of one account."`
	MaxStreams      int           `name:"max-streams-per-user" env:"MAX_STREAMS_PER_USER" default:"20" help:"Event streams of one account."`
	MaxMessages     int           `name:"ws-rate-limit-max-messages" env:"WS_RATE_LIMIT_MAX_MESSAGES" default:"300" help:"Messages of one WebSocket in a window."`
	MessagesPer     time.Duration `name:"ws-rate-limit-window" env:"WS_RATE_LIMIT_WINDOW" default:"1m" help:"That window."`
	AuthTimeout     time.Duration `name:"ws-auth-timeout" env:"WS_AUTH_TIMEOUT" default:"30s" help:"Until a WebSocket must have authenticated."`
	TokenStaleness  time.Duration `env:"TOKEN_STALENESS" default:"1h" help:"A connection ends when its token is older than that."`
	Heartbeat       time.Duration `env:"HEARTBEAT" default:"25s" help:"Between heartbeats."`
	WriteTimeout    time.Duration `env:"WRITE_TIMEOUT" default:"5s" help:"For a client to read what is written to it."`
	LogDays         int           `env:"LOG_DAYS" default:"30" help:"Days that an account's log is kept for clients to catch up from."`
	ReconnectWithin time.Duration `env:"RECONNECT_WITHIN" default:"2s" help:"Clients told to reconnect spread over this time."`
}

// Run serves until ctx ends, and then stops in order: no new connections, clients told to
// reconnect, what is under way finished, the store closed.
func (s *Serve) Run(ctx context.Context) (err error) {
	log := s.logger()
	signIn, err := s.AuthFlags.open(s.Host, s.DataDir)
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

// origins are the pages that may call: those said to be, and in Clerk mode the authorized
// parties, which are the app's own origins.
func (s *Serve) origins() []string {
	var origins []string
	for _, o := range slices.Concat(s.CorsOrigins, s.AuthorizedParties) {
		if normal, err := normalOrigin(o); err == nil { // Validate has seen CORS_ORIGINS, and auth its own
			origins = append(origins, normal)
		}
	}
	return origins
}

// newID returns a UUIDv7: ids made later sort later, which keeps neighbours together.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// newEpoch names the logs of a new store.
func newEpoch() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:12] }
