package core

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"

	"notewire/auth/claims"
)

// The server checks tokens through a vendor's SDK, which is three times as large as all of
// this module. Here is the same with the standard library: a test holds the two together.

const minKeyBits = 2048

func refuseToken(reason claims.Reason, detail string) error {
	return &claims.Error{Reason: reason, Detail: detail}
}

// jwk is a key as JWKS documents have it. Other members are ignored by whoever reads one.
type jwk struct {
	Kty string `json:"kty"`
	Kid string `json:"kid"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	N   string `json:"n"`
	E   string `json:"e"`
}

// findKey returns the key that a token names, or the one there is.
func findKey(keys []jwk, id string, one bool) (*rsa.PublicKey, error) {
	for i := range keys {
		if !one && (id == "" || keys[i].Kid != id) {
			continue
		}
		if key := keys[i].rsa(); key != nil {
			return key, nil
		}
	}
	return nil, refuseToken(claims.ReasonKey, "the issuer publishes no key with this kid")
}

// rsa returns the key if it can verify RS256 signatures, and else nil.
func (k *jwk) rsa() *rsa.PublicKey {
	if k.Kty != "RSA" || k.Alg != "" && k.Alg != claims.Algorithm || k.Use != "" && k.Use != "sig" {
		return nil
	}
	n, nErr := base64.RawURLEncoding.DecodeString(k.N)
	e, eErr := base64.RawURLEncoding.DecodeString(k.E)
	exponent := new(big.Int).SetBytes(e)
	if nErr != nil || eErr != nil || !exponent.IsInt64() || exponent.Int64() > 1<<31-1 {
		return nil
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}
	if key.N.BitLen() < minKeyBits {
		return nil
	}
	return key
}

// verify checks the signature of a token.
func verify(t *claims.Token, key *rsa.PublicKey) error {
	sum := sha256.Sum256([]byte(t.Signed))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], t.Signature) != nil {
		return refuseToken(claims.ReasonSignature, "the signature does not match")
	}
	return nil
}
