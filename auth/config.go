package auth

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"notewire/auth/claims"
)

// DefaultLeeway is the clock difference that is forgiven, as in Clerk's own SDKs.
const DefaultLeeway = 5 * time.Second

// Config is what varies in Clerk mode. The name of the environment variable that
// main reads each field from, and that errors mention, stands beside it.
type Config struct {
	SecretKey string // CLERK_SECRET_KEY: fetches the key set; follows rotations
	JWTKey    string // CLERK_JWT_KEY: a PEM public key; no network; wins over SecretKey

	// Issuer (CLERK_ISSUER) is the exact iss of the tokens: the instance's
	// Frontend API URL, or the proxy's URL if there is one. If it is empty, it is
	// derived from PublishableKey (CLERK_PUBLISHABLE_KEY), which contains the
	// Frontend API's host.
	Issuer         string
	PublishableKey string

	AuthorizedParties []string // AUTHORIZED_PARTIES: origins of the apps; at least one
	Audiences         []string // CLERK_AUDIENCES: only for tokens customised with aud

	Leeway  time.Duration // 0 means DefaultLeeway
	BaseURL string        // CLERK_API_URL: Clerk's backend API; empty means Clerk's own

	HTTPClient *http.Client     // nil means a client of our own
	Now        func() time.Time // nil means time.Now
}

// NewClerk returns the Verifier of a Clerk instance. It fails, naming the settings
// to change but never their values, if the configuration would accept tokens of
// other instances or apps, or could accept none. It does not use the network.
func NewClerk(c Config) (*Verifier, error) {
	policy, err := c.policy()
	if err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	keys, err := c.keySource()
	if err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	return NewVerifier(keys, policy, c.Now)
}

func (c Config) policy() (claims.Policy, error) {
	issuer, err := c.issuer()
	if err != nil {
		return claims.Policy{}, err
	}
	parties, err := origins(c.AuthorizedParties)
	if err != nil {
		return claims.Policy{}, err
	}
	leeway := c.Leeway
	if leeway == 0 {
		leeway = DefaultLeeway
	}
	if leeway < 0 {
		return claims.Policy{}, errors.New("the leeway is negative")
	}
	return claims.Policy{Issuer: issuer, AuthorizedParties: parties, Audiences: nonEmpty(c.Audiences), Leeway: leeway}, nil
}

func (c Config) keySource() (KeySource, error) {
	if c.JWTKey != "" {
		keys, err := ParsePEM(c.JWTKey)
		if err != nil {
			return nil, fmt.Errorf("CLERK_JWT_KEY: %w; copy it from the Clerk dashboard, API keys, JWT public key", err)
		}
		return keys, nil
	}
	secret := strings.TrimSpace(c.SecretKey)
	switch {
	case secret == "":
		return nil, errors.New("set CLERK_SECRET_KEY or CLERK_JWT_KEY")
	case !strings.HasPrefix(secret, "sk_"):
		return nil, errors.New("CLERK_SECRET_KEY does not start with sk_")
	case environment(secret) != environment(c.PublishableKey) && c.PublishableKey != "":
		return nil, errors.New("CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY are of different instances: one live, one test")
	}
	keys, err := NewJWKS(JWKSConfig{SecretKey: secret, BaseURL: c.BaseURL, HTTPClient: c.HTTPClient, Now: c.Now})
	if err != nil {
		return nil, fmt.Errorf("CLERK_SECRET_KEY, CLERK_API_URL: %w", err)
	}
	return keys, nil
}

// environment is the middle of a Clerk key: "live" or "test".
func environment(key string) string {
	parts := strings.SplitN(strings.TrimSpace(key), "_", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}

func nonEmpty(values []string) []string {
	var kept []string
	for _, value := range values {
		if value = strings.TrimSpace(value); value != "" {
			kept = append(kept, value)
		}
	}
	return kept
}
