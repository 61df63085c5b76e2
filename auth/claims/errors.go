package claims

import (
	"errors"
	"strconv"
)

// Reason says which rule a token broke. The set is closed: see [Reasons].
type Reason string

const (
	ReasonExpired     Reason = "expired"       // exp has passed; the only fault, so a fresh token will do
	ReasonNotYetValid Reason = "not_yet_valid" // nbf or iat lies in the future: somebody's clock is wrong
	ReasonIssuer      Reason = "issuer"        // signed for another instance
	ReasonParty       Reason = "azp"           // asked for by an origin that is not listed
	ReasonAudience    Reason = "audience"      // meant for another service
	ReasonSession     Reason = "session"       // not the token of an active session
	ReasonSubject     Reason = "subject"       // not a user
	ReasonMalformed   Reason = "malformed"     // not a token, or a claim is missing or of the wrong type
	ReasonSignature   Reason = "signature"     // not signed with RS256 by the key that it names
	ReasonKey         Reason = "key"           // names a key that the issuer does not publish
)

// Reasons returns every Reason, for tables that must cover all of them.
func Reasons() []Reason {
	return []Reason{
		ReasonExpired, ReasonNotYetValid, ReasonIssuer, ReasonParty, ReasonAudience,
		ReasonSession, ReasonSubject, ReasonMalformed, ReasonSignature, ReasonKey,
	}
}

// Error is a refused token: always the token's fault (HTTP 401), never ours.
//
// Detail is for logs. It never contains the token; an issuer or azp that did not
// match is quoted and shortened, because that is what an operator needs to see.
type Error struct {
	Reason Reason
	Detail string
}

func (e *Error) Error() string {
	return "token refused (" + string(e.Reason) + "): " + e.Detail
}

// ReasonOf returns the reason of the [*Error] in err's chain, or "" if there is
// none: then the token was not refused.
func ReasonOf(err error) Reason {
	if refused, ok := errors.AsType[*Error](err); ok {
		return refused.Reason
	}
	return ""
}

func refuse(reason Reason, detail string) *Error {
	return &Error{Reason: reason, Detail: detail}
}

// quote shortens and escapes a value from a token, so that a log line stays one.
func quote(value string) string {
	const most = 80
	if len(value) > most {
		return strconv.QuoteToASCII(value[:most]) + "..."
	}
	return strconv.QuoteToASCII(value)
}
