package notestest

import (
	"context"
	"errors"
	"sync"

	"notewire/notes"
)

// Faulty is a store whose commits fail when a test wants it. Reads pass through.
type Faulty struct {
	notes.Store

	mu   sync.Mutex
	hook Hook // guarded by mu
}

// Hook is asked before each commit whether to apply it, and what to answer:
//
//	true, nil    nothing is wrong
//	false, err   it failed, and was not applied
//	true, err    it was applied (unless it clashed), but the answer was lost
//
// It is called from the goroutine of each caller, maybe from several at once, and must
// not change the commit.
type Hook func(c *notes.Commit) (apply bool, err error)

// ErrLost is what the hooks of this package answer.
var ErrLost = errors.New("connection lost")

// OnCommit sets the hook for commits that begin later. Nil: nothing is ever wrong.
func (f *Faulty) OnCommit(hook Hook) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hook = hook
}

// Commit implements notes.Store, as far as the hook lets it.
func (f *Faulty) Commit(ctx context.Context, c *notes.Commit) error {
	f.mu.Lock()
	hook := f.hook
	f.mu.Unlock()
	if hook == nil {
		return f.Store.Commit(ctx, c)
	}
	apply, lost := hook(c)
	var answer error
	if apply {
		answer = f.Store.Commit(ctx, c)
	}
	if lost != nil {
		return lost
	}
	return answer
}

// times returns a Hook that does the same to the next n commits, and nothing to later ones.
func times(n int, apply bool, err error) Hook {
	var mu sync.Mutex
	return func(*notes.Commit) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		if n == 0 {
			return true, nil
		}
		n--
		return apply, err
	}
}
