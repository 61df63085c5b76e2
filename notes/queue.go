package notes

import (
	"context"
	"sync"
)

// queue lets one caller at a time through per key. The zero value is ready. It holds
// memory only for keys in use.
type queue struct {
	mu   sync.Mutex
	keys map[string]*turn
}

type turn struct {
	token chan struct{} // holds one token while nobody is inside
	users int           // inside or waiting; guarded by queue.mu
}

// enter waits for the key, or for ctx, and returns how to leave.
func (q *queue) enter(ctx context.Context, key string) (leave func(), err error) {
	t := q.join(key)
	select {
	case <-t.token:
		return func() { t.token <- struct{}{}; q.part(key, t) }, nil
	case <-ctx.Done():
		q.part(key, t)
		return nil, ctx.Err()
	}
}

func (q *queue) join(key string) *turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.keys[key]
	if t == nil {
		t = &turn{token: make(chan struct{}, 1)}
		t.token <- struct{}{}
		if q.keys == nil {
			q.keys = map[string]*turn{}
		}
		q.keys[key] = t
	}
	t.users++
	return t
}

func (q *queue) part(key string, t *turn) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.users--; t.users == 0 {
		delete(q.keys, key)
	}
}
