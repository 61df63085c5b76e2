package transport

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"notewire/notes"
)

var nowhere netip.Addr

func TestAQuotaIsForAMinuteAtOnceOrSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota(QuotaOptions{Mutations: 60, Bytes: 6000})
		for range 60 {
			if err := q.Take("ann", nowhere, 1, 0); err != nil {
				t.Fatal(err)
			}
		}
		err := q.Take("ann", nowhere, 1, 0)
		if notes.CodeOf(err) != notes.RateLimited || err.(*notes.Error).RetryAfter != 1000 {
			t.Fatalf("the 61st ends with %v", err)
		}
		if err := q.Take("bob", nowhere, 1, 0); err != nil {
			t.Errorf("another account: %v", err)
		}
		time.Sleep(time.Second - 1)
		if q.Take("ann", nowhere, 1, 0) == nil {
			t.Error("a nanosecond early")
		}
		time.Sleep(time.Nanosecond)
		if err := q.Take("ann", nowhere, 1, 0); err != nil {
			t.Errorf("when it was said: %v", err)
		}
		time.Sleep(time.Minute)
		if err := q.Take("ann", nowhere, 1, 6000); err != nil {
			t.Errorf("all bytes at once: %v", err)
		}
		if q.Take("ann", nowhere, 1, 100) == nil {
			t.Error("more bytes")
		}
		time.Sleep(time.Minute)
		if err := q.Take("ann", nowhere, 1, 60_000); err != nil { // one must be possible, and is paid back later
			t.Errorf("one that is larger than a minute's: %v", err)
		}
	})
}

// What was refused is not counted: who goes on asking is not put off for ever.
func TestARefusalCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota(QuotaOptions{Mutations: 60})
		for range 60 {
			_ = q.Take("ann", nowhere, 1, 0)
		}
		for range 1000 {
			_ = q.Take("ann", nowhere, 1, 0)
		}
		time.Sleep(time.Second)
		if err := q.Take("ann", nowhere, 1, 0); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAddressIsBoundedWhoeverSignsIn(t *testing.T) {
	q := NewQuota(QuotaOptions{AddressMutations: 10})
	for _, c := range []struct {
		address func(i int) string
		bounded bool
	}{
		{func(int) string { return "192.0.2.1" }, true},
		{func(i int) string { return fmt.Sprintf("2001:db8::%x", i+1) }, true}, // one client has them all
		{func(i int) string { return fmt.Sprintf("198.51.100.%d", i+1) }, false},
		{func(int) string { return "127.0.0.1" }, false},
	} {
		refused := 0
		for i := range 20 {
			if q.Take(notes.UserID(fmt.Sprintf("user%d", i)), netip.MustParseAddr(c.address(i)), 1, 0) != nil {
				refused++
			}
		}
		if (refused == 10) != c.bounded || !c.bounded && refused != 0 {
			t.Errorf("%s: %d of 20 refused", c.address(0), refused)
		}
	}
}

func TestAQuotasMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQuota(QuotaOptions{Mutations: 60})
		for i := range quotaKeys {
			if err := q.Take(notes.UserID(fmt.Sprint(i)), nowhere, 1, 0); err != nil {
				t.Fatal(err)
			}
		}
		if q.Take("more", nowhere, 1, 0) == nil {
			t.Error("one more is counted")
		}
		if err := q.Take("1", nowhere, 1, 0); err != nil {
			t.Errorf("one that is known: %v", err)
		}
		time.Sleep(2 * time.Second)
		if err := q.Take("more", nowhere, 1, 0); err != nil || len(q.perAccount.paid) > 2 {
			t.Errorf("later: %v, %d are counted", err, len(q.perAccount.paid))
		}
	})
}
