package dynamotest

import (
	"errors"
	"fmt"
	"sync"

	"notewire/dynamo"
)

var parallelRules = []rule{
	{"of 16 parallel transactions on one condition exactly one wins", oneWinner},
	{"parallel read-modify-write loses no update", noLostUpdate},
	{"parallel transactions on different keys all succeed", noFalseClash},
	{"a reader sees every transaction that was answered before", readYourWrites},
}

// parallel runs fn n times at once and returns the errors.
func parallel(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = fn(i) })
	}
	all.Wait()
	return errs
}

func oneWinner(t *trial) {
	t.put(t.item("version", 1))
	errs := parallel(16, func(i int) error {
		return t.transact(
			dynamo.Op{Put: t.item("version", int64(100+i)), If: dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 1}},
			dynamo.Op{Put: t.item(fmt.Sprintf("row-%d", i), int64(i))},
		)
	})
	winner := -1
	for i, err := range errs {
		if err == nil {
			if winner >= 0 {
				t.Fatalf("both %d and %d won", winner, i)
			}
			winner = i
			continue
		}
		t.clashed(err, true, false)
		t.lacks(fmt.Sprintf("row-%d", i))
	}
	if winner < 0 {
		t.Fatal("nobody won")
	}
	t.holds(t.item("version", int64(100+winner)))
	t.holds(t.item(fmt.Sprintf("row-%d", winner), int64(winner)))
}

func noLostUpdate(t *trial) {
	const writers, each = 4, 8
	t.put(t.item("count", 0))
	errs := parallel(writers, func(int) error {
		for range each {
			if err := t.increment("count"); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	t.holds(t.item("count", writers*each))
}

// increment adds 1 to an item's n, and starts again when another was faster.
func (t *trial) increment(sk string) error {
	for {
		items, err := t.engine.Get(t.Context(), t.key(sk))
		if err != nil {
			return err
		}
		n := items[0].Attrs["n"].(int64)
		err = t.transact(dynamo.Op{Put: t.item(sk, n+1), If: dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: n}})
		var clash *dynamo.Clash
		if !errors.As(err, &clash) {
			return err
		}
	}
}

func noFalseClash(t *trial) {
	errs := parallel(16, func(i int) error {
		for j := range 4 {
			item := t.item(fmt.Sprintf("%d-%d", i, j), int64(j))
			if err := t.transact(dynamo.Op{Put: item, If: dynamo.Cond{Kind: dynamo.Absent}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if got := len(t.query(dynamo.Query{PK: t.pk, From: "!", To: "~", Limit: 100}).Items); got != 64 {
		t.Fatalf("%d items are there, want 64", got)
	}
}

func readYourWrites(t *trial) {
	answered := make(chan int64)
	var reader sync.WaitGroup
	reader.Go(func() {
		for n := range answered {
			items, err := t.engine.Get(t.Context(), t.key("head"))
			if err != nil || items[0] == nil || items[0].Attrs["n"].(int64) < n {
				t.Errorf("get after %d: %v, error %v", n, items, err)
			}
			page, err := t.engine.Query(t.Context(), dynamo.Query{PK: t.pk, From: "row-", To: "row-~", Limit: 100})
			if err != nil || int64(len(page.Items)) < n {
				t.Errorf("query after %d: %d items, error %v", n, len(page.Items), err)
			}
		}
	})
	for n := int64(1); n <= 30; n++ {
		if err := t.transact(dynamo.Op{Put: t.item("head", n)}, dynamo.Op{Put: t.item(fmt.Sprintf("row-%03d", n), n)}); err != nil {
			t.Error(err)
			break
		}
		answered <- n
	}
	close(answered)
	reader.Wait()
}
