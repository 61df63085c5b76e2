package dynamotest

import (
	"errors"
	"slices"

	"notewire/dynamo"
)

var conditionRules = []rule{
	{"each condition holds exactly when it should", conditionTable},
	{"a check leaves the item as it is", checkChangesNothing},
	{"a transaction applies all ops", allApplied},
	{"a transaction that clashes applies none, and says which ops failed", noneApplied},
	{"a clash has the items that were to be shown", clashShows},
	{"an item that is put where an expired one was has nothing of it", absentReplacesExpired},
}

// Conditions on an item whose n is 5 and whose TTL is 100, and on nothing.
var conditionCases = []struct {
	cond            dynamo.Cond
	onItem, onEmpty bool
}{
	{dynamo.Cond{}, true, true},
	{dynamo.Cond{Kind: dynamo.Absent}, false, true},
	{dynamo.Cond{Kind: dynamo.Absent, N: 99}, false, true},
	{dynamo.Cond{Kind: dynamo.Absent, N: 100}, false, true},
	{dynamo.Cond{Kind: dynamo.Absent, N: 101}, true, true},
	{dynamo.Cond{Kind: dynamo.Present}, true, false},
	{dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 5}, true, false},
	{dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 6}, false, false},
	{dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 0}, false, false},
	{dynamo.Cond{Kind: dynamo.Equal, Attr: "zero", N: 0}, true, false},
	{dynamo.Cond{Kind: dynamo.Equal, Attr: "negative", N: -7}, true, false},
	{dynamo.Cond{Kind: dynamo.Equal, Attr: "none", N: 0}, false, false},
	{dynamo.Cond{Kind: dynamo.Equal, Attr: "text", N: 5}, false, false},
}

func conditionTable(t *trial) {
	item := t.item("item", 5)
	item.TTL, item.Attrs["zero"], item.Attrs["negative"], item.Attrs["text"] = 100, int64(0), int64(-7), "5"
	for _, c := range conditionCases {
		for _, kind := range []string{"put", "delete", "check"} {
			t.put(item)
			t.judged(t.op(kind, "item", c.cond), c.onItem)
			t.delete("nothing")
			t.judged(t.op(kind, "nothing", c.cond), c.onEmpty)
		}
	}

	forever := t.item("forever", 1)
	t.put(forever)
	t.clashed(t.transact(t.op("put", "forever", dynamo.Cond{Kind: dynamo.Absent, N: 1 << 40})), true)
	t.holds(forever)
}

// op returns one of the kinds of ops.
func (t *trial) op(kind, sk string, cond dynamo.Cond) dynamo.Op {
	key := t.key(sk)
	switch kind {
	case "put":
		return dynamo.Op{Put: t.item(sk, 1), If: cond}
	case "delete":
		return dynamo.Op{Delete: &key, If: cond}
	}
	return dynamo.Op{Check: &key, If: cond}
}

// judged transacts one op and checks whether its condition held.
func (t *trial) judged(op dynamo.Op, holds bool) {
	t.Helper()
	err := t.transact(op)
	var clash *dynamo.Clash
	if holds && err != nil || !holds && !errors.As(err, &clash) {
		t.Fatalf("%+v: error %v, want the condition to hold: %v", op, err, holds)
	}
}

func checkChangesNothing(t *trial) {
	item := t.placed("item", "place")
	item.TTL = 77
	t.put(item)
	if err := t.transact(t.op("check", "item", dynamo.Cond{Kind: dynamo.Present}), dynamo.Op{Put: t.item("b", 1)}); err != nil {
		t.Fatal(err)
	}
	t.holds(item)
	t.indexHas(item)
}

func allApplied(t *trial) {
	t.put(t.item("old", 1), t.item("gone", 1), t.item("checked", 7))
	err := t.transact(
		dynamo.Op{Put: t.item("new", 2), If: dynamo.Cond{Kind: dynamo.Absent}},
		dynamo.Op{Put: t.item("old", 3), If: dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 1}},
		t.op("delete", "gone", dynamo.Cond{Kind: dynamo.Present}),
		t.op("check", "checked", dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 7}),
		dynamo.Op{Put: t.item("any", 4)},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.holds(t.item("new", 2))
	t.holds(t.item("old", 3))
	t.lacks("gone")
	t.holds(t.item("checked", 7))
	t.holds(t.item("any", 4))
}

func noneApplied(t *trial) {
	t.put(t.item("old", 1), t.item("kept", 1))
	err := t.transact(
		dynamo.Op{Put: t.item("new", 1)},
		dynamo.Op{Put: t.item("old", 2), If: dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 9}},
		t.op("delete", "kept", dynamo.Cond{Kind: dynamo.Present}),
		t.op("check", "none", dynamo.Cond{Kind: dynamo.Present}),
		dynamo.Op{Put: t.item("last", 1), If: dynamo.Cond{Kind: dynamo.Absent}},
	)
	t.clashed(err, false, true, false, true, false)
	t.lacks("new", "none", "last")
	t.holds(t.item("old", 1))
	t.holds(t.item("kept", 1))
}

func clashShows(t *trial) {
	shown, hidden, fine := t.placed("shown", "place"), t.item("hidden", 1), t.item("fine", 1)
	t.put(shown, hidden, fine)
	ops := []dynamo.Op{
		{Put: t.item("shown", 2), If: dynamo.Cond{Kind: dynamo.Absent}, Show: true},
		t.op("delete", "hidden", dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: 9}),
		t.op("check", "fine", dynamo.Cond{Kind: dynamo.Present}),
		t.op("check", "none", dynamo.Cond{Kind: dynamo.Present}),
	}
	ops[2].Show, ops[3].Show = true, true
	clash, ok := errors.AsType[*dynamo.Clash](t.transact(ops...))
	if !ok {
		t.Fatal("it does not clash")
	}
	want := []*dynamo.Item{shown, nil, nil, nil}
	if !slices.EqualFunc(clash.Found, want, same) {
		t.Fatalf("found are %s, %v, want the first alone", show(clash.Found[0]), clash.Found[1:])
	}
}

func absentReplacesExpired(t *trial) {
	old := t.placed("item", "old")
	old.TTL, old.Attrs["gone"] = 100, "x"
	t.put(old)
	t.indexHas(old)
	fresh := t.placed("item", "new")
	if err := t.transact(dynamo.Op{Put: fresh, If: dynamo.Cond{Kind: dynamo.Absent, N: 101}}); err != nil {
		t.Fatal(err)
	}
	t.holds(fresh)
	t.indexHas(fresh)
}
