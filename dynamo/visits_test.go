package dynamo_test

import (
	"testing"
	"time"

	"notewire/notes"
)

func TestAVisitIsForgottenAfterAYearAndABit(t *testing.T) {
	h := openBolt(t)
	if err := h.Store.Visit(t.Context(), "ann", "n", notes.MillisOf(h.Clock.Now())); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{399 * 24 * time.Hour, 1}, {2 * 24 * time.Hour, 0}} {
		h.Clock.Advance(c.after)
		if visits, err := h.Store.Visits(t.Context(), "ann"); err != nil || len(visits) != c.want {
			t.Errorf("%v later: %v, error %v, want %d", c.after, visits, err, c.want)
		}
	}
}
