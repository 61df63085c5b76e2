package edgetest

import (
	"io"
	stdlog "log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// Edge is the edge in front of an origin.
type Edge struct {
	*Workerd
	Origin *Origin
	// Deaf loses all pushes while it is set; Pushes counts those that arrived.
	Deaf   atomic.Bool
	Pushes atomic.Int64
}

// Options are what tests change; zero values are the programs' own.
type Options struct {
	SweepMS string   // the shortest time between two looks for what no push told
	KeepMS  string   // how long a log is kept that nobody follows
	Origin  []string // environment variables of the origin
	Edge    []string // and of the edge
}

// Start runs an origin and an edge, until the test ends.
func Start(t testing.TB, o Options) *Edge {
	t.Helper()
	binary(t) // first: it may skip the test
	e := &Edge{}
	var target atomic.Pointer[url.URL]
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if e.Deaf.Load() {
			return // as if it had arrived
		}
		e.Pushes.Add(1)
		proxy := httputil.NewSingleHostReverseProxy(target.Load())
		proxy.ErrorLog = stdlog.New(io.Discard, "", 0) // an edge that was killed
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(relay.Close)
	e.Origin = startOrigin(t, append(o.Origin, "EDGE_URL="+relay.URL)...)
	watch(t)
	get(t, core)
	out := filepath.Dir(get(t, scripts))
	copyFile(t, filepath.Join(source(), "worker", "config.capnp"), filepath.Join(out, "config.capnp"))
	env := []string{"ORIGIN=" + e.Origin.URL, "EDGE_SECRET=" + Secret, "TRACE=yes"}
	env = append(env, o.Edge...)
	for name, value := range map[string]string{"SWEEP_MS": o.SweepMS, "KEEP_MS": o.KeepMS} {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	e.Workerd = startWorkerd(t, filepath.Join(out, "config.capnp"), env, []string{"--directory-path=disk=" + t.TempDir()})
	u, err := url.Parse(e.URL)
	if err != nil {
		t.Fatal(err)
	}
	target.Store(u)
	return e
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
