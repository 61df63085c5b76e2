package auth

import (
	"errors"

	"notewire/auth/claims"
)

// ErrUnavailable means that a token could not be judged, because the issuer's
// keys cannot be had right now. It says nothing about the token: answer 503 and
// let the client try again with the same one.
var ErrUnavailable = errors.New("auth: the issuer's keys are unavailable")

// IsExpired reports whether err refuses a token that has expired and has no other
// fault: the client should fetch a fresh one and come again.
func IsExpired(err error) bool {
	return claims.ReasonOf(err) == claims.ReasonExpired
}
