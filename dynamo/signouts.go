package dynamo

import (
	"context"
	"fmt"
	"time"
)

// EndSignIn implements transport.SignOuts.
func (s *Store) EndSignIn(ctx context.Context, sid string, until time.Time) error {
	ended := &Item{Key: signOutKey(sid), TTL: until.Unix(), Attrs: attrs{"at": s.opts.Now().UnixMilli()}}
	if err := s.engine.Transact(ctx, []Op{{Put: ended}}); err != nil {
		return fmt.Errorf("end a sign-in: %w", err)
	}
	return nil
}

// EndedSignIns implements transport.SignOuts. It is one read of as many rows.
func (s *Store) EndedSignIns(ctx context.Context, sids []string) (ended []string, err error) {
	keys := make([]Key, len(sids))
	for i, sid := range sids {
		keys[i] = signOutKey(sid)
	}
	items, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return nil, fmt.Errorf("read which sign-ins have ended: %w", err)
	}
	for i, item := range items {
		if item != nil && !s.expired(item) {
			ended = append(ended, sids[i])
		}
	}
	return ended, nil
}
