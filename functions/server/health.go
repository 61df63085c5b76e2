package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// healthPatience is how long a server that is well may take to answer.
const healthPatience = 3 * time.Second

// Health is the command that asks a running server whether it is ready for clients. It is
// for the health checks of images without a shell: it succeeds or fails.
type Health struct {
	Url  string `help:"The server's address, if it is not where HOST and PORT say."`
	Host string `env:"HOST" default:"127.0.0.1" help:"Address that the server listens on."`
	Port int    `env:"PORT" default:"3000" help:"Port that the server listens on."`
}

// Run fails unless the server answers, within seconds, that it is ready.
func (h *Health) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	req, err := h.request(ctx)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{}} // asks the server itself, whatever proxy there is
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", req.URL, res.Status)
	}
	return nil
}

func (h *Health) request(ctx context.Context) (*http.Request, error) {
	base := h.Url
	if base == "" {
		base = "http://" + net.JoinHostPort(reachable(h.Host), strconv.Itoa(h.Port))
	}
	address, err := url.JoinPath(base, "readyz")
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err == nil && h.Url == "" {
		req.Host = "localhost" // in local mode it answers to no other name
	}
	return req, err
}

// reachable is where a server is that listens on host.
func reachable(host string) string {
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.IsUnspecified() {
		return "localhost"
	}
	return host
}
