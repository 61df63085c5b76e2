package main

import (
	"fmt"
	"net/http"
	"os/exec"
	"testing"
	"time"

	"notewire/dynamo/ddb/ddbtest"
	"notewire/functions/config"
	"notewire/transport/bus/bustest"
)

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
	env              []string // of every server, besides where its parts are
}

func startParts(t *testing.T) fleetParts {
	t.Helper()
	bustest.New(t) // or the test is skipped here
	return fleetParts{dynamoDB: ddbtest.Shared(t), binary: buildProgram(t)}
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
	streamOff(t, config.TableFlags{DynamodbTable: table, DynamodbEndpoint: p.dynamoDB})
	env = append(env, p.env...)
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
