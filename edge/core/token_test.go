package core_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"notewire/auth"
	"notewire/auth/authtest"
	"notewire/auth/claims"
	"notewire/edge/core"
)

// tokenCase is a token, and the issuer whose keys are held against it.
type tokenCase struct {
	name, token string
	issuer      *authtest.Issuer
}

var tokensAt = time.UnixMilli(1763000000000)

func (c tokenCase) in(oneKey bool) map[string]any {
	return map[string]any{
		"token": c.token, "now": tokensAt.UnixMilli(), "keys": []any{map[string]any{"kty": "EC", "kid": c.issuer.KeyID}, c.issuer.JWK()},
		"policy": map[string]any{"issuer": c.issuer.Name, "parties": []string{authtest.Origin}, "leewayMs": auth.DefaultLeeway.Milliseconds(), "oneKey": oneKey},
	}
}

func tokenCases(t *testing.T) []tokenCase {
	issuer := authtest.NewIssuer(t, "https://clerk.example", "key-1")
	rogue := authtest.NewIssuer(t, "https://clerk.example", "key-1")
	var cases []tokenCase
	add := func(name, token string) { cases = append(cases, tokenCase{name, token, issuer}) }
	good := issuer.Mint(t, tokensAt, nil)
	parts := strings.Split(good, ".")
	add("good", good)
	add("forged", rogue.Mint(t, tokensAt, nil))
	add("another's payload", parts[0]+"."+strings.Split(issuer.Mint(t, tokensAt, authtest.Claims{"sub": "eve"}), ".")[1]+"."+parts[2])
	for _, text := range []string{"", "a", "a.b", "..", good + ".x", good + "=", good[:len(good)-2], good + "\n", strings.Repeat("a", 9000)} {
		add("misshapen", text)
	}
	unix := func(d time.Duration) int64 { return tokensAt.Add(d).Unix() }
	for name, changes := range map[string]authtest.Claims{
		"expired": {"exp": unix(-time.Minute)}, "just expired": {"exp": unix(-time.Second)}, "no exp": {"exp": nil}, "bad exp": {"exp": "never"},
		"no iat": {"iat": nil}, "future": {"iat": unix(time.Minute)}, "not yet": {"nbf": unix(time.Minute)},
		"foreign": {"iss": "https://evil.example"}, "no sub": {"sub": nil}, "machine": {"sub": "mch_1"}, "no sid": {"sid": nil},
		"pending": {"sts": "pending"}, "no azp": {"azp": nil}, "other azp": {"azp": "https://evil.example"}, "other aud": {"aud": "hasura"},
		"expired and foreign": {"exp": unix(-time.Hour), "azp": "https://evil.example"},
	} {
		add(name, issuer.Mint(t, tokensAt, changes))
	}
	payload := map[string]any{"sub": "ada"}
	for name, header := range map[string]map[string]any{
		"none": {"alg": "none", "kid": "key-1"}, "hmac": {"alg": "HS256", "kid": "key-1"}, "other key": {"alg": "RS256", "kid": "key-2"},
		"no kid": {"alg": "RS256"}, "kid of a number": {"alg": "RS256", "kid": 1}, "own key": {"alg": "RS256", "kid": "key-1", "jwk": map[string]any{}},
		"access token": {"alg": "RS256", "kid": "key-1", "typ": "at+jwt"},
	} {
		add(name, issuer.Sign(t, header, payload))
	}
	return cases
}

// The edge checks tokens with other code than the server, which the vendor's SDK makes too
// large for it: both must say the same of every token.
func TestTheEdgeBelievesWhatTheServerBelieves(t *testing.T) {
	reasons := map[claims.Reason]bool{}
	for _, c := range tokenCases(t) {
		policy := claims.Policy{Issuer: c.issuer.Name, AuthorizedParties: []string{authtest.Origin}, Leeway: auth.DefaultLeeway}
		verifier, err := auth.NewVerifier(c.issuer, policy, func() time.Time { return tokensAt })
		if err != nil {
			t.Fatal(err)
		}
		want, refused := verifier.Verify(t.Context(), c.token)
		in, err := json.Marshal(c.in(false))
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			UserID, SessionID   string
			IssuedAt, ExpiresAt int64
			Refused             claims.Reason
			Expired             bool
		}
		if err := json.Unmarshal(core.Call("token", in), &got); err != nil {
			t.Fatal(err)
		}
		reasons[got.Refused] = true
		if got.Refused != claims.ReasonOf(refused) || got.Expired != auth.IsExpired(refused) {
			t.Errorf("%s: the edge says %q, the server %v", c.name, got.Refused, refused)
		}
		if refused == nil && (got.UserID != want.UserID || got.SessionID != want.SessionID || got.IssuedAt != want.IssuedAt.UnixMilli() || got.ExpiresAt != want.ExpiresAt.UnixMilli()) {
			t.Errorf("%s: %+v, want %+v", c.name, got, want)
		}
	}
	for _, reason := range claims.Reasons() {
		if !reasons[reason] {
			t.Errorf("no token was refused for %q", reason)
		}
	}
}
