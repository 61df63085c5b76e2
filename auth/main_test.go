package auth_test

import (
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"notewire/auth"
	"notewire/auth/authtest"
	"notewire/auth/claims"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const issuerName = "https://clerk.example.com"

// start is a whole second, as JWTs count.
var start = time.Unix(1_800_000_000, 0)

var shared struct {
	once           sync.Once
	genuine, rogue *authtest.Issuer
}

// issuers returns the issuer that tests trust, and one that says and names
// everything like it but holds another key.
func issuers(tb testing.TB) (genuine, rogue *authtest.Issuer) {
	tb.Helper()
	shared.once.Do(func() {
		shared.genuine = authtest.NewIssuer(tb, issuerName, "ins_1")
		shared.rogue = authtest.NewIssuer(tb, issuerName, "ins_1")
	})
	return shared.genuine, shared.rogue
}

func policy() claims.Policy {
	return claims.Policy{Issuer: issuerName, AuthorizedParties: []string{authtest.Origin}, Leeway: auth.DefaultLeeway}
}

// clock is a hand that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: start} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newVerifier(tb testing.TB, keys auth.KeySource, now func() time.Time) *auth.Verifier {
	tb.Helper()
	v, err := auth.NewVerifier(keys, policy(), now)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}
