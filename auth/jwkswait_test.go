package auth_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notewire/auth"
	"notewire/auth/authtest"
)

func TestConcurrentCallersShareOneFetch(t *testing.T) {
	genuine, _ := issuers(t)
	synctest.Test(t, func(t *testing.T) {
		set, gate := authtest.NewKeySet(genuine), make(chan struct{})
		keys := newJWKS(t, inProcess{set, func(*http.Request) error { <-gate; return nil }}, nil)
		var group sync.WaitGroup
		var found atomic.Int32
		for range 50 {
			group.Go(func() {
				if outcome(keys, "ins_1") == "key" {
					found.Add(1)
				}
			})
		}
		synctest.Wait() // all of them wait for the gate or for each other
		close(gate)
		group.Wait()
		if found.Load() != 50 || set.Requests() != 1 {
			t.Fatalf("%d of 50 found the key with %d requests", found.Load(), set.Requests())
		}
	})
}

func TestAKnownKeyDoesNotWaitForTheSearchForAnUnknownOne(t *testing.T) {
	genuine, _ := issuers(t)
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{}, 1)
		gate <- struct{}{}
		keys := newJWKS(t, inProcess{authtest.NewKeySet(genuine), func(*http.Request) error { <-gate; return nil }}, nil)
		if got := outcome(keys, "ins_1"); got != "key" {
			t.Fatal(got)
		}
		time.Sleep(time.Minute) // virtual
		var group sync.WaitGroup
		group.Go(func() { outcome(keys, "invented") })
		synctest.Wait()
		if got := outcome(keys, "ins_1"); got != "key" { // a wait would be a deadlock, which the bubble reports
			t.Fatal(got)
		}
		close(gate)
		group.Wait()
	})
}

func TestAnOutageDelaysOneCallerAndNotAllOfThem(t *testing.T) {
	genuine, _ := issuers(t)
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		keys := newJWKS(t, inProcess{authtest.NewKeySet(genuine), func(req *http.Request) error {
			if down.Load() {
				<-req.Context().Done()
				return req.Context().Err()
			}
			return nil
		}}, nil)
		if got := outcome(keys, "ins_1"); got != "key" {
			t.Fatal(got)
		}
		down.Store(true)
		time.Sleep(time.Hour)
		began := time.Now()
		if got := outcome(keys, "ins_1"); got != "key" || time.Since(began) != 5*time.Second {
			t.Fatalf("%s after %v", got, time.Since(began))
		}
		time.Sleep(30 * time.Second)
		var group sync.WaitGroup
		group.Go(func() { outcome(keys, "ins_1") })
		synctest.Wait()
		began = time.Now()
		if got := outcome(keys, "ins_1"); got != "key" || time.Since(began) != 0 {
			t.Fatalf("%s after %v", got, time.Since(began))
		}
		group.Wait()
	})
}

func TestACallerThatGoesAwayNeitherWaitsNorEndsTheFetchOfOthers(t *testing.T) {
	genuine, _ := issuers(t)
	synctest.Test(t, func(t *testing.T) {
		set, gate := authtest.NewKeySet(genuine), make(chan struct{})
		keys := newJWKS(t, inProcess{set, func(req *http.Request) error {
			select {
			case <-gate:
				return nil
			case <-req.Context().Done():
				return req.Context().Err()
			}
		}}, nil)
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() { _, _ = keys.Key(ctx, "ins_1") })
		synctest.Wait() // this one fetches
		group.Go(func() {
			if _, err := keys.Key(ctx, "ins_1"); !errors.Is(err, context.Canceled) || !errors.Is(err, auth.ErrUnavailable) {
				t.Errorf("the one that waited got %v", err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(gate)
		group.Wait()
		if got := outcome(keys, "ins_1"); got != "key" || set.Requests() != 1 {
			t.Fatalf("%s after %d requests", got, set.Requests())
		}
	})
}
