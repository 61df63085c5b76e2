package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"notewire/auth"
	"notewire/functions"
)

// AuthFlags say whose tokens are good: Clerk's, or without Clerk settings, in local mode,
// those of an issuer of the server's own.
type AuthFlags struct {
	ClerkSecretKey      string   `env:"CLERK_SECRET_KEY" help:"Clerk's secret key: verify sessions with Clerk's published keys."`
	ClerkJwtKey         string   `env:"CLERK_JWT_KEY" help:"Clerk's JWT public key (PEM): verify sessions without the network."`
	ClerkIssuer         string   `env:"CLERK_ISSUER" help:"The exact issuer of the tokens: the instance's Frontend API URL."`
	ClerkPublishableKey string   `env:"CLERK_PUBLISHABLE_KEY" help:"The key with which the server's own page signs people in; tells the issuer, if CLERK_ISSUER does not."`
	AuthorizedParties   []string `env:"AUTHORIZED_PARTIES" help:"Origins of the apps whose tokens are accepted (azp)."`
	ClerkAudiences      []string `env:"CLERK_AUDIENCES" help:"Audiences to accept, for tokens that were given an aud."`
	ClerkWebhookSecret  string   `env:"CLERK_WEBHOOK_SECRET" help:"The signing secret (whsec_...) of Clerk's webhook to /api/clerk/webhook, which says who has signed out."`
	ClerkApiUrl         string   `name:"clerk-api-url" env:"CLERK_API_URL" help:"Clerk's backend API, if not its own; https or loopback."`

	LocalAuthOnAnyAddress string `name:"local-auth-on-any-address" env:"LOCAL_AUTH_ON_ANY_ADDRESS" help:"yes: local mode may listen beyond the loopback, as in a container whose port is published on the host's loopback only. Whoever reaches it is any user."`
}

// SignIn is what checks tokens; Local is nil in Clerk mode.
type SignIn struct {
	Verifier *auth.Verifier
	Local    *auth.LocalIssuer
	Exposed  bool // local mode beyond the loopback
	// Webhook is told by Clerk who has signed out; nil if no secret is configured.
	Webhook *auth.Webhook
	// With PublishableKey the server's own page signs people in; FrontendAPI is the origin that it
	// names. Both are empty where it is not set.
	PublishableKey, FrontendAPI string
}

// Open returns what checks tokens for a program that listens on host. In local mode it keeps
// the issuer's key in dataDir.
func (f *AuthFlags) Open(host, dataDir string) (*SignIn, error) {
	if f.ClerkSecretKey != "" || f.ClerkJwtKey != "" {
		verifier, err := auth.NewClerk(auth.Config{
			SecretKey: f.ClerkSecretKey, JWTKey: f.ClerkJwtKey, Issuer: f.ClerkIssuer,
			PublishableKey: f.ClerkPublishableKey, AuthorizedParties: f.AuthorizedParties,
			Audiences: f.ClerkAudiences, BaseURL: f.ClerkApiUrl,
		})
		if err != nil {
			return nil, err
		}
		in := &SignIn{Verifier: verifier}
		if f.ClerkPublishableKey != "" {
			in.PublishableKey = f.ClerkPublishableKey
			if in.FrontendAPI, err = auth.FrontendAPI(f.ClerkPublishableKey); err != nil {
				return nil, err
			}
		}
		if f.ClerkWebhookSecret != "" {
			in.Webhook, err = auth.NewWebhook(f.ClerkWebhookSecret, nil)
		}
		return in, err
	}
	if f.ClerkIssuer+f.ClerkPublishableKey+f.ClerkApiUrl+f.ClerkWebhookSecret != "" || len(f.AuthorizedParties)+len(f.ClerkAudiences) > 0 {
		return nil, errors.New("sign-in with Clerk is half configured: set CLERK_SECRET_KEY or CLERK_JWT_KEY, or for local mode none of the Clerk settings")
	}
	exposed := !functions.IsLoopback(host)
	if exposed && f.LocalAuthOnAnyAddress != "yes" {
		return nil, fmt.Errorf("local mode lets whoever reaches it be any user, and so listens on the loopback only, not on %q: "+
			"configure Clerk, or use --host 127.0.0.1, or, in a container whose port is published on the host's loopback only, set LOCAL_AUTH_ON_ANY_ADDRESS=yes", host)
	}
	local, err := auth.OpenLocalIssuer(filepath.Join(dataDir, "local-issuer.pem"))
	if err != nil {
		return nil, fmt.Errorf("%w (the data directory is %s; choose another with DATA_DIR)", err, dataDir)
	}
	verifier, err := local.Verifier(time.Now)
	return &SignIn{Verifier: verifier, Local: local, Exposed: exposed}, err
}
