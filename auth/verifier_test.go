package auth_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"
	"time"

	"notewire/auth"
	"notewire/auth/authtest"
	"notewire/auth/claims"
)

func TestVerifyReturnsWhoseTokenItIs(t *testing.T) {
	genuine, _ := issuers(t)
	clock := newClock()
	v := newVerifier(t, genuine, clock.Now)
	want := auth.Identity{
		UserID:    authtest.User,
		SessionID: authtest.Session,
		IssuedAt:  start.UTC(),
		ExpiresAt: start.Add(authtest.Lifetime).UTC(),
	}
	token := genuine.Mint(t, start, nil)
	for range 2 { // the second answer is remembered
		got, err := v.Verify(t.Context(), token)
		if err != nil || got != want {
			t.Fatalf("got %+v, %v; want %+v", got, err, want)
		}
	}
}

func TestVerifyRefusesClaims(t *testing.T) {
	genuine, _ := issuers(t)
	v := newVerifier(t, genuine, newClock().Now)
	unix := func(d time.Duration) int64 { return start.Add(d).Unix() }
	for _, tt := range []struct {
		name    string
		want    claims.Reason
		changes authtest.Claims
	}{
		{"expired", claims.ReasonExpired, authtest.Claims{"exp": unix(-6 * time.Second)}},
		{"no exp", claims.ReasonMalformed, authtest.Claims{"exp": nil}},
		{"exp of the wrong type", claims.ReasonMalformed, authtest.Claims{"exp": "never"}},
		{"no iat", claims.ReasonMalformed, authtest.Claims{"iat": nil}},
		{"iat in the future", claims.ReasonNotYetValid, authtest.Claims{"iat": unix(6 * time.Second)}},
		{"nbf in the future", claims.ReasonNotYetValid, authtest.Claims{"nbf": unix(6 * time.Second)}},
		{"issuer that holds .clerk.accounts", claims.ReasonIssuer, authtest.Claims{"iss": "https://evil.example/.clerk.accounts"}},
		{"issuer that starts with https://clerk.", claims.ReasonIssuer, authtest.Claims{"iss": "https://clerk.evil.example"}},
		{"no issuer", claims.ReasonIssuer, authtest.Claims{"iss": nil}},
		{"no sub", claims.ReasonSubject, authtest.Claims{"sub": nil}},
		{"machine", claims.ReasonSubject, authtest.Claims{"sub": "mch_1"}},
		{"no sid", claims.ReasonSession, authtest.Claims{"sid": nil}},
		{"pending session", claims.ReasonSession, authtest.Claims{"sts": "pending"}},
		{"no azp", claims.ReasonParty, authtest.Claims{"azp": nil}},
		{"foreign azp", claims.ReasonParty, authtest.Claims{"azp": "https://evil.example"}},
		{"foreign aud", claims.ReasonAudience, authtest.Claims{"aud": "hasura"}},
		{"expired and foreign", claims.ReasonParty, authtest.Claims{"exp": unix(-time.Hour), "azp": "https://evil.example"}},
		{"a claim that only the SDK reads, of the wrong type", claims.ReasonMalformed, authtest.Claims{"fva": "x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			refuses(t, v, genuine.Mint(t, start, tt.changes), tt.want)
		})
	}
}

// refuses also demands that the message does not repeat any part of the token.
func refuses(t *testing.T, v *auth.Verifier, token string, want claims.Reason) {
	t.Helper()
	id, err := v.Verify(t.Context(), token)
	if got := claims.ReasonOf(err); got != want {
		t.Fatalf("%v: reason %q, want %q", err, got, want)
	}
	if id != (auth.Identity{}) {
		t.Errorf("a refused token has an identity: %+v", id)
	}
	if got := auth.IsExpired(err); got != (want == claims.ReasonExpired) {
		t.Errorf("IsExpired is %v for %v", got, err)
	}
	if errors.Is(err, auth.ErrUnavailable) {
		t.Errorf("a bad token looks like an outage: %v", err)
	}
	for part := range strings.SplitSeq(token, ".") {
		if len(part) > 8 && strings.Contains(err.Error(), part[:8]) {
			t.Errorf("the message repeats the token: %v", err)
		}
	}
}

func TestVerifyForgetsATokenWhenItExpires(t *testing.T) {
	genuine, _ := issuers(t)
	clock := newClock()
	v := newVerifier(t, genuine, clock.Now)
	token := genuine.Mint(t, start, nil)
	for _, advance := range []time.Duration{0, authtest.Lifetime, auth.DefaultLeeway - time.Second} {
		clock.Advance(advance)
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Fatalf("at %v: %v", clock.Now().Sub(start), err)
		}
	}
	clock.Advance(time.Second)
	if _, err := v.Verify(t.Context(), token); !auth.IsExpired(err) {
		t.Fatalf("accepted after its expiry: %v", err)
	}
}

func TestVerifyAsksForTheKeyAgainAfterAMinute(t *testing.T) {
	genuine, _ := issuers(t)
	clock := newClock()
	source := &countingSource{KeySource: genuine}
	v := newVerifier(t, source, clock.Now)
	token := genuine.Mint(t, start, authtest.Claims{"exp": start.Add(time.Hour).Unix()})
	for _, step := range []struct {
		advance time.Duration
		asked   int
	}{{0, 1}, {59 * time.Second, 1}, {time.Second, 2}} {
		clock.Advance(step.advance)
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if source.asked != step.asked {
			t.Fatalf("asked %d times, want %d", source.asked, step.asked)
		}
	}
}

type countingSource struct {
	auth.KeySource
	asked int
}

func (s *countingSource) Key(ctx context.Context, id string) (*rsa.PublicKey, error) {
	s.asked++
	return s.KeySource.Key(ctx, id)
}

func TestVerifyRemembersABoundedNumberOfTokens(t *testing.T) {
	if got, limit := auth.CacheEntriesAfter(50_000), 2*auth.CacheSize; got > limit {
		t.Fatalf("%d entries, more than %d", got, limit)
	}
}

func TestVerifyTellsAnOutageFromABadToken(t *testing.T) {
	genuine, _ := issuers(t)
	v := newVerifier(t, brokenSource{}, newClock().Now)
	_, err := v.Verify(t.Context(), genuine.Mint(t, start, nil))
	if !errors.Is(err, auth.ErrUnavailable) || claims.ReasonOf(err) != "" || auth.IsExpired(err) {
		t.Fatalf("got %v", err)
	}
}

type brokenSource struct{}

func (brokenSource) Key(context.Context, string) (*rsa.PublicKey, error) {
	return nil, errors.New("the disk is on fire")
}

func TestNewVerifierNeedsKeysAndIssuer(t *testing.T) {
	genuine, _ := issuers(t)
	if _, err := auth.NewVerifier(nil, policy(), nil); err == nil {
		t.Error("accepted no keys")
	}
	if _, err := auth.NewVerifier(genuine, claims.Policy{}, nil); err == nil {
		t.Error("accepted no issuer")
	}
}
