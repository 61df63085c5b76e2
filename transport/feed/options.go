package feed

import (
	"math/rand/v2"
	"time"
)

// Options bound what a Driver does. A zero is the default.
type Options struct {
	PerAccount int           // feeds that an account may have; 5
	Tries      int           // times that a change is refused before its note is paused for good; 5
	Paused     int           // notes of a feed that may be paused; one more, and the feed waits as a whole; 100
	PerFeed    int           // deliveries of one feed under way at a time; 4
	AtOnce     int           // deliveries of all feeds under way here at a time, and feeds at work; 64
	Timeout    time.Duration // of one delivery; at most a third of Lease; 10s

	FirstWait   time.Duration // the longest wait after the first failure; doubles with each; 1s
	LongestWait time.Duration // what it doubles up to; 5m

	Sweep time.Duration // between two looks at feeds of which nobody hinted; 5s
	Lease time.Duration // of an instance that has stopped, until another takes over; 30s
	Save  time.Duration // how much of the last deliveries a crash may double; 1s
}

// withDefaults returns o with every zero filled in.
func (o Options) withDefaults() Options {
	for _, n := range []struct {
		at  *int
		def int
	}{{&o.PerAccount, 5}, {&o.Tries, 5}, {&o.Paused, 100}, {&o.PerFeed, 4}, {&o.AtOnce, 64}} {
		if *n.at == 0 {
			*n.at = n.def
		}
	}
	for _, d := range []struct {
		at  *time.Duration
		def time.Duration
	}{
		{&o.FirstWait, time.Second}, {&o.LongestWait, 5 * time.Minute}, {&o.Sweep, 5 * time.Second},
		{&o.Lease, 30 * time.Second}, {&o.Save, time.Second}, {&o.Timeout, 10 * time.Second},
	} {
		if *d.at == 0 {
			*d.at = d.def
		}
	}
	o.Timeout = min(o.Timeout, o.Lease/3)
	o.Save = min(o.Save, o.Lease/3)
	return o
}

// backoff is how long to wait after that many failures in a row, at least one: any time up to
// twice as long as the time before ("full jitter"), so that those who failed together do not come
// back together.
func (o *Options) backoff(failures int) time.Duration {
	longest := o.FirstWait
	for i := 1; i < failures && longest < o.LongestWait; i++ {
		longest *= 2
	}
	return rand.N(min(longest, o.LongestWait)) + time.Millisecond
}

// wait is the time before the next try: what the receiver asked for, or the back-off.
func (o *Options) wait(asked time.Duration, failures int) time.Duration {
	if asked > 0 {
		return min(asked, o.LongestWait)
	}
	return o.backoff(failures)
}
