package auth

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"notewire/auth/claims"
)

// MaxTokenBytes is the longest token that is looked at. Clerk keeps its own below
// 4 KB, the limit of a cookie.
const MaxTokenBytes = 8 << 10

// algorithm is the only one accepted; Clerk signs with no other.
const algorithm = "RS256"

// refusedHeaders name a key of the token's own choice or change how it is to be
// read. No session token has them.
var refusedHeaders = []string{"jwk", "jku", "x5c", "x5u", "crit", "b64", "zip", "enc"}

// keyID checks the outer form of a token and returns the kid that it names. It
// comes before the vendor's parser, which also takes JSON serialisation,
// whitespace and embedded certificates.
func keyID(token string) (string, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", malformed("not three parts")
	}
	header, err := decodePart(parts[0])
	if err != nil {
		return "", err
	}
	// Strict decoding of all parts leaves one spelling per token.
	for _, part := range parts[1:] {
		if _, err := decodePart(part); err != nil {
			return "", err
		}
	}
	return headerKeyID(header)
}

func decodePart(part string) ([]byte, error) {
	// The decoder skips line breaks; a token has none.
	if strings.ContainsAny(part, "\r\n") {
		return nil, malformed("not base64url")
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, malformed("not base64url")
	}
	return data, nil
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
		return "", &claims.Error{Reason: claims.ReasonSession, Detail: "typ is not JWT: not a session token"}
	}
	if alg, ok := headerString(header, "alg"); !ok || alg != algorithm {
		return "", &claims.Error{Reason: claims.ReasonSignature, Detail: "alg is not " + algorithm}
	}
	kid, ok := headerString(header, "kid")
	if !ok {
		return "", malformed("kid is not a string")
	}
	return kid, nil
}

// headerString returns "" for an absent member and false for one that is not a
// string.
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

func malformed(detail string) error {
	return &claims.Error{Reason: claims.ReasonMalformed, Detail: detail}
}
