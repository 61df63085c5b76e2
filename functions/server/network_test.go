package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"notewire/client/goclient"
	"notewire/e2e"
	"notewire/infra/faultproxy/proxy"
)

// onTime is how late an event may be on the worst network that a client can do something about.
const onTime = 4 * time.Second

// network is a fault, or several.
type network struct {
	name string
	proxy.Options
	want goclient.Transport // what a client chooses; empty: whatever delivers
}

func networks() (all []network) {
	with := func(shapes ...proxy.Shape) proxy.Options {
		return proxy.Options{
			Shapes: shapes, Seed: 1, Delay: 100 * time.Millisecond, Rate: 0.15, Idle: 2 * time.Second, RefuseStatus: 400,
		}
	}
	wants := map[proxy.Shape]goclient.Transport{
		proxy.BufferUntilClose: goclient.WebSocket, proxy.Buffer: goclient.WebSocket, proxy.Delay: goclient.WebSocket,
		proxy.Throttle: goclient.WebSocket, proxy.KillFrames: goclient.SSE, proxy.IdleCut: goclient.WebSocket,
		proxy.StripHeaders: goclient.WebSocket, proxy.RefuseUpgrades: goclient.SSE, proxy.CapConnections: goclient.WebSocket,
	}
	for _, s := range proxy.Shapes() {
		all = append(all, network{string(s), with(s), wants[s]})
	}
	return append(all,
		network{"refuse-upgrades, buffer", with(proxy.RefuseUpgrades, proxy.Buffer), goclient.SSE},
		network{"kill-frames, buffer", with(proxy.KillFrames, proxy.Buffer), goclient.SSE},
		network{"refuse-upgrades, buffer-until-close", with(proxy.RefuseUpgrades, proxy.BufferUntilClose), goclient.Poll},
		network{"kill-frames, buffer-until-close", with(proxy.KillFrames, proxy.BufferUntilClose), goclient.Poll},
	)
}

// column is a way to follow.
type column struct {
	name string
	sub  goclient.Subscription
}

var columns = []column{
	{"websocket", goclient.Subscription{Transport: goclient.WebSocket}},
	{"sse", goclient.Subscription{Transport: goclient.SSE}},
	{"sse padded", goclient.Subscription{Transport: goclient.SSE, Padding: 16 << 10}},
	{"poll", goclient.Subscription{Transport: goclient.Poll}},
	{"auto", goclient.Subscription{Transport: goclient.Auto, Auto: goclient.AutoOptions{Ping: 500 * time.Millisecond}}},
}

// On every network there is a transport that delivers everything in time, and a client that
// measures the network chooses one that does.
func TestOnEveryNetworkSomethingDelivers(t *testing.T) {
	server := launch(t, t.TempDir(), []string{"HEARTBEAT=500ms"}, buildProgram(t))
	defer server.stop(t)
	rows := make([]*row, len(networks()))
	var all sync.WaitGroup
	for i, n := range networks() { // side by side, but before there is any load: times are measured
		rows[i] = &row{T: t, network: n, server: server, user: fmt.Sprintf("user%d", i)}
		all.Go(rows[i].negotiate)
	}
	all.Wait()
	for _, r := range rows {
		all.Go(r.deliver)
	}
	all.Wait()

	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "network")
	for _, c := range columns {
		fmt.Fprintf(w, "\t%s", c.name)
	}
	fmt.Fprintln(w, "\tmeasured")
	for _, r := range rows {
		fmt.Fprint(w, r.name)
		for i := range r.cells {
			fmt.Fprintf(w, "\t%s", &r.cells[i])
		}
		fmt.Fprintf(w, "\t%v\n", r.measured)
		r.check()
	}
	_ = w.Flush() // into memory
	t.Logf("delivered, with the median and the longest delay of %d events:\n%s", typed, &table)
}

// typed is how many events are written on each network, pause apart.
const typed, pause = 20, 40 * time.Millisecond

// row is one network, on which one writer's events are followed in every way.
type row struct {
	*testing.T
	network
	server   *process
	user     string
	measured *goclient.Network
	cells    []cell
	auto     *goclient.Client // has measured
}

// cell is what came of one way on one network.
type cell struct {
	delays []time.Duration
	err    error
}

func (c *cell) delivered() bool {
	return c.err == nil && len(c.delays) == typed && slices.Max(c.delays) <= onTime
}

func (c *cell) String() string {
	if !c.delivered() {
		return fmt.Sprintf("no: %d", len(c.delays))
	}
	sorted := slices.Sorted(slices.Values(c.delays))
	return fmt.Sprintf("yes %d/%d ms", sorted[typed/2].Milliseconds(), sorted[typed-1].Milliseconds())
}

// through returns a client with a network of its own before the server.
func (r *row) through() *goclient.Client {
	p, err := proxy.Start("127.0.0.1:0", r.server.URL, r.Options)
	if err != nil {
		r.Error(err)
		return nil
	}
	r.Cleanup(p.Close)
	if slices.Contains(r.Shapes, proxy.CapConnections) {
		r.occupy(p.URL(), 5)
	}
	return r.client(p.URL(), r.user)
}

func (r *row) client(url, user string) *goclient.Client {
	o := e2e.DevTokens(r.server.URL)(user)
	o.Silence = 1500 * time.Millisecond // three heartbeats
	c, err := goclient.New(url, o)
	if err != nil {
		r.Error(err)
	}
	return c
}

// occupy opens event streams as others do at the same address.
func (r *row) occupy(url string, tabs int) {
	c := r.client(url, r.user+"-tabs-"+url[strings.LastIndex(url, ":")+1:]) // an account has a bound of its own
	for range tabs {
		s, err := c.OpenAccount(r.Context(), goclient.SSE, "")
		if err != nil {
			r.Error(err)
			return
		}
		r.Cleanup(func() { s.Close() })
	}
}

func (r *row) negotiate() {
	var err error
	r.auto = r.through()
	if r.measured, err = r.auto.Negotiate(r.Context()); err != nil {
		r.Errorf("%s: %v", r.name, err)
	}
}

// deliver follows in every way while events are written.
func (r *row) deliver() {
	direct := r.client(r.server.URL, r.user)
	if _, err := direct.Mutate(r.Context(), "create", r.user+"-note", nil); err != nil {
		r.Error(err)
		return
	}
	page, err := direct.Notes(r.Context(), goclient.ListQuery{})
	if err != nil {
		r.Error(err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), typed*pause+onTime)
	defer cancel()
	sent := &times{at: map[string]time.Time{}}
	r.cells = make([]cell, len(columns))
	var all sync.WaitGroup
	for i, c := range columns {
		client := r.auto
		if c.sub.Transport != goclient.Auto {
			client = r.through()
		}
		all.Go(func() { r.cells[i] = r.follow(ctx, client, c.sub, page.Cursor, sent) })
	}
	for i := range typed {
		id := fmt.Sprint("edit", i)
		sent.set(id)
		body := map[string]any{"changes": map[string]any{"content": id}, "mutationId": id}
		if _, err := direct.Mutate(r.Context(), "edit", r.user+"-note", body); err != nil {
			r.Error(err)
		}
		time.Sleep(pause) // the pace of somebody who types
	}
	all.Wait()
}

func (r *row) follow(ctx context.Context, c *goclient.Client, sub goclient.Subscription, cursor string, sent *times) (got cell) {
	sub.Cursor, sub.Backoff = cursor, goclient.Backoff{First: 20 * time.Millisecond, Most: 200 * time.Millisecond}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := c.Follow(ctx, sub, func(e goclient.Event) error {
		if want := fmt.Sprint("edit", len(got.delays)); e.MutationID != want {
			return fmt.Errorf("%s came in the place of %s", e.MutationID, want)
		}
		if got.delays = append(got.delays, sent.since(e.MutationID)); len(got.delays) == typed {
			cancel()
		}
		return nil
	})
	if ctx.Err() == nil {
		got.err = err
		if len(got.delays) > 0 { // of the server's own words there are none here
			r.Errorf("%s by %s: %v", r.name, sub.Transport, err)
		}
	}
	return got
}

// check holds the row to what it must have.
func (r *row) check() {
	if r.measured == nil || len(r.cells) != len(columns) {
		return // it has been said
	}
	if !slices.ContainsFunc(r.cells[:4], func(c cell) bool { return c.delivered() }) {
		r.Errorf("%s: no transport delivers", r.name)
	}
	if auto := &r.cells[4]; !auto.delivered() {
		r.Errorf("%s: what was chosen does not deliver: %v, %v", r.name, auto, r.measured)
	}
	if r.want != "" && r.measured.Transport != r.want {
		r.Errorf("%s: the choice is %v, want %s", r.name, r.measured, r.want)
	}
	held := slices.Contains(r.Shapes, proxy.Buffer)
	if want := 16 << 10; held && (r.measured.HoldBack != want || r.measured.Transport == goclient.SSE && r.measured.Padding != want) {
		r.Errorf("%s: %d bytes are held back: %v", r.name, want, r.measured)
	}
	if slices.Contains(r.Shapes, proxy.BufferUntilClose) && r.measured.HoldBack != goclient.BuffersAll {
		r.Errorf("%s: all is held back: %v", r.name, r.measured)
	}
	for i, column := range columns[:4] { // the matrix is one: where it says no, the client must know
		if column.name == string(r.measured.Transport) && r.measured.Padding == 0 && !r.cells[i].delivered() {
			r.Errorf("%s: the choice does not deliver: %v", r.name, r.measured)
		}
	}
}

// times are when mutations were sent.
type times struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (x *times) set(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at[id] = time.Now()
}

func (x *times) since(id string) time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	return time.Since(x.at[id])
}
