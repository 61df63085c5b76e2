package auth

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/jwt"
	"github.com/go-jose/go-jose/v3"

	"notewire/auth/claims"
)

// Identity is who a verified token speaks for. All fields are set.
type Identity struct {
	UserID    string    // 1 to 64 of [A-Za-z0-9_-]
	SessionID string    // the sign-in; the same in every token refreshed from it
	IssuedAt  time.Time // UTC, whole seconds; at most the leeway in the future
	ExpiresAt time.Time // UTC, whole seconds; may have passed by less than the leeway
}

// Verifier checks tokens of one issuer. Safe for concurrent use.
type Verifier struct {
	keys   KeySource
	policy claims.Policy
	now    func() time.Time
	seen   cache
}

// NewVerifier returns a Verifier of tokens that are signed with one of keys and
// fulfil policy. A nil now means time.Now. It fails without keys or issuer.
func NewVerifier(keys KeySource, policy claims.Policy, now func() time.Time) (*Verifier, error) {
	if keys == nil || policy.Issuer == "" {
		return nil, errors.New("auth: a verifier needs keys and an issuer")
	}
	return &Verifier{keys: keys, policy: policy, now: wallClock(now)}, nil
}

// Verify returns whose token this is.
//
// A refused token is a [*claims.Error]; not being able to judge it wraps
// [ErrUnavailable]. It blocks only while the KeySource fetches keys (see
// [JWKS.Key]). A verified token is remembered for up to 60 s, never beyond its
// expiry.
func (v *Verifier) Verify(ctx context.Context, token string) (Identity, error) {
	if len(token) > claims.MaxTokenBytes { // before it is hashed
		return Identity{}, claims.Malformed("longer than 8 KiB")
	}
	digest := sha256.Sum256([]byte(token))
	if id, ok := v.seen.get(digest, v.now()); ok {
		return id, nil
	}
	parsed, err := claims.ParseToken(token)
	if err != nil {
		return Identity{}, err
	}
	key, err := v.keys.Key(ctx, parsed.KeyID)
	if err != nil {
		return Identity{}, keyError(err)
	}
	now := v.now()
	id, err := v.verify(ctx, token, key, now)
	if err != nil {
		return Identity{}, err
	}
	v.seen.put(digest, id, now)
	return id, nil
}

// keyError holds a KeySource to its contract.
func keyError(err error) error {
	if claims.ReasonOf(err) != "" || errors.Is(err, ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// verify lets the SDK check the signature and its share of the claims, and then
// checks all of them by our own rules. Both must agree.
func (v *Verifier) verify(ctx context.Context, token string, key *rsa.PublicKey, now time.Time) (Identity, error) {
	var signed signedClaims
	_, sdkErr := jwt.Verify(ctx, &jwt.VerifyParams{
		Token:    token,
		JWK:      &clerk.JSONWebKey{Key: key, Algorithm: claims.Algorithm},
		Clock:    fixedClock(now),
		Leeway:   v.policy.Leeway,
		ProxyURL: &v.policy.Issuer, // the SDK compares this one exactly, unlike its default

		CustomClaimsConstructor: func(context.Context) any { return &signed },
	})
	if errors.Is(sdkErr, jose.ErrCryptoFailure) {
		return Identity{}, &claims.Error{Reason: claims.ReasonSignature, Detail: "the signature does not match"}
	}
	if !signed.decoded {
		return Identity{}, claims.Malformed("the claims cannot be decoded")
	}
	if err := claims.Check(signed.Claims, v.policy, now); err != nil {
		return Identity{}, err
	}
	if sdkErr != nil {
		return Identity{}, claims.Malformed("refused by the Clerk SDK")
	}
	return identity(signed.Claims), nil
}

func identity(c claims.Claims) Identity {
	return Identity{
		UserID:    c.Subject,
		SessionID: c.SessionID,
		IssuedAt:  c.IssuedAt.Time(),
		ExpiresAt: c.ExpiresAt.Time(),
	}
}

// signedClaims notices being decoded, which the SDK does only once the signature
// has been verified. That is how a refusal by the SDK gets our typed reason.
type signedClaims struct {
	claims.Claims
	decoded bool
}

func (s *signedClaims) UnmarshalJSON(payload []byte) error {
	if err := s.Claims.UnmarshalJSON(payload); err != nil {
		return err
	}
	s.decoded = true
	return nil
}

// fixedClock lets both checks of one token see the same time.
type fixedClock time.Time

func (c fixedClock) Now() time.Time { return time.Time(c) }
