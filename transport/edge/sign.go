package edge

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// MinSecretBytes is how long a secret must be.
const MinSecretBytes = 32

// The headers of a signed request.
const (
	TimeHeader      = "Notewire-Edge-Time" // milliseconds since 1970
	SignatureHeader = "Notewire-Edge-Signature"
)

// window is how far the two clocks may differ, with the time that the request is under way.
const window = 30 * time.Second

// Sign signs a request. Whoever reads it on its way can send it again for 30 s, which has no
// effect: reads have none, a mutation has one, and a hint is only a hint.
func Sign(secret []byte, r *http.Request, body []byte, now time.Time) {
	at := strconv.FormatInt(now.UnixMilli(), 10)
	r.Header.Set(TimeHeader, at)
	r.Header.Set(SignatureHeader, hex.EncodeToString(signature(secret, r.Method, r.URL.EscapedPath(), at, body)))
}

// signature is over everything that a request means: the path has no query.
func signature(secret []byte, method, path, at string, body []byte) []byte {
	sum := sha256.Sum256(body)
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s\n%s\n%s\n%x", method, path, at, sum)
	return mac.Sum(nil)
}

// ErrSignature is every way in which a request is not the other's.
var ErrSignature = errors.New("the request is not signed by who knows the secret, within 30 s")

// Verify returns ErrSignature unless r, with that body, is signed.
func Verify(secret []byte, r *http.Request, body []byte, now time.Time) error {
	at := r.Header.Get(TimeHeader)
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || now.Sub(time.UnixMilli(ms)).Abs() > window {
		return ErrSignature
	}
	given, err := hex.DecodeString(r.Header.Get(SignatureHeader))
	if err != nil || !hmac.Equal(given, signature(secret, r.Method, r.URL.EscapedPath(), at, body)) {
		return ErrSignature
	}
	return nil
}
