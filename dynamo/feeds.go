package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"notewire/notes"
)

// The rows of package feed. They are in no archive: what a feed posts to, and under which secret,
// stays in the table that it was made in.

// feedTries is how often a change of the number of an account's feeds is tried, when others
// change it too.
const feedTries = 10

// AddFeed implements feed.Rows.
func (s *Store) AddFeed(ctx context.Context, user notes.UserID, id string, content []byte, most int) (added bool, err error) {
	err = s.countFeeds(ctx, user, func(n int64) []Op {
		if added = n < int64(most); !added {
			return nil
		}
		row := &Item{Key: feedKey(user, id), Attrs: attrs{"rev": int64(1), "content": content}}
		return []Op{
			{Put: row, If: Cond{Kind: Absent}},
			{Put: &Item{Key: feedListKey(user, id)}},
			{Put: &Item{Key: feedCountKey(user), Attrs: attrs{"count": n + 1}}, If: feedCountIs(n)},
		}
	})
	return added, wrapFeed("add", id, err)
}

// DeleteFeed implements feed.Rows.
func (s *Store) DeleteFeed(ctx context.Context, user notes.UserID, id string) (deleted bool, err error) {
	row, listed := feedKey(user, id), feedListKey(user, id)
	err = s.countFeeds(ctx, user, func(n int64) []Op {
		if deleted = n > 0; !deleted {
			return nil
		}
		return []Op{
			{Delete: &row, If: Cond{Kind: Present}, Show: true},
			{Delete: &listed},
			fewerFeeds(user, n),
		}
	})
	if errors.Is(err, errNoFeed) {
		return false, nil
	}
	return deleted, wrapFeed("delete", id, err)
}

// errNoFeed says that the first op's condition failed: the feed is there already, or not there.
var errNoFeed = errors.New("the feed's row is not as it should be")

// countFeeds carries out ops, which are made for the number of the account's feeds; none: it is
// left as it is.
func (s *Store) countFeeds(ctx context.Context, user notes.UserID, ops func(n int64) []Op) error {
	for range feedTries {
		items, err := s.engine.Get(ctx, feedCountKey(user))
		if err != nil {
			return err
		}
		var n int64
		if items[0] != nil {
			n = get[int64](items[0].Attrs, "count")
		}
		change := ops(n)
		if change == nil {
			return nil
		}
		err = s.engine.Transact(ctx, change)
		clash, ok := errors.AsType[*Clash](err)
		switch {
		case !ok:
			return err
		case clash.Failed[0]:
			return errNoFeed
		}
	}
	return errors.New("the number of the account's feeds changes all the time")
}

// fewerFeeds counts one less than n. An account without feeds has no row.
func fewerFeeds(user notes.UserID, n int64) Op {
	key := feedCountKey(user)
	if n == 1 {
		return Op{Delete: &key, If: feedCountIs(n)}
	}
	return Op{Put: &Item{Key: key, Attrs: attrs{"count": n - 1}}, If: feedCountIs(n)}
}

func feedCountIs(n int64) Cond {
	if n == 0 {
		return Cond{Kind: Absent}
	}
	return Cond{Kind: Equal, Attr: "count", N: n}
}

// Feed implements feed.Rows.
func (s *Store) Feed(ctx context.Context, user notes.UserID, id string) (content []byte, rev int64, err error) {
	items, err := s.engine.Get(ctx, feedKey(user, id))
	if err != nil || items[0] == nil {
		return nil, 0, wrapFeed("read", id, err)
	}
	return get[[]byte](items[0].Attrs, "content"), get[int64](items[0].Attrs, "rev"), nil
}

// WriteFeed implements feed.Rows.
func (s *Store) WriteFeed(ctx context.Context, user notes.UserID, id string, content []byte, rev int64) (bool, error) {
	row := &Item{Key: feedKey(user, id), Attrs: attrs{"rev": rev + 1, "content": content}}
	err := s.engine.Transact(ctx, []Op{{Put: row, If: Cond{Kind: Equal, Attr: "rev", N: rev}}})
	if _, clash := errors.AsType[*Clash](err); clash {
		return false, nil
	}
	return err == nil, wrapFeed("write", id, err)
}

// FeedsOf implements feed.Rows.
func (s *Store) FeedsOf(ctx context.Context, user notes.UserID) (ids []string, err error) {
	err = s.eachKey(ctx, Query{PK: feedPK(user), From: feedSK, To: feedSK + last}, func(sk string) {
		ids = append(ids, strings.TrimPrefix(sk, feedSK))
	})
	return ids, err
}

// AllFeeds implements feed.Rows.
func (s *Store) AllFeeds(ctx context.Context) (map[notes.UserID][]string, error) {
	all := map[notes.UserID][]string{}
	err := s.eachKey(ctx, Query{PK: feedListPK, To: last}, func(sk string) {
		user, id, _ := strings.Cut(sk, "#")
		all[notes.UserID(user)] = append(all[notes.UserID(user)], id)
	})
	return all, err
}

// eachKey goes through all items of a query.
func (s *Store) eachKey(ctx context.Context, q Query, each func(sk string)) error {
	for q.Limit = scanPage; ; {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return fmt.Errorf("list feeds: %w", err)
		}
		for _, item := range page.Items {
			each(item.SK)
		}
		if !page.More {
			return nil
		}
		q.After = page.Items[len(page.Items)-1]
	}
}

func wrapFeed(doing, id string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s feed %s: %w", doing, id, err)
}
