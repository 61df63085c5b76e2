package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fleetSize is how much goes on in each fleet.
type fleetSize struct{ accounts, clients, mutations, writers, each int }

func sizeOfFleet(t *testing.T) fleetSize {
	t.Helper()
	if setting(t, "NOTEWIRE_FLEET", 0) == 0 {
		return fleetSize{accounts: 6, clients: 60, mutations: 80, writers: 32, each: 2}
	}
	return fleetSize{accounts: 10, clients: 300, mutations: 2000, writers: 32, each: 30}
}

// planned is a mutation, and which server is to take it.
type planned struct {
	user, id   string
	path, body string
	at         int
}

// plan is all that will happen to the notes, and so how long each log will be.
type plan struct {
	rand    *rand.Rand
	size    fleetSize
	users   []string
	members map[string][]string // by note
	setup   []planned           // in order
	load    []planned           // in any order
	lengths map[string]int64    // by topic
}

func newPlan(size fleetSize) *plan {
	p := &plan{rand: rand.New(rand.NewPCG(1, 0)), size: size, members: map[string][]string{}, lengths: map[string]int64{}}
	for i := range size.accounts {
		p.users = append(p.users, fmt.Sprintf("user%d", i))
	}
	for i, user := range p.users {
		p.note(fmt.Sprintf("own%d", i), user)
		p.note(fmt.Sprintf("shared%d", i), user, p.users[(i+1)%len(p.users)], p.users[(i+2)%len(p.users)])
	}
	notes := slices.Sorted(maps.Keys(p.members))
	for len(p.load) < size.mutations-len(notes) {
		p.mutate(notes[p.rand.IntN(len(notes))])
	}
	for _, id := range notes { // so that no log is complete before the end
		p.edit(id)
	}
	return p
}

func (p *plan) note(id, owner string, others ...string) {
	p.members[id] = append([]string{owner}, others...)
	p.setup = append(p.setup, p.mutation(owner, id, "/api/notes", fmt.Sprintf(`"id":%q,"content":"new"`, id), owner))
	if len(others) > 0 {
		members := ""
		for _, user := range others {
			members += fmt.Sprintf(`,{"userId":%q,"role":"write"}`, user)
		}
		p.setup = append(p.setup, p.mutation(owner, id, "/api/notes/"+id+"/share", `"members":[`+members[1:]+`]`, p.members[id]...))
	}
}

// mutate plans an edit of a note by one of its members, or a tag, which is his own.
func (p *plan) mutate(id string) {
	if p.rand.IntN(8) > 0 {
		p.edit(id)
		return
	}
	user := p.member(id)
	fields := fmt.Sprintf(`"fields":{"tags":["tag%d"]}`, len(p.load))
	p.load = append(p.load, p.mutation(user, "", "/api/notes/"+id+"/organise", fields, user))
}

func (p *plan) edit(id string) {
	user := p.member(id)
	changes := fmt.Sprintf(`"changes":{"content":"%s wrote %d"}`, user, len(p.load))
	p.load = append(p.load, p.mutation(user, id, "/api/notes/"+id, changes, p.members[id]...))
}

func (p *plan) member(id string) string { return p.members[id][p.rand.IntN(len(p.members[id]))] }

// mutation counts what it adds: a version of that note, if any, and a row for each of those
// accounts.
func (p *plan) mutation(user, note, path, body string, accounts ...string) planned {
	if note != "" {
		p.lengths["note "+note]++
	}
	for _, account := range accounts {
		p.lengths["account "+account]++
	}
	id := fmt.Sprintf("m%06d", len(p.setup)+len(p.load))
	return planned{user, id, path, fmt.Sprintf(`{"mutationId":%q,%s}`, id, body), p.rand.IntN(3)}
}

// followers spreads clients over accounts and servers: of six that follow an account, three
// have a WebSocket and three an event stream; the next six follow a note that it shares.
func (p *plan) followers(f *fleet, r *record) (all []*follower) {
	for i := range p.size.clients {
		user, k := i%len(p.users), i/len(p.users)
		c := &follower{fleet: f, record: r, user: p.users[user], home: k % 3, at: k % 3, socket: k%2 == 0, cursor: "0"}
		if k/6%2 == 1 {
			c.note = fmt.Sprintf("shared%d", user)
		}
		c.until = p.lengths[c.topic()]
		all = append(all, c)
	}
	return all
}

// ack is when a mutation was answered, where, and what the answer said.
type ack struct {
	at     time.Time
	server int
	cursor string
}

// fleetRun is a plan that a fleet carries out, and what came of it.
type fleetRun struct {
	fleet *fleet
	plan  *plan
	record
	followers []*follower

	acks map[string]ack // guarded by record.mu
	took time.Duration
}

const (
	fleetWriters  = 8                // mutations under way at a time
	fleetPatience = 60 * time.Second // for the last event, when all are answered
)

// runPlan carries out the plan while its followers follow. moments are what happens to the
// fleet when so many mutations have been answered.
func runPlan(f *fleet, p *plan, moments map[int]func()) *fleetRun {
	f.t.Helper()
	r := &fleetRun{fleet: f, plan: p, record: record{logs: map[string][]recorded{}}, acks: map[string]ack{}}
	for _, m := range p.setup {
		if err := r.send(m); err != nil {
			f.t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancelCause(f.t.Context())
	defer cancel(nil)
	r.followers = p.followers(f, &r.record)
	errs := make(chan error, len(r.followers))
	for _, c := range r.followers {
		go func() { errs <- c.run(ctx) }()
	}
	began := time.Now()
	err := r.sendAll(moments)
	r.took = time.Since(began)
	if err != nil {
		cancel(err)
	}
	stop := time.AfterFunc(fleetPatience, func() { cancel(errors.New("it does not come")) })
	defer stop.Stop()
	for range r.followers {
		err = errors.Join(err, <-errs)
	}
	if err != nil {
		f.t.Fatalf("%.3000v", err)
	}
	return r
}

// sendAll sends the load through several writers.
func (r *fleetRun) sendAll(moments map[int]func()) error {
	next, answered := make(chan planned), atomic.Int64{}
	errs := make([]error, fleetWriters)
	var writers sync.WaitGroup
	for i := range errs {
		writers.Go(func() {
			for m := range next {
				errs[i] = errors.Join(errs[i], r.send(m))
				if moment := moments[int(answered.Add(1))]; moment != nil {
					moment()
				}
			}
		})
	}
	for _, m := range r.plan.load {
		next <- m
	}
	close(next)
	writers.Wait()
	return errors.Join(errs...)
}

func (r *fleetRun) send(m planned) error {
	answer, at, err := r.fleet.post(m.user, m.path, m.body, m.at)
	if err != nil {
		return err
	}
	a := ack{at: time.Now(), server: at}
	if a.cursor, err = answer.cursor(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acks[m.id] = a
	return nil
}
