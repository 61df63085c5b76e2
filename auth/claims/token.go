package claims

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// MaxTokenBytes is the longest token that is looked at. Clerk keeps its own below 4 KB, the
// limit of a cookie.
const MaxTokenBytes = 8 << 10

// Algorithm is the only one accepted; Clerk signs with no other.
const Algorithm = "RS256"

// refusedHeaders name a key of the token's own choice or change how it is to be read. No
// session token has them.
var refusedHeaders = []string{"jwk", "jku", "x5c", "x5u", "crit", "b64", "zip", "enc"}

// Token is a token in its one spelling, unverified.
type Token struct {
	KeyID              string // the kid that it names; empty if it names none
	Signed             string // what the signature is of
	Payload, Signature []byte
}

// ParseToken checks the outer form of a token. It comes before any parser of a vendor's, which may
// also take JSON serialisation, whitespace and embedded certificates. Errors are *Error.
func ParseToken(token string) (*Token, error) {
	if len(token) > MaxTokenBytes {
		return nil, Malformed("longer than 8 KiB")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, Malformed("not three parts")
	}
	var decoded [3][]byte // strictly: that leaves one spelling per token
	for i, part := range parts {
		data, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") { // the decoder skips line breaks
			return nil, Malformed("not base64url")
		}
		decoded[i] = data
	}
	keyID, err := headerKeyID(decoded[0])
	if err != nil {
		return nil, err
	}
	return &Token{KeyID: keyID, Signed: parts[0] + "." + parts[1], Payload: decoded[1], Signature: decoded[2]}, nil
}

func headerKeyID(data []byte) (string, error) {
	var header map[string]json.RawMessage
	if err := json.Unmarshal(data, &header); err != nil {
		return "", Malformed("the header is not a JSON object")
	}
	for _, name := range refusedHeaders {
		if _, present := header[name]; present {
			return "", Malformed("the header has " + name)
		}
	}
	// OAuth access tokens ("at+jwt") are signed with the same keys.
	if typ, ok := headerString(header, "typ"); !ok || typ != "" && !strings.EqualFold(typ, "JWT") {
		return "", &Error{Reason: ReasonSession, Detail: "typ is not JWT: not a session token"}
	}
	if alg, ok := headerString(header, "alg"); !ok || alg != Algorithm {
		return "", &Error{Reason: ReasonSignature, Detail: "alg is not " + Algorithm}
	}
	kid, ok := headerString(header, "kid")
	if !ok {
		return "", Malformed("kid is not a string")
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

// Malformed returns the error of a token that cannot be read.
func Malformed(detail string) error {
	return &Error{Reason: ReasonMalformed, Detail: detail}
}
