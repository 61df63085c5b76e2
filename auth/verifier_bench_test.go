package auth_test

import (
	"testing"
	"time"

	"notewire/auth/authtest"
)

func BenchmarkVerify(b *testing.B) {
	genuine, _ := issuers(b)
	token := genuine.Mint(b, start, authtest.Claims{"exp": start.Unix() + 1e10})
	b.Run("first", func(b *testing.B) {
		clock := newClock()
		v := newVerifier(b, genuine, clock.Now)
		for b.Loop() {
			clock.Advance(time.Minute) // past what the cache remembers
			if _, err := v.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("again", func(b *testing.B) {
		v := newVerifier(b, genuine, newClock().Now)
		for b.Loop() {
			if _, err := v.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
}
