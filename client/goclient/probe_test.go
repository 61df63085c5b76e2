package goclient

import (
	"testing"
	"time"
)

// What was held back is told by the times at which a probe arrives, whatever the clocks and the
// distance are.
func TestTheTimesOfAProbeTellWhatIsHeldBack(t *testing.T) {
	sent := []int{0, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 64<<10 + 70}
	at := func(i int) time.Duration { return time.Duration(i) * probeGap * time.Millisecond }
	holding := func(n int) func(i int) time.Duration { // passes n bytes on at a time, and the rest at the end
		return func(i int) time.Duration {
			for j := range sent {
				if sent[j]/n > (sent[i]+69)/n || j == len(sent)-1 {
					return at(max(i, j))
				}
			}
			return 0
		}
	}
	for name, c := range map[string]struct {
		arrives func(i int) time.Duration
		want    int
	}{
		"nothing": {at, 0},
		"late, and uneven": {func(i int) time.Duration {
			return at(i) + 300*time.Millisecond + time.Duration(i%3)*15*time.Millisecond
		}, 0},
		"slow":       {func(i int) time.Duration { return at(i) + time.Duration(sent[i])*time.Second/(16<<10) }, 0},
		"one event":  {func(i int) time.Duration { return at(min(i+1, 5)) }, 1 << 10},
		"512 bytes":  {holding(512), 1 << 10},
		"1 KiB":      {holding(1 << 10), 1 << 10},
		"3 KiB":      {holding(3 << 10), 4 << 10},
		"4 KiB":      {holding(4 << 10), 4 << 10},
		"16 KiB":     {holding(16 << 10), 16 << 10},
		"60 KiB":     {holding(60 << 10), 64 << 10},
		"everything": {func(int) time.Duration { return at(5) }, BuffersAll},
	} {
		var events []probed
		const clock = 1795276884433 // which is not the client's
		for i := range sent {
			events = append(events, probed{N: i + 1, Sent: sent[i], At: clock + at(i).Milliseconds(), arrived: c.arrives(i) + 7*time.Millisecond})
		}
		if got := heldBack(events); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
