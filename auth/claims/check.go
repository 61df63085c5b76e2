package claims

import (
	"slices"
	"time"
)

// Policy is what an instance of Notewire expects of a token.
type Policy struct {
	// Issuer must equal iss. If it is empty every token is refused.
	Issuer string

	// AuthorizedParties lists the origins that may ask for tokens. If it is not
	// empty, azp must be present and equal one of them.
	AuthorizedParties []string

	// Audiences lists our own names. A token without aud is for anyone; one with
	// aud must name one of these (RFC 7519, 4.1.3).
	Audiences []string

	// Leeway is how far the clocks of issuer and verifier may differ, in both
	// directions. A negative one counts as zero.
	Leeway time.Duration
}

// Check returns nil if the claims are those of a user's active session under the
// policy at the time now, else an [*Error] with the first rule that they break.
//
// Times come last: [ReasonExpired] means that nothing else is wrong, so that a
// client told to fetch a new token is never sent in circles.
func Check(c Claims, p Policy, now time.Time) error {
	for _, refused := range []*Error{
		checkIssuer(c, p),
		checkUserID(c.Subject),
		checkSession(c),
		checkParty(c, p),
		checkAudience(c, p),
		checkTimes(c, max(p.Leeway, 0), now),
	} {
		if refused != nil {
			return refused
		}
	}
	return nil
}

func checkIssuer(c Claims, p Policy) *Error {
	if p.Issuer == "" {
		return refuse(ReasonIssuer, "no issuer is configured")
	}
	if c.Issuer != p.Issuer {
		return refuse(ReasonIssuer, "iss is "+quote(c.Issuer)+", expected "+quote(p.Issuer))
	}
	return nil
}

// checkSession refuses tokens made from a JWT template or for OAuth clients,
// which have no sid, and sessions with unfinished sign-in tasks ("pending").
func checkSession(c Claims) *Error {
	if c.SessionID == "" {
		return refuse(ReasonSession, "sid is missing: not a session token")
	}
	if c.SessionStatus != "" && c.SessionStatus != "active" {
		return refuse(ReasonSession, "the session is not active")
	}
	return nil
}

func checkParty(c Claims, p Policy) *Error {
	if len(p.AuthorizedParties) == 0 || slices.Contains(p.AuthorizedParties, c.AuthorizedParty) && c.AuthorizedParty != "" {
		return nil
	}
	if c.AuthorizedParty == "" {
		return refuse(ReasonParty, "azp is missing")
	}
	return refuse(ReasonParty, "azp "+quote(c.AuthorizedParty)+" is not among the authorized parties")
}

func checkAudience(c Claims, p Policy) *Error {
	if len(c.Audience) == 0 {
		return nil
	}
	for _, name := range p.Audiences {
		if slices.Contains(c.Audience, name) {
			return nil
		}
	}
	return refuse(ReasonAudience, "aud names other services only")
}

// checkTimes demands exp and iat: without exp a token never ends, without iat
// nobody can tell how stale the sign-in behind an open connection is.
func checkTimes(c Claims, leeway time.Duration, now time.Time) *Error {
	latest := now.Add(leeway)
	switch {
	case c.ExpiresAt == 0:
		return refuse(ReasonMalformed, "exp is missing")
	case c.IssuedAt == 0:
		return refuse(ReasonMalformed, "iat is missing")
	case c.NotBefore.Time().After(latest):
		return refuse(ReasonNotYetValid, "nbf is in the future")
	case c.IssuedAt.Time().After(latest):
		return refuse(ReasonNotYetValid, "iat is in the future")
	case !now.Before(c.ExpiresAt.Time().Add(leeway)):
		return refuse(ReasonExpired, "exp has passed")
	}
	return nil
}
