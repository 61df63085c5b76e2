package chaos

import (
	"reflect"
	"testing"
	"time"
)

func TestAScheduleComesFromItsSeed(t *testing.T) {
	o := Options{Store: "http://127.0.0.1:8000", Bus: "redis://127.0.0.1:6379"}
	plan := func(seed uint64) []Fault { return schedule(seed, 30*time.Second, 3, o.kinds()) }
	if !reflect.DeepEqual(plan(7), plan(7)) {
		t.Error("a seed makes two schedules")
	}
	if reflect.DeepEqual(plan(7), plan(8)) {
		t.Error("two seeds make one schedule")
	}
}

func TestEveryKindOfFaultComesInEveryRun(t *testing.T) {
	o := Options{Store: "http://127.0.0.1:8000", Bus: "redis://127.0.0.1:6379"}
	for seed := range uint64(200) {
		for _, total := range []time.Duration{shortest, 12 * time.Second, 10 * time.Minute} {
			there, last := map[Kind]bool{}, time.Duration(0)
			for _, f := range schedule(seed, total, 3, o.kinds()) {
				there[f.Kind] = true
				if f.At < last || f.At >= total || f.Server < 0 || f.Server > 2 || f.For <= 0 {
					t.Errorf("seed %d, %v: %+v after %v", seed, total, f, last)
				}
				last = f.At
			}
			if len(there) != len(o.kinds()) {
				t.Errorf("seed %d, %v: only %v", seed, total, there)
			}
		}
	}
}

// Followers move, fail and write at other moments in every run: what one draws must be nothing
// to another.
func TestStreamsOfOneSeedDiffer(t *testing.T) {
	a, b, c := stream(1, "writer user00"), stream(1, "writer user01"), stream(1, "writer user00")
	x, y, z := a.Uint64(), b.Uint64(), c.Uint64()
	if x == y || x != z {
		t.Errorf("drew %d, %d and %d", x, y, z)
	}
}
