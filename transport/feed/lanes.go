package feed

import "context"

// lanes bounds how much goes on at a time. Those who were slow or away lately, and those who
// are new, have only half of the room between them, however many they are: they keep nobody else
// out.
type lanes struct{ all, slow chan struct{} }

func newLanes(n int) *lanes {
	return &lanes{make(chan struct{}, n), make(chan struct{}, max(1, n/2))}
}

// enter waits for room. The caller calls leave when it is done.
func (l *lanes) enter(ctx context.Context, slow bool) (leave func(), err error) {
	leaveSlow := func() {}
	if slow {
		select {
		case l.slow <- struct{}{}:
			leaveSlow = func() { <-l.slow }
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	select {
	case l.all <- struct{}{}:
		return func() { <-l.all; leaveSlow() }, nil
	case <-ctx.Done():
		leaveSlow()
		return nil, ctx.Err()
	}
}
