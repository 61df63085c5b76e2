package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"notewire/infra/lambdalocal/emulator"
)

// run runs everything until ctx ends. What starts first ends last.
func (p *program) run(ctx context.Context, log *slog.Logger, out io.Writer) error {
	settings, err := readTemplate(p.Template)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "lambdalocal")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	log.Info("building the functions")
	if err := p.build(ctx, dir); err != nil {
		return err
	}
	stopDynamoDB, err := p.startDynamoDB(ctx, log)
	if err != nil {
		return err
	}
	defer stopDynamoDB()
	arn, err := p.openTable(ctx, log)
	if err != nil {
		return err
	}
	httpListener, socketListener, err := p.listen()
	if err != nil {
		return err
	}
	socketURL := "http://" + socketListener.Addr().String() + "/" + p.Stage
	env, err := p.functionEnv(socketURL)
	if err != nil {
		return errors.Join(err, httpListener.Close(), socketListener.Close())
	}
	lambda := func(name, path string, like *function) *emulator.Function {
		return emulator.NewFunction(emulator.Config{
			Name: "notewire-" + name, Path: path, Env: env, Region: region, Timeout: like.timeout(),
			Concurrency: p.Concurrency, KeepRunning: !p.Freeze, Output: os.Stderr,
		})
	}
	web := lambda("http", p.HTTP, &settings.Resources.HTTP)
	defer web.Close()
	socket := lambda("socket", p.Socket, &settings.Resources.Socket)
	defer socket.Close()
	fanout := lambda("fanout", p.Fanout, &settings.Resources.Fanout)
	defer fanout.Close()

	stopEvents, err := p.events(ctx, log, settings, fanout, arn)
	if err != nil {
		return errors.Join(err, httpListener.Close(), socketListener.Close())
	}
	defer stopEvents()
	sockets := emulator.NewWebSocketAPI(emulator.WebSocketConfig{Function: socket, Stage: p.Stage, Log: log})
	stopSockets := serve(socketListener, sockets)
	stopHTTP := serve(httpListener, emulator.NewFunctionURL(emulator.URLConfig{Function: web, REST: p.REST, Log: log}))
	fmt.Fprintf(out, "\n  Notewire on Lambda contracts.  HTTP and SSE: http://%s  WebSocket: ws://%s/%s\n", httpListener.Addr(), socketListener.Addr(), p.Stage)
	fmt.Fprintf(out, "  Table     %s at %s\n  Stop      Ctrl-C\n\n", p.Table, p.Dynamodb)

	<-ctx.Done()
	stopHTTP()
	_ = sockets.Close() // the function hears of it, and may still write
	stopSockets()
	return nil
}

// listen takes both ports, on the loopback.
func (p *program) listen() (web, sockets net.Listener, err error) {
	web, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.Port)))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: choose another port with --port", err)
	}
	sockets, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.SocketPort)))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%w: choose another port with --socket-port", err), web.Close())
	}
	return web, sockets, nil
}

// events begins to invoke the fan-out: by the table's stream, and at the template's times.
func (p *program) events(ctx context.Context, log *slog.Logger, settings *template, fanout *emulator.Function, arn string) (stop func(), err error) {
	schedules, err := settings.Resources.Fanout.schedules()
	if err != nil {
		return nil, err
	}
	like := settings.Resources.Stream.Properties
	var filters []string
	for _, f := range like.FilterCriteria.Filters {
		filters = append(filters, f.Pattern)
	}
	stream, err := emulator.NewStream(emulator.StreamConfig{
		Function: fanout, Client: p.streams(), ARN: arn, Region: region, TrimHorizon: like.StartingPosition == "TRIM_HORIZON",
		BatchSize: like.BatchSize, Parallel: like.Parallel, MaxRetries: like.Retries, MaxAge: time.Duration(like.MaxAge) * time.Second,
		Filters: filters, Log: log,
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var ended sync.WaitGroup
	failed := make(chan error, 1)
	ended.Go(func() { failed <- stream.Run(ctx) })
	for _, s := range schedules {
		ended.Go(func() { emulator.Schedule(ctx, fanout, s.every, []byte(s.input), log) })
	}
	stop = func() { cancel(); ended.Wait() }
	select {
	case <-stream.Ready():
		return stop, nil
	case err := <-failed:
		stop()
		return nil, fmt.Errorf("read the table's stream: %w", err)
	}
}

// serve serves until stop, which cuts off what is under way.
func serve(listener net.Listener, handler http.Handler) (stop func()) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	var ended sync.WaitGroup
	ended.Go(func() { _ = server.Serve(listener) })
	return func() {
		_ = server.Close()
		ended.Wait()
	}
}
