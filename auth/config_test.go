package auth_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"notewire/auth"
	"notewire/auth/authtest"
	"notewire/auth/claims"
)

func publishableKey(kind, host string) string {
	return "pk_" + kind + "_" + base64.StdEncoding.EncodeToString([]byte(host+"$"))
}

// complete is a configuration without a network. Its tokens are minted by issuers.
func complete(t *testing.T) auth.Config {
	genuine, _ := issuers(t)
	return auth.Config{
		JWTKey:            genuine.PEM(t),
		Issuer:            issuerName,
		AuthorizedParties: []string{authtest.Origin},
		Now:               newClock().Now,
	}
}

func TestNewClerkVerifiesOverHTTP(t *testing.T) {
	genuine, rogue := issuers(t)
	server := authtest.NewServer(t, genuine)
	v, err := auth.NewClerk(server.Config(genuine))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if id, err := v.Verify(t.Context(), genuine.Mint(t, now, nil)); err != nil || id.UserID != authtest.User {
		t.Fatalf("got %+v, %v", id, err)
	}
	if _, err := v.Verify(t.Context(), rogue.Mint(t, now, nil)); claims.ReasonOf(err) != claims.ReasonSignature {
		t.Fatalf("forged: %v", err)
	}
	if server.Requests() != 1 {
		t.Fatalf("%d requests", server.Requests())
	}
}

func TestNewClerkWithAWrongSecretIsUnavailable(t *testing.T) {
	genuine, _ := issuers(t)
	server := authtest.NewServer(t, genuine)
	config := server.Config(genuine)
	config.SecretKey = "sk_test_wrong"
	v, err := auth.NewClerk(config)
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Verify(t.Context(), genuine.Mint(t, time.Now(), nil))
	if !errors.Is(err, auth.ErrUnavailable) || !strings.Contains(err.Error(), "HTTP 401") || strings.Contains(err.Error(), "sk_test") {
		t.Fatalf("got %v", err)
	}
}

func TestNewClerkAccepts(t *testing.T) {
	genuine, _ := issuers(t)
	for name, tt := range map[string]struct {
		change func(*auth.Config)
		minted authtest.Claims
	}{
		"the complete configuration": {func(*auth.Config) {}, nil},
		"an issuer with a slash":     {func(c *auth.Config) { c.Issuer += "/" }, nil},
		"an issuer that is a proxy": {
			func(c *auth.Config) {
				c.Issuer, c.PublishableKey = "https://app.example.com/__clerk", publishableKey("live", "clerk.example.com")
			},
			authtest.Claims{"iss": "https://app.example.com/__clerk"},
		},
		"an issuer on loopback": {
			func(c *auth.Config) { c.Issuer = "http://localhost:4000" },
			authtest.Claims{"iss": "http://localhost:4000"},
		},
		"a publishable key instead of the issuer": {
			func(c *auth.Config) { c.Issuer, c.PublishableKey = "", publishableKey("live", "clerk.example.com") }, nil,
		},
		"a publishable key without padding": {
			func(c *auth.Config) {
				c.Issuer, c.PublishableKey = "", strings.TrimRight(publishableKey("test", "funny-cat-1.clerk.accounts.dev"), "=")
			},
			authtest.Claims{"iss": "https://funny-cat-1.clerk.accounts.dev"},
		},
		"origins as people write them": {
			func(c *auth.Config) { c.AuthorizedParties = []string{"", " HTTPS://App.Example.com:443/ "} }, nil,
		},
		"an app's origin": {
			func(c *auth.Config) { c.AuthorizedParties = []string{"capacitor://localhost"} },
			authtest.Claims{"azp": "capacitor://localhost"},
		},
		"an audience": {
			func(c *auth.Config) { c.Audiences = []string{" notewire "} },
			authtest.Claims{"aud": []string{"hasura", "notewire"}},
		},
		"the default leeway": {func(*auth.Config) {}, authtest.Claims{"exp": start.Unix() - 4}},
		"a longer leeway": {
			func(c *auth.Config) { c.Leeway = 10 * time.Second }, authtest.Claims{"exp": start.Unix() - 9},
		},
		"the PEM key before the secret key": {func(c *auth.Config) { c.SecretKey = "unused" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			config := complete(t)
			tt.change(&config)
			v, err := auth.NewClerk(config)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.Verify(t.Context(), genuine.Mint(t, start, tt.minted)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestNewClerkRefusesAndNamesTheSetting(t *testing.T) {
	for _, tt := range []struct {
		name   string
		say    []string
		change func(*auth.Config)
	}{
		{"no issuer", []string{"CLERK_ISSUER", "CLERK_PUBLISHABLE_KEY"}, func(c *auth.Config) { c.Issuer = "" }},
		{"issuer that is a host", []string{"CLERK_ISSUER"}, func(c *auth.Config) { c.Issuer = "clerk.example.com" }},
		{"issuer with a query", []string{"CLERK_ISSUER"}, func(c *auth.Config) { c.Issuer = "https://clerk.example.com?x" }},
		{"issuer with a password", []string{"CLERK_ISSUER"}, func(c *auth.Config) { c.Issuer = "https://a:b@clerk.example.com" }},
		{"issuer that is not a URL", []string{"CLERK_ISSUER"}, func(c *auth.Config) { c.Issuer = "https://%zz" }},
		{"secret as publishable key", []string{"CLERK_PUBLISHABLE_KEY"}, func(c *auth.Config) { c.Issuer, c.PublishableKey = "", "sk_test_hidden" }},
		{"publishable key cut off", []string{"CLERK_PUBLISHABLE_KEY"}, func(c *auth.Config) { c.Issuer, c.PublishableKey = "", "pk_test_Y2xlcms" }},
		{"publishable key not base64", []string{"CLERK_PUBLISHABLE_KEY"}, func(c *auth.Config) { c.Issuer, c.PublishableKey = "", "pk_test_!" }},
		{"publishable key with a path", []string{"CLERK_PUBLISHABLE_KEY"}, func(c *auth.Config) {
			c.Issuer, c.PublishableKey = "", publishableKey("live", "clerk.example.com/evil")
		}},
		{"no authorized parties", []string{"AUTHORIZED_PARTIES"}, func(c *auth.Config) { c.AuthorizedParties = nil }},
		{"blank authorized parties", []string{"AUTHORIZED_PARTIES"}, func(c *auth.Config) { c.AuthorizedParties = []string{" ", ""} }},
		{"any authorized party", []string{"AUTHORIZED_PARTIES"}, func(c *auth.Config) { c.AuthorizedParties = []string{"*"} }},
		{"pattern of parties", []string{"AUTHORIZED_PARTIES"}, func(c *auth.Config) { c.AuthorizedParties = []string{"https://*.example.com"} }},
		{"party that is a host", []string{"AUTHORIZED_PARTIES"}, func(c *auth.Config) { c.AuthorizedParties = []string{"app.example.com"} }},
		{"party with a path", []string{"AUTHORIZED_PARTIES"}, func(c *auth.Config) { c.AuthorizedParties = []string{"https://app.example.com/x"} }},
		{"no keys", []string{"CLERK_SECRET_KEY", "CLERK_JWT_KEY"}, func(c *auth.Config) { c.JWTKey = "" }},
		{"bad PEM", []string{"CLERK_JWT_KEY"}, func(c *auth.Config) { c.JWTKey = "garbage" }},
		{"publishable key as secret", []string{"CLERK_SECRET_KEY"}, func(c *auth.Config) { c.JWTKey, c.SecretKey = "", "pk_test_hidden" }},
		{"live and test", []string{"CLERK_SECRET_KEY", "CLERK_PUBLISHABLE_KEY"}, func(c *auth.Config) {
			c.JWTKey, c.SecretKey, c.PublishableKey = "", "sk_live_hidden", publishableKey("test", "clerk.example.com")
		}},
		{"API in clear", []string{"CLERK_API_URL"}, func(c *auth.Config) {
			c.JWTKey, c.SecretKey, c.BaseURL = "", "sk_live_hidden", "http://api.example.com/v1"
		}},
		{"negative leeway", []string{"leeway"}, func(c *auth.Config) { c.Leeway = -time.Second }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config := complete(t)
			tt.change(&config)
			_, err := auth.NewClerk(config)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, name := range tt.say {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("%q does not name %s", err, name)
				}
			}
			if strings.Contains(err.Error(), "hidden") {
				t.Errorf("%q contains the key", err)
			}
		})
	}
}

func TestNewClerkDoesNotUseTheNetwork(t *testing.T) {
	genuine, _ := issuers(t)
	config := authtest.NewServer(t, genuine).Config(genuine)
	config.HTTPClient = &http.Client{Transport: inProcess{before: func(*http.Request) error {
		t.Error("a request at start")
		return errors.New("no network")
	}}}
	if _, err := auth.NewClerk(config); err != nil {
		t.Fatal(err)
	}
}
