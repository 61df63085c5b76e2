package auth

import (
	"context"
	"crypto/rsa"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// keyTTL is how long a fetched set is believed. It does not slide: a key that
	// Clerk rotated out must not live on because it is in use.
	keyTTL = time.Hour

	// refetchPause is the shortest time between two fetches while a set is held,
	// so that tokens with invented key ids cannot make us flood Clerk.
	refetchPause = 30 * time.Second

	// coldPause replaces refetchPause while there is no set at all.
	coldPause = time.Second

	// maxStale ends stale-if-error. Clerk's tokens live for a minute and come from
	// Clerk, so after a day of outage nobody holds one that these keys verify.
	maxStale = 24 * time.Hour

	// fetchTimeout bounds one fetch.
	fetchTimeout = 5 * time.Second
)

// JWKSConfig says how to reach Clerk's key set.
type JWKSConfig struct {
	SecretKey string // required: Clerk's secret key
	BaseURL   string // of Clerk's backend API with its version; empty means Clerk's own

	HTTPClient *http.Client     // nil means a client of our own
	Now        func() time.Time // nil means time.Now
}

var _ KeySource = (*JWKS)(nil)

// JWKS is Clerk's key set, fetched on first use and kept for an hour.
//
//   - One fetch at a time; other callers who need it wait for its result.
//   - An unknown key id fetches again, at most once in 30 s.
//   - If a fetch fails, the last good set stays in use for up to 24 h since it was
//     fetched, and the next attempt is 30 s later (1 s if there is no set yet).
//   - Keys of a kind that we cannot use are left out and do no harm.
//
// Safe for concurrent use. It starts no goroutines and needs no closing.
type JWKS struct {
	fetch func(context.Context) (map[string]*rsa.PublicKey, error)
	now   func() time.Time

	// turn holds one token; whoever put it there is the one who fetches.
	turn chan struct{}

	mu        sync.Mutex                // guards what follows; never held during a fetch
	keys      map[string]*rsa.PublicKey // the last good set; nil before the first
	fetchedAt time.Time                 // when keys arrived
	triedAt   time.Time                 // when the last fetch ended, well or not
	failure   error                     // why the last fetch failed; nil if it did not
}

// NewJWKS returns a key source that has not fetched yet. It fails if the
// configuration cannot work.
func NewJWKS(c JWKSConfig) (*JWKS, error) {
	fetch, err := jwksFetch(c)
	if err != nil {
		return nil, err
	}
	return &JWKS{fetch: fetch, now: wallClock(c.Now), turn: make(chan struct{}, 1)}, nil
}

// Key returns the key with the given id. It blocks while a fetch is due: at most
// 5 s for the fetch, which goes on when ctx ends because others wait for it too.
// It returns [ErrUnavailable] if it cannot know whether there is such a key.
func (j *JWKS) Key(ctx context.Context, id string) (*rsa.PublicKey, error) {
	if id == "" {
		return nil, unknownKey()
	}
	key, due, err := j.lookup(id)
	if !due {
		return key, err
	}
	if key != nil && !j.tryTurn() {
		return key, nil
	}
	if key == nil {
		if err := j.waitTurn(ctx); err != nil {
			return nil, err
		}
	}
	defer func() { <-j.turn }()
	return j.refreshed(ctx, id)
}

// refreshed fetches unless the holder of the previous turn already did.
func (j *JWKS) refreshed(ctx context.Context, id string) (*rsa.PublicKey, error) {
	key, due, err := j.lookup(id)
	if !due {
		return key, err
	}
	j.refresh(ctx)
	key, due, err = j.lookup(id)
	if due && key == nil {
		return nil, fmt.Errorf("%w: the clock moved during the fetch", ErrUnavailable)
	}
	return key, err
}

func (j *JWKS) tryTurn() bool {
	select {
	case j.turn <- struct{}{}:
		return true
	default:
		return false
	}
}

func (j *JWKS) waitTurn(ctx context.Context) error {
	select {
	case j.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

// lookup answers from what is held, or says that a fetch is due. When a fetch is
// due, it still returns a key that may serve while someone else is fetching: an
// outage then delays one caller in 30 s and not all of them.
func (j *JWKS) lookup(id string) (key *rsa.PublicKey, due bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.now()
	if now.Sub(j.fetchedAt) >= maxStale {
		j.keys = nil
	}
	key = j.keys[id]
	if key != nil && within(now, j.fetchedAt, keyTTL) {
		return key, false, nil
	}
	if !within(now, j.triedAt, j.pause()) {
		if j.failure == nil {
			key = nil
		}
		return key, true, nil
	}
	switch {
	case key != nil:
		return key, false, nil
	case j.failure != nil:
		return nil, false, j.failure
	default:
		return nil, false, unknownKey()
	}
}

func (j *JWKS) pause() time.Duration {
	if j.keys == nil {
		return coldPause
	}
	return refetchPause
}

// refresh is called by the holder of turn. The fetch does not end with the
// caller's request: a client that aborts its requests could otherwise keep
// everyone from ever seeing a new key.
func (j *JWKS) refresh(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	defer cancel()
	keys, err := j.fetch(ctx)

	j.mu.Lock()
	defer j.mu.Unlock()
	j.triedAt, j.failure = j.now(), nil
	if err != nil {
		j.failure = fmt.Errorf("%w: fetch Clerk's keys: %w", ErrUnavailable, err)
		return
	}
	j.keys, j.fetchedAt = keys, j.triedAt
}

// within reports whether now is less than d after since. A clock that was set
// back counts as "not": better one fetch too many than keys that never age.
func within(now, since time.Time, d time.Duration) bool {
	elapsed := now.Sub(since)
	return !since.IsZero() && elapsed >= 0 && elapsed < d
}

// wallClock drops the monotonic reading: it stands still while a Lambda
// environment is frozen, and an hour would last for days.
func wallClock(now func() time.Time) func() time.Time {
	if now == nil {
		now = time.Now
	}
	return func() time.Time { return now().Round(0) }
}
