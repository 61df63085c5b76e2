package claims_test

import (
	"strings"
	"testing"
	"time"

	"notewire/auth/claims"
)

var now = time.Unix(1_800_000_000, 0)

const (
	issuer = "https://clerk.example.com"
	origin = "https://app.example.com"
)

func valid() claims.Claims {
	return claims.Claims{
		Issuer:          issuer,
		Subject:         "user_2abcDEF",
		SessionID:       "sess_1",
		SessionStatus:   "active",
		AuthorizedParty: origin,
		ExpiresAt:       at(60),
		NotBefore:       at(-10),
		IssuedAt:        at(0),
	}
}

func policy() claims.Policy {
	return claims.Policy{Issuer: issuer, AuthorizedParties: []string{"https://other.example.com", origin}, Leeway: 5 * time.Second}
}

func at(seconds int64) claims.Seconds { return claims.Seconds(now.Unix() + seconds) }

func TestCheckAccepts(t *testing.T) {
	for name, change := range map[string]func(*claims.Claims, *claims.Policy){
		"a valid session":                   func(*claims.Claims, *claims.Policy) {},
		"no sts, as in older tokens":        func(c *claims.Claims, _ *claims.Policy) { c.SessionStatus = "" },
		"no nbf":                            func(c *claims.Claims, _ *claims.Policy) { c.NotBefore = 0 },
		"exp within the leeway":             func(c *claims.Claims, _ *claims.Policy) { c.ExpiresAt = at(-4) },
		"nbf within the leeway":             func(c *claims.Claims, _ *claims.Policy) { c.NotBefore = at(5) },
		"iat within the leeway":             func(c *claims.Claims, _ *claims.Policy) { c.IssuedAt = at(5) },
		"no azp when none is demanded":      func(c *claims.Claims, p *claims.Policy) { c.AuthorizedParty, p.AuthorizedParties = "", nil },
		"foreign azp when none is listed":   func(c *claims.Claims, p *claims.Policy) { c.AuthorizedParty, p.AuthorizedParties = "x", nil },
		"aud that names us among others":    func(c *claims.Claims, p *claims.Policy) { c.Audience, p.Audiences = []string{"a", "b"}, []string{"b"} },
		"no aud though audiences are set":   func(_ *claims.Claims, p *claims.Policy) { p.Audiences = []string{"b"} },
		"a user id of 64 characters":        func(c *claims.Claims, _ *claims.Policy) { c.Subject = strings.Repeat("a", 64) },
		"a user id like a machine's inside": func(c *claims.Claims, _ *claims.Policy) { c.Subject = "user_mch_1" },
	} {
		t.Run(name, func(t *testing.T) {
			c, p := valid(), policy()
			change(&c, &p)
			if err := claims.Check(c, p, now); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		want   claims.Reason
		change func(*claims.Claims, *claims.Policy)
	}{
		{"no exp", claims.ReasonMalformed, func(c *claims.Claims, _ *claims.Policy) { c.ExpiresAt = 0 }},
		{"no iat", claims.ReasonMalformed, func(c *claims.Claims, _ *claims.Policy) { c.IssuedAt = 0 }},
		{"exp past the leeway", claims.ReasonExpired, func(c *claims.Claims, _ *claims.Policy) { c.ExpiresAt = at(-5) }},
		{"exp now, without leeway", claims.ReasonExpired, func(c *claims.Claims, p *claims.Policy) { c.ExpiresAt, p.Leeway = at(0), 0 }},
		{"negative leeway is none", claims.ReasonExpired, func(c *claims.Claims, p *claims.Policy) { c.ExpiresAt, p.Leeway = at(0), -time.Hour }},
		{"nbf in the future", claims.ReasonNotYetValid, func(c *claims.Claims, _ *claims.Policy) { c.NotBefore = at(6) }},
		{"iat in the future", claims.ReasonNotYetValid, func(c *claims.Claims, _ *claims.Policy) { c.IssuedAt = at(6) }},
		{"other issuer", claims.ReasonIssuer, func(c *claims.Claims, _ *claims.Policy) { c.Issuer = "https://clerk.example.org" }},
		{"longer issuer", claims.ReasonIssuer, func(c *claims.Claims, _ *claims.Policy) { c.Issuer += "/" }},
		{"issuer of another case", claims.ReasonIssuer, func(c *claims.Claims, _ *claims.Policy) { c.Issuer = "https://Clerk.example.com" }},
		{"issuer that holds .clerk.accounts", claims.ReasonIssuer, func(c *claims.Claims, _ *claims.Policy) { c.Issuer = "https://evil.example/.clerk.accounts" }},
		{"no issuer", claims.ReasonIssuer, func(c *claims.Claims, _ *claims.Policy) { c.Issuer = "" }},
		{"no issuer configured", claims.ReasonIssuer, func(_ *claims.Claims, p *claims.Policy) { p.Issuer = "" }},
		{"no issuer on either side", claims.ReasonIssuer, func(c *claims.Claims, p *claims.Policy) { c.Issuer, p.Issuer = "", "" }},
		{"no sub", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "" }},
		{"sub of 65 characters", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = strings.Repeat("a", 65) }},
		{"sub with a slash", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "user/1" }},
		{"sub with a line break", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "user_1\n" }},
		{"sub with a letter beyond ASCII", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "usér" }},
		{"machine", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "mch_2abc" }},
		{"machine-to-machine token", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "mt_2abc" }},
		{"old machine-to-machine token", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "m2m_2abc" }},
		{"OAuth access token", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "oat_2abc" }},
		{"API key", claims.ReasonSubject, func(c *claims.Claims, _ *claims.Policy) { c.Subject = "ak_2abc" }},
		{"no sid, as from a JWT template", claims.ReasonSession, func(c *claims.Claims, _ *claims.Policy) { c.SessionID = "" }},
		{"pending session", claims.ReasonSession, func(c *claims.Claims, _ *claims.Policy) { c.SessionStatus = "pending" }},
		{"session status of the future", claims.ReasonSession, func(c *claims.Claims, _ *claims.Policy) { c.SessionStatus = "Active" }},
		{"no azp", claims.ReasonParty, func(c *claims.Claims, _ *claims.Policy) { c.AuthorizedParty = "" }},
		{"no azp though the list has an empty entry", claims.ReasonParty, func(c *claims.Claims, p *claims.Policy) {
			c.AuthorizedParty, p.AuthorizedParties = "", []string{""}
		}},
		{"foreign azp", claims.ReasonParty, func(c *claims.Claims, _ *claims.Policy) { c.AuthorizedParty = "https://evil.example" }},
		{"azp that starts like ours", claims.ReasonParty, func(c *claims.Claims, _ *claims.Policy) { c.AuthorizedParty = origin + ".evil.example" }},
		{"aud when we have no name", claims.ReasonAudience, func(c *claims.Claims, _ *claims.Policy) { c.Audience = []string{"other"} }},
		{"aud that names others", claims.ReasonAudience, func(c *claims.Claims, p *claims.Policy) { c.Audience, p.Audiences = []string{"other"}, []string{"us"} }},
		{"expired and foreign: no fresh token helps", claims.ReasonParty, func(c *claims.Claims, _ *claims.Policy) {
			c.ExpiresAt, c.AuthorizedParty = at(-100), "https://evil.example"
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, p := valid(), policy()
			tt.change(&c, &p)
			if got := claims.ReasonOf(claims.Check(c, p, now)); got != tt.want {
				t.Fatalf("reason %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDetailsQuoteAndShortenForeignValues(t *testing.T) {
	c := valid()
	c.Issuer = "https://evil.example/\n" + strings.Repeat("x", 1000)
	message := claims.Check(c, policy(), now).Error()
	if strings.Contains(message, "\n") || len(message) > 300 {
		t.Fatalf("not one short line: %q", message)
	}
}
