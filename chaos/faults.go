package chaos

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// breaker carries out the faults.
type breaker struct {
	fleet *fleet

	mu   sync.Mutex
	done map[Kind]int
	errs []Finding
}

// run carries out the schedule until writing ends, and returns when the last fault is over and
// all is healed.
func (b *breaker) run(ctx, writing context.Context, faults []Fault) {
	began := time.Now()
	var under sync.WaitGroup
	for _, f := range faults {
		if !pause(writing, time.Until(began.Add(f.At))) {
			break
		}
		under.Go(func() { b.carryOut(ctx, f, b.fleet.servers[f.Server]) })
	}
	under.Wait()
	for _, s := range b.fleet.servers {
		for _, p := range []*proxy{s.store, s.bus} {
			if p != nil {
				p.heal()
			}
		}
	}
}

// pause returns false if ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (b *breaker) carryOut(ctx context.Context, f Fault, s *server) {
	var err error
	switch f.Kind {
	case Kill, Drain, Freeze:
		err = s.befall(ctx, f)
	default:
		err = s.between(f.Kind).befall(ctx, f)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		b.errs = append(b.errs, Finding{Rule: RuleServer, What: fmt.Sprintf("after the fault %q of server %d: %v", f.Kind, f.Server, err)})
		return
	}
	b.done[f.Kind]++
}

// befall carries out a fault of the process.
func (s *server) befall(ctx context.Context, f Fault) error {
	s.fault.Lock()
	defer s.fault.Unlock()
	switch f.Kind {
	case Kill:
		s.process.kill()
	case Drain:
		if err := s.process.stop(); err != nil {
			return err
		}
	case Freeze:
		if err := s.process.freeze(); err != nil {
			return err
		}
		pause(ctx, f.For)
		return s.process.thaw()
	}
	pause(ctx, f.For)
	return s.start(ctx)
}

// between returns the proxy that a fault is of.
func (s *server) between(kind Kind) *proxy {
	switch kind {
	case BusCut, BusRefuse, BusDelay:
		return s.bus
	}
	return s.store
}

// hitWithin is how much longer a fault of a connection lasts than planned, at most, if nothing
// has passed there for it to hit.
const hitWithin = 5 * time.Second

// befall carries out a fault of a connection.
func (p *proxy) befall(ctx context.Context, f Fault) error {
	before := p.counts()
	switch f.Kind {
	case BusCut, StoreCut:
		p.cut()
		return nil
	case BusRefuse, StoreRefuse:
		p.set(func(p *proxy) { p.refuse = true })
		p.cut()
	case BusDelay, StoreDelay:
		p.set(func(p *proxy) { p.delay = f.For / 50 })
	case StoreLose:
		p.set(func(p *proxy) { p.lose = true })
	}
	pause(ctx, f.For)
	for end := time.Now().Add(hitWithin); !p.counts().more(before) && time.Now().Before(end); {
		if !pause(ctx, 20*time.Millisecond) {
			break
		}
	}
	p.set(func(p *proxy) {
		switch f.Kind {
		case BusRefuse, StoreRefuse:
			p.refuse = false
		case BusDelay, StoreDelay:
			p.delay = 0
		case StoreLose:
			p.lose = false
		}
	})
	return nil
}

// more reports whether something was refused, delayed or lost since.
func (t touched) more(before touched) bool {
	return t.refused > before.refused || t.delayed > before.delayed || t.lost > before.lost
}
