package core

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"

	"notewire/auth/claims"
)

// The server checks tokens through a vendor's SDK, which is three times as large as all of
// this module. Here is the same with the standard library: a test holds the two together.

const (
	maxTokenBytes = 8 << 10
	algorithm     = "RS256"
	minKeyBits    = 2048
)

// refusedHeaders name a key of the token's own choice or change how it is to be read.
var refusedHeaders = []string{"jwk", "jku", "x5c", "x5u", "crit", "b64", "zip", "enc"}

// parsed is a token in its one spelling, unverified.
type parsed struct {
	keyID              string
	signed             string // what the signature is of
	payload, signature []byte
}

func refuseToken(reason claims.Reason, detail string) error {
	return &claims.Error{Reason: reason, Detail: detail}
}

func malformed(detail string) error { return refuseToken(claims.ReasonMalformed, detail) }

func parseToken(token string) (*parsed, error) {
	if len(token) > maxTokenBytes {
		return nil, malformed("longer than 8 KiB")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, malformed("not three parts")
	}
	var decoded [3][]byte
	for i, part := range parts {
		data, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") { // the decoder skips line breaks
			return nil, malformed("not base64url")
		}
		decoded[i] = data
	}
	keyID, err := headerKeyID(decoded[0])
	if err != nil {
		return nil, err
	}
	return &parsed{keyID: keyID, signed: parts[0] + "." + parts[1], payload: decoded[1], signature: decoded[2]}, nil
}

func headerKeyID(data []byte) (string, error) {
	var header map[string]json.RawMessage
	if err := json.Unmarshal(data, &header); err != nil {
		return "", malformed("the header is not a JSON object")
	}
	for _, name := range refusedHeaders {
		if _, present := header[name]; present {
			return "", malformed("the header has " + name)
		}
	}
	// OAuth access tokens ("at+jwt") are signed with the same keys.
	if typ, ok := headerString(header, "typ"); !ok || typ != "" && !strings.EqualFold(typ, "JWT") {
		return "", refuseToken(claims.ReasonSession, "typ is not JWT: not a session token")
	}
	if alg, ok := headerString(header, "alg"); !ok || alg != algorithm {
		return "", refuseToken(claims.ReasonSignature, "alg is not "+algorithm)
	}
	kid, ok := headerString(header, "kid")
	if !ok {
		return "", malformed("kid is not a string")
	}
	return kid, nil
}

// headerString returns "" for an absent member and false for one that is not a string.
func headerString(header map[string]json.RawMessage, name string) (string, bool) {
	raw, present := header[name]
	if !present {
		return "", true
	}
	var value *string
	if err := json.Unmarshal(raw, &value); err != nil || value == nil {
		return "", false
	}
	return *value, true
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
	if k.Kty != "RSA" || k.Alg != "" && k.Alg != algorithm || k.Use != "" && k.Use != "sig" {
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

func (t *parsed) verify(key *rsa.PublicKey) error {
	sum := sha256.Sum256([]byte(t.signed))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], t.signature) != nil {
		return refuseToken(claims.ReasonSignature, "the signature does not match")
	}
	return nil
}
