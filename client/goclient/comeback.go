package goclient

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// retryAfter is how long the server asked to wait; 0 if it did not say.
func retryAfter(err error) time.Duration {
	if c, ok := errors.AsType[*Closed](err); ok {
		return c.RetryAfter
	}
	if r, ok := errors.AsType[*Refusal](err); ok {
		return time.Duration(r.RetryAfterMs) * time.Millisecond
	}
	return 0
}

// brief is how long a connection must have lived for the server to be taken at its word that
// there is no need to wait: one that says so of every connection would be asked without end.
const brief = time.Second

// atOnce says whether to come back without waiting.
func (f *follower) atOnce(err error) bool {
	c, ok := errors.AsType[*Closed](err)
	return ok && c.AtOnce && f.lived >= brief
}

// needsToken says whether the token was refused, and another could be taken.
func needsToken(err error) bool {
	c, ok := errors.AsType[*Closed](err)
	return ok && c.Code == CodeTokenExpired || statusOf(err) == http.StatusUnauthorized
}

// hasAnother says whether there is a token to come back with.
func (f *follower) hasAnother(ctx context.Context, refused string) bool {
	token, err := f.token(ctx)
	return err != nil || token != refused
}

// mayComeBack says whether connecting again could help.
func mayComeBack(err error) bool {
	if c, ok := errors.AsType[*Closed](err); ok {
		return c.Reconnect
	}
	switch status := statusOf(err); status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	default:
		return (status == 0 || status >= 500) && !errors.Is(err, ErrTooLarge)
	}
}
