package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// AddTicket keeps what a ticket stands for until it is taken, or until a time. id is the ticket:
// who reads the table cannot use it.
func (s *Store) AddTicket(ctx context.Context, id string, content []byte, until time.Time) error {
	ticket := &Item{Key: ticketKey(id), TTL: until.Unix(), Attrs: attrs{"content": content, "until": until.UnixMilli()}}
	if err := s.engine.Transact(ctx, []Op{{Put: ticket, If: Cond{Kind: Absent}}}); err != nil {
		return fmt.Errorf("add a ticket: %w", err)
	}
	return nil
}

// TakeTicket returns what a ticket stands for, to the first who asks; nil to all others, and
// when its time is over.
func (s *Store) TakeTicket(ctx context.Context, id string) ([]byte, error) {
	key := ticketKey(id)
	items, err := s.engine.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("read a ticket: %w", err)
	}
	if items[0] == nil {
		return nil, nil
	}
	err = s.engine.Transact(ctx, []Op{{Delete: &key, If: Cond{Kind: Present}}})
	if _, taken := errors.AsType[*Clash](err); taken {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take a ticket: %w", err)
	}
	if !s.opts.Now().Before(time.UnixMilli(get[int64](items[0].Attrs, "until"))) {
		return nil, nil
	}
	return get[[]byte](items[0].Attrs, "content"), nil
}
