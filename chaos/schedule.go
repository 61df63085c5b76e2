package chaos

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Kind is a kind of fault.
type Kind string

const (
	Kill        Kind = "kill"         // SIGKILL, and a restart
	Drain       Kind = "drain"        // SIGTERM, and a restart
	Freeze      Kind = "freeze"       // SIGSTOP, and SIGCONT
	BusCut      Kind = "bus cut"      // all connections to the bus end
	BusRefuse   Kind = "bus refused"  // and none is taken for a while
	BusDelay    Kind = "bus delay"    // every byte comes later
	StoreCut    Kind = "store cut"    // all connections to the store end
	StoreRefuse Kind = "store refuse" // and none is taken for a while
	StoreDelay  Kind = "store delay"  // every byte comes later
	StoreLose   Kind = "store lose"   // requests arrive, answers do not
)

var (
	busKinds   = []Kind{BusCut, BusRefuse, BusDelay}
	storeKinds = []Kind{StoreCut, StoreRefuse, StoreDelay, StoreLose}
)

// Fault is one fault: when it begins, whom it befalls, and how long it lasts.
type Fault struct {
	At     time.Duration // since the start of the run
	Kind   Kind
	Server int
	For    time.Duration
}

// stream is the random numbers of one part of a run. Parts do not share, so that what one
// draws is nothing to another.
func stream(seed uint64, part string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(part)) // a hash takes anything
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// schedule plans the faults of a run: round after round of every kind, each round in another
// order, some way apart. Every kind comes at least once.
func schedule(seed uint64, total time.Duration, servers int, kinds []Kind) []Fault {
	r := stream(seed, "faults")
	const first, rest = time.Second, 500 * time.Millisecond
	gap := min(time.Second, (total-first-rest)/time.Duration(len(kinds)+1))
	var faults []Fault
	for at := first; at < total-rest; {
		for _, i := range r.Perm(len(kinds)) {
			if at >= total-rest {
				break
			}
			faults = append(faults, Fault{At: at, Kind: kinds[i], Server: r.IntN(servers), For: 200*time.Millisecond + rand64(r, 1300*time.Millisecond)})
			at += gap/2 + rand64(r, gap)
		}
	}
	return complete(faults, total-rest, r, servers, kinds)
}

// complete adds the kinds that found no room, so that each comes.
func complete(faults []Fault, at time.Duration, r *rand.Rand, servers int, kinds []Kind) []Fault {
	there := map[Kind]bool{}
	for _, f := range faults {
		there[f.Kind] = true
	}
	for _, kind := range kinds {
		if !there[kind] {
			faults = append(faults, Fault{At: at, Kind: kind, Server: r.IntN(servers), For: 500 * time.Millisecond})
		}
	}
	return faults
}

func rand64(r *rand.Rand, below time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(max(below, 1))))
}
