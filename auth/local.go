package auth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/go-jose/go-jose/v3/jwt"

	"notewire/auth/claims"
)

const (
	// LocalIssuerName is the iss of locally minted tokens.
	LocalIssuerName = "notewire-local"

	// LocalTokenLifetime is how long they are valid: Clerk's minute is a nuisance
	// at a terminal, and the server's staleness limit is an hour.
	LocalTokenLifetime = time.Hour
)

var _ KeySource = (*LocalIssuer)(nil)

// LocalIssuer mints session tokens for development. Whoever can call Mint, or read
// the key file, is every user; keep both on one machine. Safe for concurrent use.
type LocalIssuer struct {
	key    *rsa.PrivateKey
	keyID  string
	signer jose.Signer
}

// OpenLocalIssuer reads the key in the file at path, or creates file and directory
// (modes 0600 and 0700) with a new RSA-2048 key if there is none. Processes that
// do so at once end up with the same key, if the file system has hard links. A
// file that is not a key, or that others may read, is left alone, and the error
// says what to do.
func OpenLocalIssuer(path string) (*LocalIssuer, error) {
	key, err := openKeyFile(path)
	if err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	return newLocalIssuer(key)
}

func newLocalIssuer(key *rsa.PrivateKey) (*LocalIssuer, error) {
	thumbprint := sha256.Sum256(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	id := "local-" + base64.RawURLEncoding.EncodeToString(thumbprint[:12])
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: id}},
		new(jose.SignerOptions).WithType("JWT"),
	)
	if err != nil {
		return nil, fmt.Errorf("auth: local signer: %w", err)
	}
	return &LocalIssuer{key: key, keyID: id, signer: signer}, nil
}

// Mint returns a token for the user, valid from now (cut to whole seconds) for
// LocalTokenLifetime, with a session of its own. It fails with a
// [*claims.Error] if userID is not one that a Verifier would accept.
func (l *LocalIssuer) Mint(userID string, now time.Time) (token string, expiresAt time.Time, err error) {
	if err := claims.CheckUserID(userID); err != nil {
		return "", time.Time{}, fmt.Errorf("auth: no local token for %.80q: %w", userID, err)
	}
	issued := claims.Seconds(now.Unix())
	expires := issued + claims.Seconds(LocalTokenLifetime/time.Second)
	token, err = jwt.Signed(l.signer).Claims(claims.Claims{
		Issuer:        LocalIssuerName,
		Subject:       userID,
		SessionID:     "sess_local_" + rand.Text(),
		SessionStatus: "active",
		IssuedAt:      issued,
		NotBefore:     issued,
		ExpiresAt:     expires,
	}).CompactSerialize()
	if err != nil {
		return "", time.Time{}, fmt.Errorf("auth: sign a local token: %w", err)
	}
	return token, expires.Time(), nil
}

// Key returns the public key if id names it.
func (l *LocalIssuer) Key(_ context.Context, id string) (*rsa.PublicKey, error) {
	if id != l.keyID {
		return nil, unknownKey()
	}
	return &l.key.PublicKey, nil
}

// Verifier returns the Verifier of this issuer's tokens. Authorized parties do not
// apply: who may ask for a local token is decided where it is minted. A nil now
// means time.Now.
func (l *LocalIssuer) Verifier(now func() time.Time) (*Verifier, error) {
	return NewVerifier(l, claims.Policy{Issuer: LocalIssuerName, Leeway: DefaultLeeway}, now)
}
