package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/transport/bus/bustest"
)

// dynamoDBLocal runs the real DynamoDB Local until the test ends, and returns its URL.
func dynamoDBLocal(t *testing.T) string {
	t.Helper()
	if endpoint := os.Getenv("DYNAMODB_LOCAL"); endpoint != "" {
		return endpoint
	}
	cmd := exec.Command("../../infra/dynamodb-local/run.sh", "0")
	cmd.Env = append(os.Environ(), "JAVA_TOOL_OPTIONS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1") // it does not live long
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		need(t, "DynamoDB Local", err.Error())
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // it keeps nothing
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, addr, ok := strings.Cut(lines.Text(), "DynamoDB Local listens on "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return "http://" + addr
		}
	}
	_ = cmd.Wait()
	need(t, "DynamoDB Local", stderr.String())
	return ""
}

// fleet is three servers on one table.
type fleet struct {
	t         *testing.T
	processes []*process
	as        map[string]caller // their tokens are of the first server, and good for all
	streams   *http.Client      // for streams, which have no timeout
	store     *storeMeter
	bus       *bustest.Server // nil: there is none
}

// fleetParts is what the fleets of a test share.
type fleetParts struct {
	binary, dynamoDB string
}

func startParts(t *testing.T) fleetParts {
	t.Helper()
	bustest.New(t) // or the test is skipped here
	return fleetParts{dynamoDB: dynamoDBLocal(t), binary: buildProgram(t)}
}

// start starts three servers at once on a new table. They share a data directory, and so
// the local issuer's key, which one of them makes.
func (p fleetParts) start(t *testing.T, table string, bus *bustest.Server, users ...string) *fleet {
	t.Helper()
	f := &fleet{t: t, store: measure(t, p.dynamoDB), bus: bus, streams: &http.Client{Transport: &http.Transport{}}}
	env := []string{"DYNAMODB_TABLE=" + table, "AWS_ENDPOINT_URL_DYNAMODB=" + f.store.url}
	migrate := exec.Command(p.binary, "migrate")
	migrate.Env = env
	if out, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, out)
	}
	if bus != nil {
		env = append(env, "BUS_URL="+bus.URL)
	}
	dir := t.TempDir()
	for range 3 {
		f.processes = append(f.processes, spawn(t, dir, env, p.binary))
	}
	for _, process := range f.processes {
		process.await(t)
	}
	var err error
	if f.as, err = f.processes[0].callers(users...); err != nil {
		t.Fatal(err)
	}
	return f
}

// await waits for the banner of a process that was spawned.
func (p *process) await(t *testing.T) {
	t.Helper()
	select {
	case url, ok := <-p.banner:
		if !ok {
			<-p.ended
			t.Fatalf("the program ended before its banner: %v\n%s", p.err, &p.stderr)
		}
		p.URL = url
	case <-time.After(patience):
		t.Fatal("the program shows no banner")
	}
}

// stop ends the servers that still run, which must not have complained.
func (f *fleet) stop() {
	f.t.Helper()
	for _, p := range f.processes {
		select {
		case <-p.ended: // killed
		default:
			p.stop(f.t)
		}
	}
}

// post sends a mutation to that server, or if no answer comes to the next, as a client
// does, and returns which server answered.
func (f *fleet) post(user, path, body string, at int) (reply, int, error) {
	c := f.as[user]
	for try := 0; ; try++ {
		c.url = f.processes[at].URL
		r, err := c.do("POST", path, body)
		switch {
		case err != nil && try < len(f.processes):
			at = (at + 1) % len(f.processes)
		case err == nil && r.Status/100 != 2:
			return r, at, fmt.Errorf("%s of %s: %d %.300s", path, user, r.Status, r.Body)
		default:
			return r, at, err
		}
	}
}

// storeMeter stands before DynamoDB and counts the requests.
type storeMeter struct {
	url string

	mu       sync.Mutex
	requests map[string]int // by operation and, if it is not 200, status
}

func measure(t *testing.T, endpoint string) *storeMeter {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	m := &storeMeter{requests: map[string]int{}}
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport:      &http.Transport{MaxIdleConnsPerHost: 100},
		ModifyResponse: m.count,
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }, // its client was killed
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	m.url = server.URL
	return m
}

func (m *storeMeter) count(r *http.Response) error {
	_, operation, _ := strings.Cut(r.Request.Header.Get("X-Amz-Target"), ".")
	if r.StatusCode != http.StatusOK {
		operation += fmt.Sprint(" ", r.StatusCode)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[operation]++
	return nil
}

// String says how often a commit was tried again: DynamoDB answers 400 to a transaction
// that met another one.
func (m *storeMeter) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	commits, again := m.requests["TransactWriteItems"], m.requests["TransactWriteItems 400"]
	return fmt.Sprintf("%d commits, %.2f retries and %.1f reads each", commits, float64(again)/float64(max(1, commits)),
		float64(m.requests["BatchGetItem"]+m.requests["Query"])/float64(max(1, commits)))
}
