package auth_test

import (
	"context"
	"errors"
	"fmt"

	"notewire/auth"
)

func ExampleNewClerk() {
	_, err := auth.NewClerk(auth.Config{SecretKey: "sk_test_x", AuthorizedParties: []string{"https://app.example.com"}})
	fmt.Println(err)
	// Output:
	// auth: the issuer is unknown: set CLERK_ISSUER to the Frontend API URL of the Clerk instance (Clerk dashboard, Domains), or set CLERK_PUBLISHABLE_KEY, which contains it
}

func ExampleVerifier_Verify() {
	var v *auth.Verifier // from NewClerk or LocalIssuer.Verifier
	status := func(ctx context.Context, token string) int {
		_, err := v.Verify(ctx, token)
		switch {
		case err == nil:
			return 200
		case errors.Is(err, auth.ErrUnavailable):
			return 503
		default:
			return 401
		}
	}
	_ = status
}
