package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"notewire/client/goclient"
	"notewire/e2e"
	"notewire/infra/faultproxy/proxy"
)

// One cursor goes from transport to transport at random, on a network that answers 502, resets
// and goes silent, while there are writes: each connection is opened while the one before it
// still runs. What the client applies is 1, 2, ... n: none is missing, none is there twice.
// NOTEWIRE_SWITCHES sets how many changes, NOTEWIRE_SEED which.
func TestTransportsChangeAtRandomWithoutGapOrDuplicate(t *testing.T) {
	switches, seed := setting(t, "NOTEWIRE_SWITCHES", 300), uint64(setting(t, "NOTEWIRE_SEED", 1))
	env := []string{"MAX_MUTATIONS_PER_MINUTE=1000000", "MAX_STREAMS_PER_USER=100", "WS_MAX_CONNECTIONS_PER_USER=100"}
	server := launch(t, t.TempDir(), env, buildProgram(t))
	defer server.stop(t)
	network, err := proxy.Start("127.0.0.1:0", server.URL, proxy.Options{
		Shapes: []proxy.Shape{proxy.BadGateway, proxy.Reset, proxy.HalfOpen}, Seed: seed, Rate: 0.07,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer network.Close()
	lead := make(chan struct{}, 30) // of the writer: it is live most of the time
	writes := newLoad(t, server, lead)
	c := &changer{T: t, lead: lead, chance: rand.New(rand.NewPCG(seed, 0)), came: make(chan goclient.Event, 64), changes: map[string]int{}}
	options := e2e.DevTokens(server.URL)("ada")
	options.Silence = 500 * time.Millisecond // which ends what the network has silenced
	for _, padding := range []int{0, 1 << 10, 4 << 10} {
		options.Padding = padding
		client, err := goclient.New(network.URL(), options)
		if err != nil {
			t.Fatal(err)
		}
		c.clients = append(c.clients, client)
	}
	c.cursor = "0"
	begun := time.Now()
	for range switches {
		c.change()
		c.take(c.chance.IntN(5), 10*time.Millisecond)
	}
	writes.stop()
	for deadline := time.Now().Add(time.Minute); c.applied < writes.n; c.take(writes.n-c.applied, 100*time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d events came", c.applied, writes.n)
		}
		if c.applied < writes.n {
			c.change()
		}
	}
	c.take(1, 50*time.Millisecond) // what is still under way must not be news
	if c.applied != writes.n {
		t.Errorf("%d events came of %d", c.applied, writes.n)
	}
	c.end()
	if c.repeated == 0 || c.failed == 0 || len(c.changes) < 9 {
		t.Errorf("this tests little: %d repeated, %d failed, changes %v", c.repeated, c.failed, c.changes)
	}
	t.Logf("%d changes of transport in %v, %d more attempts failed; %d events applied, in order; %d came again by the overlap and were dropped; %v",
		switches, time.Since(begun).Round(time.Millisecond), c.failed, c.applied, c.repeated, c.changes)
}

// load writes until it is stopped, and no further ahead of its reader than lead has room for;
// nil: as far as it comes.
type load struct {
	n    int // how many writes, which is also the number of the last event; read after stop
	over context.CancelFunc
	done chan struct{}
}

func newLoad(t *testing.T, server *process, lead chan<- struct{}) *load {
	client, err := goclient.New(server.URL, e2e.DevTokens(server.URL)("ada"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l := &load{over: cancel, done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for {
			if lead != nil {
				select {
				case lead <- struct{}{}:
				case <-ctx.Done():
				}
			}
			if ctx.Err() != nil {
				return
			}
			id, op, body := fmt.Sprint("m", l.n+1), "edit", map[string]any{"changes": map[string]any{"content": fmt.Sprint(l.n)}}
			if l.n == 0 {
				op, body = "create", map[string]any{}
			}
			body["mutationId"] = id
			if _, err := client.Mutate(context.WithoutCancel(ctx), op, "n", body); err != nil {
				t.Error(err)
				return
			}
			l.n++
			time.Sleep(3 * time.Millisecond) // the pace: some events between two changes
		}
	}()
	return l
}

func (l *load) stop() { l.over(); <-l.done }

// changer follows an account over connections that change.
type changer struct {
	*testing.T
	chance  *rand.Rand
	lead    <-chan struct{}    // has one for each event that was not applied
	clients []*goclient.Client // which differ by padding
	came    chan goclient.Event
	pumps   sync.WaitGroup
	now     *running
	last    goclient.Transport

	cursor           string
	applied          int // the number of the last event
	repeated, failed int
	changes          map[string]int // by from and to
}

// running is a connection whose events are passed on.
type running struct {
	*goclient.Stream
	closed context.CancelFunc
}

// change opens another connection from the cursor while the present one runs, and then ends
// that.
func (c *changer) change() {
	transport := []goclient.Transport{goclient.WebSocket, goclient.SSE, goclient.Poll}[c.chance.IntN(3)]
	client := c.clients[c.chance.IntN(len(c.clients))]
	var s *goclient.Stream
	for {
		var err error
		if s, err = client.OpenAccount(c.Context(), transport, c.cursor); err == nil {
			break
		}
		if refusal, ok := errors.AsType[*goclient.Refusal](err); ok || c.Context().Err() != nil {
			c.Fatalf("%v, %v", refusal, err)
		}
		c.failed++
		c.take(2, 0) // what the present one has brought meanwhile
	}
	ctx, cancel := context.WithCancel(c.Context())
	before := c.now
	c.now = &running{s, cancel}
	c.pumps.Go(func() {
		for {
			e, err := s.Next(ctx)
			if err != nil {
				return // the network, or the next change
			}
			select {
			case c.came <- e:
			case <-ctx.Done():
				return
			}
		}
	})
	if before != nil {
		if c.chance.IntN(2) == 0 {
			c.take(1, 5*time.Millisecond) // for a moment both are there
		}
		before.end()
	}
	c.changes[fmt.Sprintf("%s>%s", c.last, transport)]++
	c.last = transport
}

func (r *running) end() {
	r.closed()
	_ = r.Close() // it may have ended by itself
}

// end closes what is open, and waits.
func (c *changer) end() {
	c.now.end()
	c.pumps.Wait()
}

// take applies n events, or those that come within some time.
func (c *changer) take(n int, within time.Duration) {
	timeout := time.After(within)
	for enough := c.applied + n; c.applied < enough; {
		select {
		case e := <-c.came:
			c.apply(e)
		case <-timeout:
			return
		}
	}
}

// apply checks an event against the log as it must be.
func (c *changer) apply(e goclient.Event) {
	if e.Cursor == "" {
		return
	}
	seq, err := strconv.Atoi(e.Cursor[strings.LastIndexByte(e.Cursor, '-')+1:])
	switch {
	case err != nil || e.Type == "resync":
		c.Fatalf("%.300s", e.Data)
	case seq <= c.applied:
		c.repeated++
	case seq > c.applied+1:
		c.Fatalf("after %d comes %.300s", c.applied, e.Data)
	case e.MutationID != fmt.Sprint("m", seq):
		c.Fatalf("%d is another's: %.300s", seq, e.Data)
	default:
		c.applied, c.cursor = seq, e.Cursor
		<-c.lead
	}
}
