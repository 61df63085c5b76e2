package chaos

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Report is what a run did and found.
type Report struct {
	Findings []Finding
	Replay   string // the command that does the same again
	Cast     string // who took part

	Acknowledged, Refused, Unsettled int // mutations
	Retried                          int // mutations that had an attempt without an answer
	Repeated                         int // attempts beyond what was needed: sent twice, or again later
	Events                           map[string]int
	Duplicates, Reconnects           int
	Exercised                        Exercised
	Faults                           map[Kind]int
	Touched                          string // what the faults of connections hit
	Ack, Delivery                    []time.Duration
	Settled                          time.Duration // from the end of the last fault until all was there
}

// leastEach is how many mutations must be acknowledged in a second of a run, for it to show
// anything. A slow machine with a slow store does a few times as many.
const leastEach = 1.0

// leastEvents is how many events a follower must have seen in the mean.
const leastEvents = 3

func (r *run) report(record *Record, found []Finding) *Report {
	p := &Report{Replay: r.replay(), Cast: r.cast.String(), Events: map[string]int{}, Faults: r.breaker.done, Settled: r.settled}
	p.Findings = slices.Concat(r.alarms, found, r.breaker.errs, r.fleet.findings())
	if record != nil {
		p.count(record)
	}
	if len(p.Findings) == 0 {
		p.Findings = r.enough(p)
	}
	return p
}

func (p *Report) count(record *Record) {
	p.Exercised.count(record)
	sent := map[deed]time.Time{}
	for _, m := range record.Mutations {
		switch {
		case m.ack() != nil:
			p.Acknowledged++
			p.Ack = append(p.Ack, m.ack().Ended.Sub(m.ack().Sent))
		case m.first(Refused) != nil:
			p.Refused++
		default:
			p.Unsettled++
		}
		for i, a := range m.Attempts {
			if a.Outcome == Acknowledged && i > 0 && m.Attempts[i-1].Outcome == Acknowledged {
				p.Repeated++
			}
		}
		if m.first(Unknown) != nil {
			p.Retried++
		}
		if len(m.Attempts) > 0 && m.first(Unknown) == nil {
			sent[deed{m.Author, m.ID}] = m.Attempts[0].Sent
		}
	}
	fs := frames{}
	for _, s := range record.Followers {
		p.Events[s.Transport] += len(s.Events)
		p.Duplicates += s.Duplicates
		p.Reconnects += s.Reconnects
		if s.Note != "" {
			continue // who may read it only now sees what is long past
		}
		for _, e := range s.Events {
			f := fs.of(e.Data)
			if at, ok := sent[deed{f.FromUserID, f.MutationID}]; ok {
				p.Delivery = append(p.Delivery, e.At.Sub(at))
			}
		}
	}
	slices.Sort(p.Ack)
	slices.Sort(p.Delivery)
}

// enough finds that too little happened.
func (r *run) enough(p *Report) (all []Finding) {
	little := func(format string, args ...any) {
		all = append(all, Finding{Rule: RuleEnough, What: fmt.Sprintf(format, args...)})
	}
	if least := int(r.For.Seconds() * leastEach); p.Acknowledged < least {
		little("%d mutations were acknowledged; a run of this length needs %d", p.Acknowledged, least)
	}
	followers := map[string]int{}
	for _, f := range r.cast.followers {
		followers[f.seen.Transport]++
	}
	for transport, n := range followers {
		if p.Events[transport] < leastEvents*n {
			little("%d followers by %s saw %d events", n, transport, p.Events[transport])
		}
	}
	if p.Reconnects == 0 {
		little("no connection was made again")
	}
	if p.Acknowledged > 100 && (p.Refused == 0 || p.Repeated == 0) { // of fewer, chance may have had none
		little("%d mutations were refused, and %d repeated", p.Refused, p.Repeated)
	}
	if none := p.Exercised.none(p.Acknowledged); len(none) > 0 {
		little("no %s", strings.Join(none, ", no "))
	}
	for _, kind := range r.kinds() {
		if p.Faults[kind] == 0 {
			little("no fault %q was carried out", kind)
		}
	}
	store, bus := r.touched()
	p.Touched = fmt.Sprintf("store: %+v; bus: %+v", store, bus)
	if r.onTable() && (store.cut == 0 || store.refused == 0 || store.delayed == 0 || store.lost == 0) {
		little("the faults of the store hit nothing: %+v", store)
	}
	if r.Bus != "" && (bus.cut == 0 || bus.refused+bus.delayed == 0) { // there is less to say on a bus
		little("the faults of the bus hit nothing: %+v", bus)
	}
	return all
}

func (r *run) touched() (store, bus touched) {
	for _, s := range r.fleet.servers {
		for p, sum := range map[*proxy]*touched{s.store: &store, s.bus: &bus} {
			if p == nil {
				continue
			}
			n := p.counts()
			sum.cut, sum.refused, sum.delayed, sum.lost = sum.cut+n.cut, sum.refused+n.refused, sum.delayed+n.delayed, sum.lost+n.lost
		}
	}
	return store, bus
}

// shownFindings is how many findings are printed: the others mostly follow from them.
const shownFindings = 8

// String is the report for people.
func (p *Report) String() string {
	var b strings.Builder
	for i, f := range p.Findings {
		if i == shownFindings {
			fmt.Fprintf(&b, "and %d more\n", len(p.Findings)-i)
			break
		}
		fmt.Fprintf(&b, "FOUND  %v\n", f)
	}
	fmt.Fprintf(&b, "cast        %s\n", p.Cast)
	fmt.Fprintf(&b, "mutations   %d acknowledged, %d refused, %d without an outcome; %d sent again after no answer, %d more answered twice\n",
		p.Acknowledged, p.Refused, p.Unsettled, p.Retried, p.Repeated)
	fmt.Fprintf(&b, "exercised   %v\n", &p.Exercised)
	fmt.Fprintf(&b, "events      %d by websocket, %d by sse; %d came twice and were dropped; %d reconnects\n",
		p.Events["websocket"], p.Events["sse"], p.Duplicates, p.Reconnects)
	fmt.Fprintf(&b, "faults     ")
	kinds := make(map[string]int, len(p.Faults))
	for kind, n := range p.Faults {
		kinds[string(kind)] = n
	}
	for _, kind := range sorted(kinds) {
		fmt.Fprintf(&b, " %s %d;", kind, kinds[kind])
	}
	if p.Touched != "" {
		fmt.Fprintf(&b, " hit %s", p.Touched)
	}
	fmt.Fprintf(&b, "\ntimes       answer p50 %v, p99 %v; from sending to the event p50 %v, p99 %v; all was there %v after the last fault\n",
		percentile(p.Ack, 50), percentile(p.Ack, 99), percentile(p.Delivery, 50), percentile(p.Delivery, 99), p.Settled.Round(100*time.Millisecond))
	if len(p.Findings) > 0 {
		fmt.Fprintf(&b, "again       %s\n", p.Replay)
	}
	return b.String()
}

func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*p/100].Round(100 * time.Microsecond)
}
