package dynamo_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"notewire/dynamo"
)

func TestASignOutIsKeptUntilItsTime(t *testing.T) {
	engine, now := openEngine(t), time.Now()
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 1, NewEpoch: func() string { return "E" }, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	odd := strings.Repeat("日 #~", 100) // a sid is whatever the issuer writes
	for range 2 {
		for _, sid := range []string{"sess_1", odd} {
			if err := store.EndSignIn(t.Context(), sid, now.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
	}
	asked := []string{"sess_0", odd, "sess_2", "sess_1"}
	ended, err := store.EndedSignIns(t.Context(), asked)
	if err != nil || !slices.Equal(ended, []string{odd, "sess_1"}) {
		t.Errorf("%q, %v", ended, err)
	}
	now = now.Add(time.Hour + time.Second)
	if ended, err := store.EndedSignIns(t.Context(), asked); err != nil || len(ended) != 0 {
		t.Errorf("when its time is over: %q, %v", ended, err)
	}
	faulty := &broken{Engine: engine, answers: 2} // for Open
	if store, err = dynamo.Open(t.Context(), faulty, options("E")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.EndedSignIns(t.Context(), asked); err == nil {
		t.Error("a fault reads as nobody")
	}
}
