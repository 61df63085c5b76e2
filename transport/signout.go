package transport

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"notewire/notes"
)

// SignOuts keeps which sign-ins have ended before their tokens did, for all instances.
// Implementations are safe for concurrent use.
type SignOuts interface {
	// EndSignIn notes that a sign-in has ended. It may be forgotten after until.
	EndSignIn(ctx context.Context, sid string, until time.Time) error
	// EndedSignIns returns those of sids, at most SignInsAtOnce, that have ended.
	EndedSignIns(ctx context.Context, sids []string) ([]string, error)
}

// SignInsAtOnce is how many sign-ins are asked for in one call.
const SignInsAtOnce = 100

const (
	// heardFor is how long a sign-in is taken to go on without asking again. With the time
	// between two sweeps it bounds how long a sign-out takes.
	heardFor = time.Second
	// heardMost bounds what is remembered: about 2 MB.
	heardMost = 10_000
	// endedMargin is how long a sign-out is kept beyond the last of its tokens.
	endedMargin = 10 * time.Minute
)

// SignOut ends a sign-in: its tokens, the last of which ends at tokensEnd, are refused from now
// on, and its connections end, here at once. A zero tokensEnd stands for tokens that live no
// longer than a connection may without a fresh one.
// Errors: Unavailable.
func (x *Sessions) SignOut(ctx context.Context, sid string, tokensEnd time.Time) error {
	if x.SignOuts == nil || sid == "" {
		return nil
	}
	until := time.Now().Add(x.Options.TokenStaleness)
	if tokensEnd.After(until) {
		until = tokensEnd
	}
	if err := x.SignOuts.EndSignIn(ctx, sid, until.Add(endedMargin)); err != nil {
		return fmt.Errorf("%w: %w", errSignOuts, err)
	}
	x.haveEnded([]string{sid})
	return nil
}

var errSignOuts = &notes.Error{Code: notes.Unavailable, Message: "It cannot be known now who has signed out; try again", RetryAfter: 1000}

var errSignedOut = notes.Refuse(notes.Unauthenticated, "Signed out")

// haveEnded ends connections after what is new is known to those that are about to begin.
func (x *Sessions) haveEnded(sids []string) {
	if len(sids) == 0 {
		return
	}
	for _, sid := range sids {
		x.heard.hear(sid, true, time.Now())
	}
	x.running.end(sids)
}

// SignedOut reports whether a sign-in has ended. The answer may be a second old.
// Errors: Unavailable.
func (x *Sessions) SignedOut(ctx context.Context, sid string) (bool, error) {
	if x.SignOuts == nil || sid == "" {
		return false, nil
	}
	now := time.Now()
	if ended, known := x.heard.about(sid, now); known {
		return ended, nil
	}
	ended, err := x.SignOuts.EndedSignIns(ctx, []string{sid})
	if err != nil {
		return false, fmt.Errorf("%w: %w", errSignOuts, err)
	}
	x.heard.hear(sid, len(ended) > 0, now)
	return len(ended) > 0, nil
}

// SweepSignOutsEvery ends, until ctx ends, connections whose sign-ins have ended elsewhere.
func (x *Sessions) SweepSignOutsEvery(ctx context.Context, every time.Duration, log *slog.Logger) {
	sweepEvery(ctx, every, x.SweepSignOuts, func(err error) { log.Warn("it cannot be known who has signed out elsewhere", "error", err) })
}

// SweepSignOuts looks once, for every connection here. What cannot be asked does not keep it
// from the rest; it returns the first error.
func (x *Sessions) SweepSignOuts(ctx context.Context) (first error) {
	if x.SignOuts == nil {
		return nil
	}
	for sids := range slices.Chunk(x.running.signIns(), SignInsAtOnce) {
		ended, err := x.SignOuts.EndedSignIns(ctx, sids)
		first = cmp.Or(first, err)
		x.haveEnded(ended)
	}
	return first
}

// hearsay remembers what was heard of sign-ins, so that a burst of requests asks once. The
// zero value is ready.
type hearsay struct {
	mu    sync.Mutex
	ended map[string]bool
	goOn  map[string]int64 // when that was asked, in ms: monotonic clocks stand still in frozen environments
}

func (h *hearsay) about(sid string, now time.Time) (ended, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended[sid] {
		return true, true
	}
	asked, ok := h.goOn[sid]
	age := now.UnixMilli() - asked
	return false, ok && age >= 0 && age < heardFor.Milliseconds()
}

// hear remembers what was so at a time. When there is too much it forgets all: then it is
// asked again.
func (h *hearsay) hear(sid string, ended bool, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.ended) >= heardMost || h.ended == nil {
		h.ended = map[string]bool{}
	}
	if len(h.goOn) >= heardMost || h.goOn == nil {
		h.goOn = map[string]int64{}
	}
	if ended {
		h.ended[sid] = true
		delete(h.goOn, sid)
		return
	}
	h.goOn[sid] = at.UnixMilli()
}
