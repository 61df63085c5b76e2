package auth

import (
	"context"
	"crypto/rsa"
	"errors"
	"strconv"
	"strings"

	"github.com/clerk/clerk-sdk-go/v2"

	"notewire/auth/claims"
)

// minKeyBits is the shortest RSA key that is believed, as RFC 7518, 3.3 demands.
const minKeyBits = 2048

// KeySource finds the public keys that an issuer signs with.
type KeySource interface {
	// Key returns the RS256 key with the given id. A key that the issuer does not
	// publish is a [*claims.Error] with [claims.ReasonKey]; not knowing, because
	// the source cannot be asked, is any other error and best [ErrUnavailable].
	// The id comes from an unverified token: any string, also the empty one.
	//
	// It must be safe for concurrent use.
	Key(ctx context.Context, id string) (*rsa.PublicKey, error)
}

var _ KeySource = PEM{}

// PEM is one fixed key, whatever id a token names: Clerk's "JWT public key",
// which needs no network but does not follow a rotation.
type PEM struct {
	key *rsa.PublicKey
}

// ParsePEM reads an RSA public key of at least 2048 bits in a PEM block "PUBLIC
// KEY". Lines may also be separated by a literal \n, as many a dashboard for
// environment variables stores them.
func ParsePEM(text string) (PEM, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), `\n`, "\n")
	parsed, err := clerk.JSONWebKeyFromPEM(text)
	if err != nil {
		return PEM{}, errors.New("not a PEM block with a public key")
	}
	key, err := usableKey(parsed)
	if err != nil {
		return PEM{}, err
	}
	return PEM{key}, nil
}

// Key returns the key.
func (p PEM) Key(context.Context, string) (*rsa.PublicKey, error) {
	if p.key == nil {
		return nil, ErrUnavailable
	}
	return p.key, nil
}

// usableKey returns the key behind a JWK if it can verify RS256 signatures.
func usableKey(jwk *clerk.JSONWebKey) (*rsa.PublicKey, error) {
	key, isRSA := jwk.Key.(*rsa.PublicKey)
	switch {
	case !isRSA:
		return nil, errors.New("not an RSA public key")
	case key.N.BitLen() < minKeyBits:
		return nil, errors.New("an RSA key shorter than " + strconv.Itoa(minKeyBits) + " bits")
	case jwk.Algorithm != "" && jwk.Algorithm != claims.Algorithm:
		return nil, errors.New("not a key for " + claims.Algorithm)
	case jwk.Use != "" && jwk.Use != "sig":
		return nil, errors.New("not a key for signatures")
	}
	return key, nil
}

func unknownKey() error {
	return &claims.Error{Reason: claims.ReasonKey, Detail: "the issuer publishes no key with this kid"}
}
