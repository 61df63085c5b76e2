package core

import (
	"time"

	"notewire/auth/claims"
	"notewire/notes"
)

// tokenIn is a session token, and what the edge holds it against.
type tokenIn struct {
	Token  string       `json:"token"`
	Now    notes.Millis `json:"now"`
	Keys   []jwk        `json:"keys"`
	Policy tokenPolicy  `json:"policy"`
}

// tokenPolicy is claims.Policy.
type tokenPolicy struct {
	Issuer    string   `json:"issuer"`
	Parties   []string `json:"parties"`
	Audiences []string `json:"audiences"`
	LeewayMS  int64    `json:"leewayMs"`
	// OneKey says that Keys is one fixed key, whatever id a token names.
	OneKey bool `json:"oneKey"`
}

// tokenOut is whose token it is, or why it is refused.
type tokenOut struct {
	User      notes.UserID  `json:"userId,omitempty"`
	SessionID string        `json:"sessionId,omitempty"`
	IssuedAt  notes.Millis  `json:"issuedAt,omitempty"`
	ExpiresAt notes.Millis  `json:"expiresAt,omitempty"`
	Refused   claims.Reason `json:"refused,omitempty"`
	Detail    string        `json:"detail,omitempty"` // for logs; never the token
	Expired   bool          `json:"expired,omitempty"`
}

// token checks a token by the rules of the server's verifier.
func token(in tokenIn) (tokenOut, error) {
	c, refused := in.claims()
	if refused == nil {
		policy := claims.Policy{
			Issuer: in.Policy.Issuer, AuthorizedParties: in.Policy.Parties, Audiences: in.Policy.Audiences,
			Leeway: time.Duration(in.Policy.LeewayMS) * time.Millisecond,
		}
		refused = claims.Check(c, policy, time.UnixMilli(int64(in.Now)))
	}
	if refused != nil {
		reason := claims.ReasonOf(refused)
		return tokenOut{Refused: reason, Detail: refused.Error(), Expired: reason == claims.ReasonExpired}, nil
	}
	return tokenOut{
		User: notes.UserID(c.Subject), SessionID: c.SessionID,
		IssuedAt: notes.MillisOf(c.IssuedAt.Time()), ExpiresAt: notes.MillisOf(c.ExpiresAt.Time()),
	}, nil
}

// claims returns what a token says, once its signature is known to be good.
func (in *tokenIn) claims() (claims.Claims, error) {
	t, err := claims.ParseToken(in.Token)
	if err != nil {
		return claims.Claims{}, err
	}
	key, err := findKey(in.Keys, t.KeyID, in.Policy.OneKey)
	if err != nil {
		return claims.Claims{}, err
	}
	if err := verify(t, key); err != nil {
		return claims.Claims{}, err
	}
	return claims.Parse(t.Payload)
}
