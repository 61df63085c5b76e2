package chaos

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"
)

// followUp is how long an unknown outcome is followed up after the end of the writing.
const followUp = 20 * time.Second

// run is one run.
type run struct {
	Options
	fleet   *fleet
	callers *callers
	world   *world
	keep    *interner
	cast    *cast
	breaker *breaker
	settled time.Duration // from the end of the last fault until all was there

	mu     sync.Mutex
	alarms []Finding
	stop   context.CancelFunc // ends the writing, once something is found
}

// Run carries out a run. The report has what was found and what was done; the error is of a
// run that could not be carried out.
func Run(ctx context.Context, o Options) (*Report, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.started = time.Now()
	dir := o.Keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "notewire-chaos-"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	fleet, err := newFleet(ctx, o, dir)
	if fleet != nil {
		defer fleet.close()
	}
	if err != nil {
		return nil, err
	}
	r := &run{Options: o, fleet: fleet, callers: newCallers(fleet.servers), world: newWorld(), keep: &interner{texts: map[string]string{}}}
	r.breaker = &breaker{fleet: fleet, done: map[Kind]int{}}
	r.cast = newCast(o, r.callers, r.world, r.keep, r.alarm)
	return r.carryOut(ctx)
}

// alarm takes in what a follower saw and cannot be right. There is no need to go on.
func (r *run) alarm(f Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alarms = append(r.alarms, f)
	r.stop()
}

func (r *run) alarmed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.alarms) > 0
}

func (r *run) carryOut(ctx context.Context) (*Report, error) {
	following, cancel := context.WithCancel(ctx)
	defer cancel()
	writing, stop := context.WithCancel(ctx)
	defer stop()
	r.stop = stop
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	var followers sync.WaitGroup
	for _, f := range r.cast.followers {
		followers.Go(func() { f.run(following) })
	}
	r.write(ctx, writing)
	record, found, err := r.settle(ctx)
	cancel()
	followers.Wait()
	if err != nil {
		return nil, err
	}
	return r.report(record, found), nil
}

// open makes the first notes, while nothing is broken.
func (r *run) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var opening sync.WaitGroup
	for _, w := range r.cast.writers {
		opening.Go(func() {
			for _, m := range r.cast.opening(w) {
				w.deliver(ctx, m)
			}
		})
	}
	opening.Wait()
	return ctx.Err()
}

// write lets the writers write while things break. It returns when all is healed, and the
// outcome of all that was sent is known, or followUp is over.
func (r *run) write(ctx, writing context.Context) {
	limited, cancel := context.WithTimeout(writing, r.For)
	defer cancel()
	patience, giveUp := context.WithTimeout(ctx, r.For+followUp)
	defer giveUp()
	var all sync.WaitGroup
	all.Go(func() { r.breaker.run(ctx, limited, schedule(r.Seed, r.For, r.Servers, r.kinds())) })
	for _, w := range r.cast.writers {
		all.Go(func() { w.run(limited, patience) })
	}
	all.Go(func() { r.tell(limited) })
	all.Wait()
}

// tell says every 5 s how it goes.
func (r *run) tell(ctx context.Context) {
	for began := time.Now(); r.Progress != nil && pause(ctx, 5*time.Second); {
		sent, events := 0, 0
		for _, w := range r.cast.writers {
			w.mu.Lock()
			sent += len(w.sent)
			w.mu.Unlock()
		}
		for _, f := range r.cast.followers {
			f.mu.Lock()
			events += len(f.seen.Events)
			f.mu.Unlock()
		}
		r.breaker.mu.Lock()
		done := 0
		for _, n := range r.breaker.done {
			done += n
		}
		r.breaker.mu.Unlock()
		fmt.Fprintf(r.Progress, "chaos: %3.0f s: %d mutations sent, %d events seen, %d faults\n", time.Since(began).Seconds(), sent, events, done)
	}
}
