package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Envelope is a signed message of the account dialect (seed 000, A1.6).
type Envelope struct {
	Payload   []byte // the message, as it came
	Timestamp int64  // ms since 1970, by the client's clock; -1 if it is no whole number
	Nonce     string // as it came, in its quotes

	signature string
	signed    []byte
}

// Unseal returns the envelope that a frame is, or false: then it is a plain message, or none.
// As the ancestor has it, an envelope has all four members, of the right kinds.
func Unseal(data []byte) (e Envelope, sealed bool) {
	if !bytes.Contains(data, []byte(`"signature"`)) || !bytes.Contains(data, []byte(`"nonce"`)) {
		return e, false // almost all
	}
	var m struct {
		Payload   jsontext.Value `json:"payload"`
		Signature *string        `json:"signature"`
		Timestamp jsontext.Value `json:"timestamp"`
		Nonce     jsontext.Value `json:"nonce"`
	}
	if decodeFrame(data, &m) != nil || m.Payload == nil || m.Signature == nil || m.Timestamp.Kind() != '0' || m.Nonce.Kind() != '"' {
		return e, false
	}
	e = Envelope{Payload: m.Payload, Nonce: string(m.Nonce), signature: *m.Signature}
	var err error
	if e.Timestamp, err = strconv.ParseInt(string(m.Timestamp), 10, 64); err != nil {
		e.Timestamp = -1
	}
	// The very bytes that came: encoding them again would escape and order them otherwise.
	e.signed = slices.Concat([]byte(`{"payload":`), m.Payload, []byte(`,"timestamp":`), m.Timestamp, []byte(`,"nonce":`), m.Nonce, []byte(`}`))
	return e, true
}

// SignedWith reports whether the envelope was signed with a secret. How long it takes says
// nothing of the right signature.
func (e *Envelope) SignedWith(secret string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(e.signed)
	return hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(e.signature))
}
