package auth_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"notewire/auth"
	"notewire/auth/authtest"
	"notewire/auth/claims"
)

// FuzzVerify starts from genuine tokens as well: no change to one may pass.
func FuzzVerify(f *testing.F) {
	genuine, rogue := issuers(f)
	token := genuine.Mint(f, start, nil)
	minted := map[string]bool{token: true}
	parts := strings.Split(token, ".")
	for _, seed := range []string{
		token,
		rogue.Mint(f, start, nil),
		respell(token),
		parts[0] + "." + parts[1] + ".",
		encode(`{"alg":"none"}`) + "." + parts[1] + ".",
		hs256(genuine.PEM(f), genuine.KeyID, parts[1]),
		genuine.Sign(f, map[string]any{"alg": "RS256", "kid": "ins_1", "x5c": []string{"AAAA"}}, json.RawMessage("{}")),
		genuine.Mint(f, start, authtest.Claims{"exp": 1e300}),
		"..", "", "{}",
	} {
		f.Add(seed)
	}
	v := newVerifier(f, genuine, newClock().Now)
	f.Fuzz(func(t *testing.T, token string) {
		id, err := v.Verify(t.Context(), token)
		switch {
		case err == nil && !minted[token]:
			t.Fatalf("accepted a token that was never minted, as %+v", id)
		case err != nil && (claims.ReasonOf(err) == "" || errors.Is(err, auth.ErrUnavailable)):
			t.Fatalf("untyped refusal: %v", err)
		}
	})
}

// FuzzSignedClaims lets the right key sign any payload: the rules are then alone.
func FuzzSignedClaims(f *testing.F) {
	genuine, _ := issuers(f)
	f.Add(payloadOf(f, genuine.Mint(f, start, nil)))
	f.Add(payloadOf(f, genuine.Mint(f, start, authtest.Claims{"aud": []string{"x"}, "o": map[string]any{"id": "org_1", "fpm": "-1"}})))
	v := newVerifier(f, genuine, newClock().Now)
	f.Fuzz(func(t *testing.T, payload []byte) {
		if !json.Valid(payload) {
			t.Skip()
		}
		token := genuine.Sign(t, map[string]any{"alg": "RS256", "kid": genuine.KeyID}, json.RawMessage(payload))
		id, err := v.Verify(t.Context(), token)
		if err == nil && (claims.CheckUserID(id.UserID) != nil || id.SessionID == "" || id.IssuedAt.IsZero() || !id.ExpiresAt.After(start.Add(-auth.DefaultLeeway))) {
			t.Fatalf("accepted %s as %+v", payload, id)
		}
	})
}
