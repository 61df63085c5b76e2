// Package dynamotest holds what an engine of package dynamo promises: RunEngine and
// RunEngineAtOnce are the contract as tests, and Faulty makes any engine fail on demand.
package dynamotest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"notewire/dynamo"
)

// RunEngine tests the contract of dynamo.Engine, but for what RunEngineAtOnce tests. It calls
// open once for each subtest; the engine may be new or shared, because every subtest uses
// partitions of its own. The index may lag by a few seconds. open cleans up through t.
func RunEngine(t *testing.T, open func(t *testing.T) dynamo.Engine) {
	run(t, open, itemRules, conditionRules, queryRules, indexRules, scanRules, historyRules)
}

// RunEngineAtOnce tests the rest of the contract: the rules under which goroutines use the engine
// at once, which the race detector has to see.
func RunEngineAtOnce(t *testing.T, open func(t *testing.T) dynamo.Engine) {
	run(t, open, parallelRules)
}

func run(t *testing.T, open func(t *testing.T) dynamo.Engine, groups ...[]rule) {
	for _, rule := range slices.Concat(groups...) {
		t.Run(rule.name, func(t *testing.T) {
			rule.run(&trial{T: t, engine: open(t), pk: rand.Text()})
		})
	}
}

// rule is one sentence of the contract.
type rule struct {
	name string
	run  func(*trial)
}

// trial is one rule put to an engine, with what the rules have in common.
type trial struct {
	*testing.T
	engine dynamo.Engine
	pk     string // a partition that nobody else uses; also a place in the index
}

func (t *trial) key(sk string) dynamo.Key { return dynamo.Key{PK: t.pk, SK: sk} }

// item returns an item with one attribute, n.
func (t *trial) item(sk string, n int64) *dynamo.Item {
	return &dynamo.Item{Key: t.key(sk), Attrs: map[string]any{"n": n}}
}

// placed returns an item that is also in the index.
func (t *trial) placed(sk, place string) *dynamo.Item {
	item := t.item(sk, 1)
	item.Index = dynamo.Key{PK: t.pk, SK: place}
	return item
}

func (t *trial) transact(ops ...dynamo.Op) error { return t.engine.Transact(t.Context(), ops) }

// put stores items one by one.
func (t *trial) put(items ...*dynamo.Item) {
	t.Helper()
	for _, item := range items {
		if err := t.transact(dynamo.Op{Put: item}); err != nil {
			t.Fatalf("put %s: %v", item.SK, err)
		}
	}
}

func (t *trial) delete(sk string) {
	t.Helper()
	key := t.key(sk)
	if err := t.transact(dynamo.Op{Delete: &key}); err != nil {
		t.Fatalf("delete %s: %v", sk, err)
	}
}

// get returns the item under sk, nil if there is none.
func (t *trial) get(sk string) *dynamo.Item {
	t.Helper()
	items, err := t.engine.Get(t.Context(), t.key(sk))
	if err != nil || len(items) != 1 {
		t.Fatalf("get %s: %d items, error %v", sk, len(items), err)
	}
	return items[0]
}

// holds checks that want is what is stored.
func (t *trial) holds(want *dynamo.Item) {
	t.Helper()
	if got := t.get(want.SK); !same(got, want) {
		t.Fatalf("stored is %s, want %s", show(got), show(want))
	}
}

// lacks checks that nothing is stored under the sort keys.
func (t *trial) lacks(sks ...string) {
	t.Helper()
	for _, sk := range sks {
		if got := t.get(sk); got != nil {
			t.Fatalf("stored is %s, want nothing", show(got))
		}
	}
}

// clashed checks that err is a Clash, and which ops failed.
func (t *trial) clashed(err error, failed ...bool) {
	t.Helper()
	var clash *dynamo.Clash
	if !errors.As(err, &clash) {
		t.Fatalf("error %v, want a Clash", err)
	}
	if !reflect.DeepEqual(clash.Failed, failed) {
		t.Fatalf("failed are %v, want %v", clash.Failed, failed)
	}
}

// refused checks that err is an error, and no Clash: trying again cannot help.
func (t *trial) refused(err error) {
	t.Helper()
	var clash *dynamo.Clash
	if err == nil || errors.As(err, &clash) {
		t.Fatalf("error %v, want one that is not a Clash", err)
	}
}

func (t *trial) query(q dynamo.Query) dynamo.Page {
	t.Helper()
	page, err := t.engine.Query(t.Context(), q)
	if err != nil {
		t.Fatalf("query %+v: %v", q, err)
	}
	return page
}

// settles waits until problem returns nothing, for the index may lag.
func settles(t interface {
	Helper()
	Fatalf(string, ...any)
}, problem func() string) {
	t.Helper()
	const patience = 10 * time.Second
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		found := problem()
		if found == "" {
			return
		}
		if time.Since(start) > patience {
			t.Fatalf("for %v: %s", patience, found)
		}
	}
}

// same compares items. An attribute that is zero equals one that is absent.
func same(a, b *dynamo.Item) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Key == b.Key && a.Index == b.Index && a.TTL == b.TTL &&
		reflect.DeepEqual(withoutZeros(a.Attrs), withoutZeros(b.Attrs))
}

func withoutZeros(attrs map[string]any) map[string]any {
	rest := map[string]any{}
	for name, v := range attrs {
		value := reflect.ValueOf(v)
		if v == nil || value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0 {
			continue
		}
		rest[name] = v
	}
	return rest
}

func show(item *dynamo.Item) string {
	if item == nil {
		return "nothing"
	}
	return fmt.Sprintf("%.500s", fmt.Sprintf("%+v", *item))
}
