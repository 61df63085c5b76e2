package notes

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

func (q *queue) mustEnter(t *testing.T, key string) (leave func()) {
	t.Helper()
	leave, err := q.enter(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return leave
}

// idle checks that the queue holds no memory.
func (q *queue) idle(t *testing.T) {
	t.Helper()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.keys) != 0 {
		t.Errorf("the queue remembers %d keys", len(q.keys))
	}
}

func TestQueueLetsOneIn(t *testing.T) {
	var q queue
	inside, entered := 0, 0 // unguarded: the race detector watches
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				leave := q.mustEnter(t, "a")
				if inside++; inside != 1 {
					t.Errorf("%d are inside", inside)
				}
				entered++
				inside--
				leave()
			}
		})
	}
	all.Wait()
	if entered != 400 {
		t.Errorf("%d entered", entered)
	}
	q.idle(t)
}

func TestQueueKeepsTheOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		leave := q.mustEnter(t, "a")
		var order []int
		for i := range 5 {
			go func() {
				leave := q.mustEnter(t, "a")
				order = append(order, i)
				leave()
			}()
			synctest.Wait() // it waits its turn
		}
		leave()
		synctest.Wait()
		if !slices.Equal(order, []int{0, 1, 2, 3, 4}) {
			t.Errorf("the order is %v", order)
		}
		q.idle(t)
	})
}

func TestQueueOfAnotherKeyIsNotInTheWay(t *testing.T) {
	var q queue
	leaveA := q.mustEnter(t, "a")
	leaveB := q.mustEnter(t, "b")
	leaveA()
	leaveB()
	q.idle(t)
}

func TestQueueIsLeftByWhoGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		leave := q.mustEnter(t, "a")
		ctx, cancel := context.WithCancel(t.Context())
		var given error
		go func() { _, given = q.enter(ctx, "a") }()
		entered := false
		go func() {
			defer q.mustEnter(t, "a")()
			entered = true
		}()
		synctest.Wait()
		cancel()
		synctest.Wait()
		if !errors.Is(given, context.Canceled) || entered {
			t.Errorf("the one who gave up got %v; the other entered: %v", given, entered)
		}
		leave()
		synctest.Wait()
		if !entered {
			t.Error("the other never entered")
		}
		q.idle(t)
	})
}
