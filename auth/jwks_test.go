package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"notewire/auth"
	"notewire/auth/authtest"
	"notewire/auth/claims"
)

// inProcess calls a handler without a network, so that time can stand still.
type inProcess struct {
	http.Handler
	before func(*http.Request) error // may block or fail the request; nil does neither
}

func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.before != nil {
		if err := t.before(req); err != nil {
			return nil, err
		}
	}
	recorder := httptest.NewRecorder()
	t.ServeHTTP(recorder, req)
	return recorder.Result(), nil
}

func newJWKS(t *testing.T, transport http.RoundTripper, now func() time.Time) *auth.JWKS {
	t.Helper()
	keys, err := auth.NewJWKS(auth.JWKSConfig{
		SecretKey:  authtest.SecretKey,
		HTTPClient: &http.Client{Transport: transport},
		Now:        now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// outcome is a Key's error, by what a caller does about it.
func outcome(keys *auth.JWKS, id string) string {
	_, err := keys.Key(context.Background(), id)
	switch {
	case err == nil:
		return "key"
	case errors.Is(err, auth.ErrUnavailable):
		return "unavailable"
	default:
		return string(claims.ReasonOf(err)) + " refused"
	}
}

type step struct {
	after    time.Duration
	id       string
	want     string
	requests int // in all, afterwards
}

func run(t *testing.T, set *authtest.KeySet, keys *auth.JWKS, clock *clock, steps ...step) {
	t.Helper()
	for i, s := range steps {
		clock.Advance(s.after)
		if got := outcome(keys, s.id); got != s.want || set.Requests() != s.requests {
			t.Fatalf("step %d: %s after %d requests, want %s after %d", i, got, set.Requests(), s.want, s.requests)
		}
	}
}

func TestKeysAreFetchedOnceAnHourHoweverOftenTheyAreUsed(t *testing.T) {
	genuine, _ := issuers(t)
	set, clock := authtest.NewKeySet(genuine), newClock()
	keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
	run(t, set, keys, clock,
		step{0, "ins_1", "key", 1},
		step{30 * time.Minute, "ins_1", "key", 1},
		step{30*time.Minute - time.Second, "ins_1", "key", 1},
		step{time.Second, "ins_1", "key", 2},
		step{time.Hour, "ins_1", "key", 3},
	)
}

func TestAKeyThatWasRotatedOutDiesWithinAnHour(t *testing.T) {
	genuine, _ := issuers(t)
	next := *genuine
	next.KeyID = "ins_2"
	set, clock := authtest.NewKeySet(genuine), newClock()
	keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
	run(t, set, keys, clock, step{0, "ins_1", "key", 1})
	set.Publish(&next)
	run(t, set, keys, clock,
		step{59 * time.Minute, "ins_1", "key", 1},
		step{time.Minute, "ins_1", "key refused", 2},
		step{0, "ins_2", "key", 2},
	)
}

func TestANewKeyIsFetchedWhenATokenNamesIt(t *testing.T) {
	genuine, _ := issuers(t)
	next := *genuine
	next.KeyID = "ins_2"
	set, clock := authtest.NewKeySet(genuine), newClock()
	keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
	run(t, set, keys, clock, step{0, "ins_1", "key", 1})
	set.Publish(genuine, &next)
	run(t, set, keys, clock,
		step{time.Minute, "ins_2", "key", 2},
		step{0, "ins_1", "key", 2},
	)
}

func TestInventedKeyIDsFetchAtMostEvery30Seconds(t *testing.T) {
	genuine, _ := issuers(t)
	set, clock := authtest.NewKeySet(genuine), newClock()
	keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
	run(t, set, keys, clock,
		step{0, "", "key refused", 0},
		step{0, "invented-1", "key refused", 1},
		step{0, "invented-2", "key refused", 1},
		step{29 * time.Second, "invented-3", "key refused", 1},
		step{time.Second, "invented-4", "key refused", 2},
		step{0, "invented-5", "key refused", 2},
		step{0, "ins_1", "key", 2},
	)
}

func TestTheLastGoodSetServesWhileClerkIsDown(t *testing.T) {
	genuine, _ := issuers(t)
	set, clock := authtest.NewKeySet(genuine), newClock()
	keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
	run(t, set, keys, clock, step{0, "ins_1", "key", 1})
	set.Fail(http.StatusBadGateway)
	run(t, set, keys, clock,
		step{time.Hour, "ins_1", "key", 2},
		step{29 * time.Second, "ins_1", "key", 2},
		step{0, "ins_2", "unavailable", 2}, // nobody can say that there is no such key
		step{time.Second, "ins_1", "key", 3},
		step{22*time.Hour + 59*time.Minute, "ins_1", "key", 4},
		step{time.Minute, "ins_1", "unavailable", 5}, // 24 h
		step{0, "ins_1", "unavailable", 5},
	)
	set.Fail(0)
	run(t, set, keys, clock, step{time.Second, "ins_1", "key", 6})
}

func TestNoKeysAtAllIsUnavailableAndTriedAgainEverySecond(t *testing.T) {
	genuine, _ := issuers(t)
	set, clock := authtest.NewKeySet(genuine), newClock()
	set.Fail(http.StatusInternalServerError)
	keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
	run(t, set, keys, clock,
		step{0, "ins_1", "unavailable", 1},
		step{0, "ins_1", "unavailable", 1},
		step{time.Second, "ins_1", "unavailable", 2},
	)
	set.Fail(0)
	run(t, set, keys, clock, step{time.Second, "ins_1", "key", 3})
}

func TestAClockThatIsSetBackDoesNotKeepOldKeysAlive(t *testing.T) {
	genuine, _ := issuers(t)
	set, clock := authtest.NewKeySet(genuine), newClock()
	keys := newJWKS(t, inProcess{Handler: set}, clock.Now)
	run(t, set, keys, clock, step{0, "ins_1", "key", 1}, step{-24 * time.Hour, "ins_1", "key", 2})
	set.Fail(http.StatusBadGateway)
	run(t, set, keys, clock, step{-time.Hour, "ins_1", "key", 3}, step{0, "ins_1", "key", 3})
}
