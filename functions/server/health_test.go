package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

func TestHealthIsWhetherTheServerIsReady(t *testing.T) {
	p := start(t)
	_, port, err := net.SplitHostPort(p.URL[len("http://"):])
	if err != nil {
		t.Fatal(err)
	}
	number, _ := strconv.Atoi(port)
	ways := map[string]Health{
		"by its URL": {Url: p.URL}, "by its address": {Host: "127.0.0.1", Port: number},
	}
	for way, h := range ways {
		if err := h.Run(t.Context()); err != nil {
			t.Errorf("%s: %v", way, err)
		}
	}
	p.stop()
	for way, h := range ways {
		if err := h.Run(t.Context()); err == nil {
			t.Errorf("%s: what has stopped is ready", way)
		}
	}
	stopping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable) // as /readyz of a server that stops
	}))
	defer stopping.Close()
	if err := (&Health{Url: stopping.URL}).Run(t.Context()); err == nil {
		t.Error("what is stopping is ready")
	}
}

func TestHealthAsksWhereAServerOnAllAddressesIs(t *testing.T) {
	for host, want := range map[string]string{
		"": "localhost:3000", "0.0.0.0": "localhost:3000", "::": "localhost:3000",
		"127.0.0.1": "127.0.0.1:3000", "::1": "[::1]:3000", "10.0.0.7": "10.0.0.7:3000",
	} {
		req, err := (&Health{Host: host, Port: 3000}).request(t.Context())
		if err != nil || req.URL.Host != want || req.URL.Path != "/readyz" || req.Host != "localhost" {
			t.Errorf("a server at %q is asked at %v as %v, %v; want %s", host, req.URL, req.Host, err, want)
		}
	}
}
