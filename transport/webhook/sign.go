package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a delivery.
const (
	HeaderSignature = "Notewire-Signature" // t=<unix seconds>,v1=<hex HMAC-SHA256>
	HeaderCursor    = "Notewire-Cursor"    // the event's place in the account's log
	HeaderDelivery  = "Notewire-Delivery"  // the same whenever this event is posted again
)

// DefaultTolerance is how far the time of a signature may be from the receiver's.
const DefaultTolerance = 5 * time.Minute

// Why Verify refuses.
var (
	ErrSignature = errors.New("the signature is not good")
	ErrTime      = errors.New("the signature's time is too far from now")
)

// Sign returns the value of HeaderSignature for a body that is posted at a time. The key is the
// secret as text, prefix and all.
func Sign(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac(secret, t, body))
}

func mac(secret, t string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(t + "."))
	h.Write(body)
	return h.Sum(nil)
}

// Verify is for receivers: it returns nil if a request with that header and body was signed with
// the secret, at most tolerance ago or ahead (0: DefaultTolerance). body is the request's, byte for
// byte. The same request may come again: HeaderDelivery tells.
// Errors: ErrSignature, ErrTime.
func Verify(secret string, header http.Header, body []byte, tolerance time.Duration) error {
	return verify(secret, header.Get(HeaderSignature), body, tolerance, time.Now())
}

func verify(secret, header string, body []byte, tolerance time.Duration, now time.Time) error {
	if tolerance == 0 {
		tolerance = DefaultTolerance
	}
	t, signatures := parse(header)
	seconds, err := strconv.ParseInt(t, 10, 64)
	if err != nil || secret == "" {
		return ErrSignature
	}
	want, good := mac(secret, t, body), false
	for _, s := range signatures {
		got, err := hex.DecodeString(s)
		good = good || err == nil && hmac.Equal(got, want)
	}
	if !good {
		return ErrSignature
	}
	if at := time.Unix(seconds, 0); now.Sub(at) > tolerance || at.Sub(now) > tolerance {
		return ErrTime
	}
	return nil
}

// parse reads t=…,v1=…; what is unknown in it is for later versions.
func parse(header string) (t string, signatures []string) {
	for part := range strings.SplitSeq(header, ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			t = value
		case "v1":
			signatures = append(signatures, value)
		}
	}
	return t, signatures
}
