// Package authtest stands in for Clerk in tests: an [Issuer] signs any claims, and
// a [Server] publishes its keys over HTTP as Clerk's backend API does.
//
// It makes tokens with the standard library alone, so that it shares no mistake
// with the code that checks them.
package authtest

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"math/big"
	"testing"
	"time"

	"notewire/auth/claims"
)

// What a token says unless the test says otherwise.
const (
	User     = "user_authtest"
	Session  = "sess_authtest"
	Origin   = "https://app.example.com"
	Lifetime = time.Minute
)

// Claims override those of a valid token by name; a nil value removes one.
type Claims map[string]any

// Issuer signs tokens with an RSA-2048 key of its own. Safe for concurrent use.
// It is also an auth.KeySource, for tests that need no HTTP.
type Issuer struct {
	Name  string // the iss of its tokens
	KeyID string // the kid of its key; any string that the test finds readable

	key *rsa.PrivateKey
}

// NewIssuer makes a key, which takes about 100 ms.
func NewIssuer(tb testing.TB, name, keyID string) *Issuer {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	return &Issuer{Name: name, KeyID: keyID, key: key}
}

// Mint returns what Clerk would give a browser at the moment now, a session token
// valid for Lifetime, with the given changes.
func (i *Issuer) Mint(tb testing.TB, now time.Time, changes Claims) string {
	tb.Helper()
	return i.Sign(tb, map[string]any{"alg": "RS256", "kid": i.KeyID, "typ": "JWT"}, i.claims(now, changes))
}

func (i *Issuer) claims(now time.Time, changes Claims) map[string]any {
	payload := map[string]any{
		"azp": Origin,
		"exp": now.Add(Lifetime).Unix(),
		"fva": []int{0, -1},
		"iat": now.Unix(),
		"iss": i.Name,
		"nbf": now.Add(-10 * time.Second).Unix(),
		"sid": Session,
		"sts": "active",
		"sub": User,
		"v":   2,
	}
	maps.Copy(payload, changes)
	maps.DeleteFunc(payload, func(_ string, value any) bool { return value == nil })
	return payload
}

// Sign returns a compact token of any header and payload, with an RS256 signature
// whatever the header claims.
func (i *Issuer) Sign(tb testing.TB, header, payload any) string {
	tb.Helper()
	signed := encode(tb, header) + "." + encode(tb, payload)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, digest[:])
	if err != nil {
		tb.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func encode(tb testing.TB, part any) string {
	tb.Helper()
	data, err := json.Marshal(part)
	if err != nil {
		tb.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// PEM returns the public key as CLERK_JWT_KEY has it.
func (i *Issuer) PEM(tb testing.TB) string {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(&i.key.PublicKey)
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// JWK returns the public key as a member of a key set.
func (i *Issuer) JWK() map[string]any {
	return map[string]any{
		"use": "sig",
		"kty": "RSA",
		"kid": i.KeyID,
		"alg": "RS256",
		"n":   base64.RawURLEncoding.EncodeToString(i.key.N.Bytes()),
		"e":   base64.RawURLEncoding.EncodeToString(big.NewInt(int64(i.key.E)).Bytes()),
	}
}

// Key returns the public key if id is KeyID.
func (i *Issuer) Key(_ context.Context, id string) (*rsa.PublicKey, error) {
	if id != i.KeyID {
		return nil, &claims.Error{Reason: claims.ReasonKey, Detail: "unknown kid"}
	}
	return &i.key.PublicKey, nil
}
