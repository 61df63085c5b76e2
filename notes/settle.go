package notes

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// The part of Service that tells members of what was committed without them: see late.go.

// lateTimeout bounds one run of telling; what it leaves is the sweep's.
const lateTimeout = time.Minute

// lateAtOnce is how many notes one instance tells of at the same time.
const lateAtOnce = 4

// late runs what follows commits that were marked. One note is told of by one goroutine.
type late struct {
	mu      sync.Mutex
	running map[NoteID]bool // true: marked again since it began
	group   sync.WaitGroup
	slots   chan struct{}
}

// tellLate begins to tell the members of a note, or makes who does it go on.
func (s *Service) tellLate(id NoteID) {
	l := &s.late
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, running := l.running[id]; running {
		l.running[id] = true
		return
	}
	l.running[id] = false
	l.group.Go(func() {
		l.slots <- struct{}{}
		defer func() { <-l.slots }()
		for again := true; again; again = l.again(id) {
			ctx, cancel := context.WithTimeout(context.Background(), lateTimeout)
			_ = s.settle(ctx, id) // the mark stays: the sweep will say what is wrong
			cancel()
		}
	})
}

func (l *late) again(id NoteID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running[id] {
		l.running[id] = false
		return true
	}
	delete(l.running, id)
	return false
}

// Settled waits until all members are told of all that this instance has committed, as far as
// the store can answer, or until ctx ends. No mutation may begin meanwhile.
func (s *Service) Settled(ctx context.Context) error {
	done := make(chan struct{})
	go func() { s.late.group.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// SweepLate tells the members of notes that were marked before the given time and that nobody
// has settled since: their instance has died, or the store failed it. Any number of instances
// may do it at once. It returns how many notes it settled.
func (s *Service) SweepLate(ctx context.Context, before time.Time) (settled int, err error) {
	ids, err := s.store.Late(ctx, MillisOf(before))
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := s.settle(ctx, id); err != nil {
			return settled, err
		}
		settled++
	}
	return settled, nil
}

// settle tells all members of a note of all its versions, and takes the mark away.
func (s *Service) settle(ctx context.Context, id NoteID) error {
	for {
		heads, err := s.store.Heads(ctx, id)
		if err != nil {
			return err
		}
		if heads[0] == nil {
			return s.store.Settle(ctx, id, 0)
		}
		head := heads[0].Note
		users := head.Accounts()
		first := rand.N(len(users)) // others who do the same now begin elsewhere
		if err := s.catchUp(ctx, head, slices.Concat(users[first:], users[:first])); err != nil {
			return err
		}
		if err := s.store.Settle(ctx, id, head.Version); !errors.Is(err, ErrClash) {
			return err
		}
	}
}

// catchUp tells users of all versions up to head's. Whoever is no longer a member is left out.
func (s *Service) catchUp(ctx context.Context, head *Note, users []UserID) error {
	several, clashes := MembersAtOnce, 0
	for len(users) > 0 {
		some := users[:min(several, len(users))]
		behind, err := s.tellNext(ctx, head, some)
		switch {
		case errors.Is(err, ErrClash): // with one of them; smaller transactions meet less
			several = max(1, several/2)
			if err := pause(ctx, clashes); err != nil {
				return err
			}
			clashes++
		case err != nil:
			return err
		case !behind:
			users = users[len(some):]
			several, clashes = MembersAtOnce, 0
		}
	}
	return nil
}

// tellNext tells those of users who are furthest behind of their next version. It returns
// false when nobody is behind head.
func (s *Service) tellNext(ctx context.Context, head *Note, users []UserID) (bool, error) {
	accounts, err := s.store.Accounts(ctx, head.ID, users...)
	if err != nil {
		return false, err
	}
	told := head.Version
	for _, account := range accounts {
		if account.Entry != nil {
			told = min(told, account.Entry.Version)
		}
	}
	if told == head.Version {
		return false, nil
	}
	versions, err := s.store.VersionsOf(ctx, VersionRef{head.ID, told}, VersionRef{head.ID, told + 1})
	if err != nil {
		return false, err
	}
	if versions[0] == nil || versions[1] == nil {
		return false, fmt.Errorf("note %s has no version %d or %d", head.ID, told, told+1)
	}
	commit := DecideLate(versions[0], versions[1], accounts)
	if len(commit.Accounts) == 0 {
		return true, nil // they left since their accounts were read
	}
	if err := s.store.Commit(ctx, commit); err != nil {
		return false, err
	}
	s.publish(commit)
	return true, nil
}
