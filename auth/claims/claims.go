// Package claims holds the rules that the content of a session token must
// satisfy before Notewire believes who sent it.
//
// It is the part of auth without I/O: no network, clock, goroutines or
// signatures, and only the standard library, so the same rules run in the
// server and, compiled to wasip1, at the edge. Whoever calls it has verified
// the signature over the payload first; a Claims value proves nothing by itself.
//
// Start at [Check]. Everything here is safe for concurrent use.
package claims

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// Claims is what Notewire reads of a token's payload; other members are
// ignored. A member that is absent or null is the zero value.
type Claims struct {
	Issuer          string   `json:"iss,omitempty"` // who signed it, an exact string
	Subject         string   `json:"sub,omitempty"` // the user
	SessionID       string   `json:"sid,omitempty"` // the sign-in that the token belongs to
	SessionStatus   string   `json:"sts,omitempty"` // "active", "pending", or absent in older tokens
	AuthorizedParty string   `json:"azp,omitempty"` // the Origin that asked for the token
	Audience        Audience `json:"aud,omitempty"` // whom it is meant for; usually absent
	ExpiresAt       Seconds  `json:"exp,omitempty"`
	NotBefore       Seconds  `json:"nbf,omitempty"`
	IssuedAt        Seconds  `json:"iat,omitempty"`
}

// Parse decodes a verified payload. Its error is an [*Error] with
// [ReasonMalformed].
func Parse(payload []byte) (Claims, error) {
	var c Claims
	if err := c.UnmarshalJSON(payload); err != nil {
		return Claims{}, err
	}
	return c, nil
}

// UnmarshalJSON decodes a JSON object. Names match exactly: encoding/json alone
// would also take a custom claim called "Sub" or "EXP" for ours.
func (c *Claims) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil || members == nil {
		return refuse(ReasonMalformed, "the claims are not a JSON object")
	}
	*c = Claims{}
	for _, field := range []struct {
		name string
		into any
	}{
		{"iss", &c.Issuer},
		{"sub", &c.Subject},
		{"sid", &c.SessionID},
		{"sts", &c.SessionStatus},
		{"azp", &c.AuthorizedParty},
		{"aud", &c.Audience},
		{"exp", &c.ExpiresAt},
		{"nbf", &c.NotBefore},
		{"iat", &c.IssuedAt},
	} {
		raw, present := members[field.name]
		if !present {
			continue
		}
		if err := json.Unmarshal(raw, field.into); err != nil {
			return refuse(ReasonMalformed, field.name+" has the wrong type")
		}
	}
	return nil
}

// Audience is the aud claim: in JSON one string or an array of strings.
type Audience []string

// UnmarshalJSON accepts both forms.
func (a *Audience) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		var one string
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		*a = Audience{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(data, &many); err != nil {
		return err
	}
	*a = many
	return nil
}

// Seconds is a time in whole seconds since 1970, as JWTs write it. Zero means
// that the claim is absent.
type Seconds int64

// maxSeconds (the year 5138) keeps every sum with a leeway far from overflow.
const maxSeconds = 1e11

// UnmarshalJSON accepts any JSON number up to maxSeconds; fractions are cut off.
func (s *Seconds) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*s = 0
		return nil
	}
	value, err := strconv.ParseFloat(string(data), 64)
	if err != nil || math.Abs(value) > maxSeconds {
		return refuse(ReasonMalformed, "a time is not a number of seconds")
	}
	*s = Seconds(value)
	return nil
}

// Time returns the moment in UTC, or the zero time if the claim is absent.
func (s Seconds) Time() time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(int64(s), 0).UTC()
}
