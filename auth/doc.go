// Package auth answers one question: whose token is this?
//
// A [Verifier] checks session tokens: RS256 signatures with Clerk's own SDK, then
// every rule of package [notewire/auth/claims], several of which the SDK leaves
// out (expiry is required, the issuer is compared exactly, azp must be present,
// machine and template tokens are refused). Its keys come from a [KeySource]:
//
//   - [JWKS], Clerk's published key set, cached;
//   - [PEM], one fixed key, no network;
//   - [LocalIssuer], which also mints tokens, for development.
//
// [NewClerk] builds the Verifier of a [Config] and refuses a configuration that
// is unsafe or cannot work. [LocalIssuer.Verifier] builds the one for
// development: the same code, other keys.
//
// An error of Verify is either a [*claims.Error], the token's fault (answer 401),
// or wraps [ErrUnavailable], ours (answer 503 and keep the client's session).
// [IsExpired] tells the one case that a fresh token repairs. No error text ever
// contains a token or a secret.
//
// A token says nothing of a sign-out since it was made. [Webhook] checks what Clerk tells of
// that; who keeps it, and asks, is not decided here.
//
// Everything here is safe for concurrent use and starts no goroutines. The clock
// is injectable; the environment is read by nobody here.
package auth
