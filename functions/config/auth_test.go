package config

import (
	"strings"
	"testing"

	"notewire/auth/authtest"
)

func TestAWebhookSecretIsForClerkAndIsChecked(t *testing.T) {
	issuer := authtest.NewIssuer(t, "https://clerk.example.com", "ins_1")
	clerk := AuthFlags{ClerkJwtKey: issuer.PEM(t), ClerkIssuer: issuer.Name, AuthorizedParties: []string{authtest.Origin}}
	for name, c := range map[string]struct {
		flags  AuthFlags
		secret string
		hook   bool
		fault  string
	}{
		"none":          {clerk, "", false, ""},
		"good":          {clerk, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true, ""},
		"another key":   {clerk, "sk_test_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false, "CLERK_WEBHOOK_SECRET"},
		"without Clerk": {AuthFlags{}, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false, "half configured"},
	} {
		c.flags.ClerkWebhookSecret = c.secret
		in, err := c.flags.Open("127.0.0.1", t.TempDir())
		if (err == nil) != (c.fault == "") || err != nil && (!strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "MfKQ")) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (in.Webhook != nil) != c.hook {
			t.Errorf("%s: a webhook: %v", name, in.Webhook != nil)
		}
	}
}
