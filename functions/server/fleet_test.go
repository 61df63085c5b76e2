package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"notewire/transport/bus/bustest"
)

// Three servers on one DynamoDB table, and clients spread over them. Whatever happens to
// the servers and their bus, each client gets each change of the log that it follows, in
// order, without a gap or a duplicate, as the same bytes. NOTEWIRE_FLEET=1 is the long form:
// six minutes on two cores.
func TestAFleetDeliversEveryChangeToEveryClient(t *testing.T) {
	parts, size := startParts(t), sizeOfFleet(t)
	t.Run("with a bus", func(t *testing.T) {
		p := newPlan(size)
		f := parts.start(t, "with-bus", bustest.Start(t), p.users...)
		r := runPlan(f, p, nil)
		f.checkHints(p.users[0])
		r.check(none)
	})
	t.Run("the bus is killed and starts again", func(t *testing.T) {
		p := newPlan(size)
		bus := bustest.Start(t)
		f := parts.start(t, "bus-killed", bus, p.users...)
		r := runPlan(f, p, map[int]func(){size.mutations / 3: bus.Kill, 2 * size.mutations / 3: bus.Restart})
		f.checkHints(p.users[0])
		r.check(none)
	})
	t.Run("without a bus", func(t *testing.T) {
		p := newPlan(size)
		runPlan(parts.start(t, "no-bus", nil, p.users...), p, nil).check(none)
	})
	t.Run("a server is killed", func(t *testing.T) {
		p := newPlan(size)
		f := parts.start(t, "server-killed", bustest.Start(t), p.users...)
		runPlan(f, p, map[int]func(){size.mutations / 2: f.processes[1].kill}).check(1)
	})
	t.Run("many write into one account", func(t *testing.T) {
		parts.env = []string{"LOG_LEVEL=info"} // for the last words
		newContention(parts.start(t, "one-account", bustest.Start(t), "crowd"), size).write()
	})
}

// checkHints checks that changes come from the other server faster than the sweep, which
// would take its time for each.
func (f *fleet) checkHints(user string) {
	f.t.Helper()
	const changes = 5
	elsewhere := &program{t: f.t, URL: f.processes[1].URL}
	events := elsewhere.stream("/api/events", "Authorization: Bearer "+f.as[user].token)
	events.next("auth_success")
	began := time.Now()
	for i := range changes {
		if _, _, err := f.post(user, "/api/notes", fmt.Sprintf(`{"id":"hint%d"}`, i), 0); err != nil {
			f.t.Fatal(err)
		}
		events.next("note_created_sync")
	}
	events.quit()
	took := time.Since(began)
	f.t.Logf("%v for a change, one after the other", (took / changes).Round(time.Millisecond))
	if took > (changes-1)*hintsEvery/2 {
		f.t.Errorf("%d changes took %v: the sweep brought them, not the bus", changes, took)
	}
}

const none = -1

// check checks that what was answered is in its author's log, where the answer says, and
// nothing twice; and stops the fleet. killed is the server that was killed, or none.
func (r *fleetRun) check(killed int) {
	t := r.fleet.t
	t.Helper()
	for topic, log := range r.logs {
		seen := map[string]int{}
		for i, e := range log {
			if first, twice := seen[e.mutation]; twice {
				t.Errorf("%s has %s at %d and at %d:\n%v", topic, e.mutation, first+1, i+1, log[first:i+1])
			}
			seen[e.mutation] = i
		}
	}
	for _, m := range slices.Concat(r.plan.setup, r.plan.load) {
		cursor := r.acks[m.id].cursor
		_, number, _ := strings.Cut(cursor, "-")
		log := r.logs["account "+m.user]
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(log) || log[n-1].mutation != m.id {
			t.Errorf("%s is acknowledged at %s of %s, where it is not", m.id, cursor, m.user)
		}
	}
	r.checkConnections(killed)
	r.report()
	r.fleet.stop()
}

// checkConnections checks that the killed server's clients went elsewhere, and no others
// had to.
func (r *fleetRun) checkConnections(killed int) {
	r.fleet.t.Helper()
	for _, c := range r.followers {
		if (c.reconnects > 0) != (c.home == killed) {
			r.fleet.t.Errorf("%v, first at %d, connected again %d times", c, c.home, c.reconnects)
		}
	}
}

func (r *fleetRun) report() {
	events := 0
	for _, c := range r.followers {
		events += len(c.arrivals)
	}
	accounts, notes := r.delays("account "), r.delays("note ")
	r.fleet.t.Logf("%d clients, %d mutations in %.1f s, %d events; from the answer to the event elsewhere: account p50 %v, p99 %v; note p50 %v, p99 %v; %v",
		len(r.followers), len(r.plan.load), r.took.Seconds(), events, percentile(accounts, 50), percentile(accounts, 99),
		percentile(notes, 50), percentile(notes, 99), r.fleet.store)
}

// delays are the times from an answer to its event at a client of another server, sorted;
// zero, if the event was faster.
func (r *fleetRun) delays(topic string) (delays []time.Duration) {
	for _, c := range r.followers {
		if !strings.HasPrefix(c.topic(), topic) {
			continue
		}
		for _, a := range c.arrivals {
			if ack := r.acks[a.mutation]; ack.server != a.server && a.mutation >= r.plan.load[0].id {
				delays = append(delays, max(0, a.at.Sub(ack.at)))
			}
		}
	}
	slices.Sort(delays)
	return delays
}

func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*p/100].Round(100 * time.Microsecond)
}

// cursor is where the author's log has the answered mutation.
func (r reply) cursor() (string, error) {
	var answer struct{ Cursor string }
	err := json.Unmarshal(r.Body, &answer)
	return answer.Cursor, err
}
