package dynamotest

import (
	"bytes"
	"context"
	"errors"
	"math"
	"reflect"
	"strings"

	"notewire/dynamo"
)

var itemRules = []rule{
	{"an item comes back as it was put, with every type of attribute", everyType},
	{"an item of 300 KB comes back whole", largeItem},
	{"a put replaces the whole item", putReplaces},
	{"a delete removes the item, and removing nothing is fine", deleteRemoves},
	{"get returns items in the order of the keys, nil where there is none", getInOrder},
	{"an expired item is still returned", expiredIsReturned},
	{"results share no memory with what is stored", resultsAreCopies},
	{"what was given may be changed after the answer", inputsAreCopied},
	{"an attribute of another type is refused", otherTypeRefused},
	{"two ops on one key are refused", sameKeyRefused},
	{"a context that has ended is the error", endedContext},
}

func everyType(t *trial) {
	want := &dynamo.Item{
		Key:   t.key("item"),
		Index: dynamo.Key{PK: t.pk + "#in", SK: "~! place"},
		TTL:   math.MaxInt32 + 1,
		Attrs: map[string]any{
			"text": "plain", "emptyText": "", "unicode": "naïve 日本語 \U0001F469\u200d\U0001F680 \"\n\t\\",
			"one": int64(1), "zero": int64(0), "negative": int64(-42),
			"least": int64(math.MinInt64), "most": int64(math.MaxInt64),
			"yes": true, "no": false,
			"bytes": []byte{0, 1, 0xff, 0xfe}, "noBytes": []byte{},
			"list": []string{"b", "a", "", "b", "ü"}, "emptyList": []string{}, "nilList": []string(nil),
			"nothing": nil,
		},
	}
	t.put(want)
	t.holds(want)

	bare := &dynamo.Item{Key: t.key("bare")}
	t.put(bare)
	t.holds(bare)
}

func largeItem(t *trial) {
	want := t.item("large", 1)
	want.Attrs["bytes"] = bytes.Repeat([]byte{0, 1, 2, 0xff}, 300<<10/4)
	t.put(want)
	t.holds(want)
	want.Attrs["bytes"] = strings.Repeat("日本", 50<<10)
	t.put(want)
	t.holds(want)
}

func putReplaces(t *trial) {
	old := t.placed("item", "old")
	old.TTL, old.Attrs["gone"] = 99, "x"
	t.put(old)
	want := t.item("item", 2)
	t.put(want)
	t.holds(want)
	if got := t.get("item"); got.Attrs["gone"] != nil {
		t.Fatalf("an attribute of the old item is left: %s", show(got))
	}
}

func deleteRemoves(t *trial) {
	t.put(t.item("a", 1), t.item("b", 2))
	t.delete("a")
	t.lacks("a")
	t.holds(t.item("b", 2))
	t.delete("a")
}

func getInOrder(t *trial) {
	t.put(t.item("a", 1), t.item("b", 2), t.item("c", 3))
	got, err := t.engine.Get(t.Context(), t.key("c"), t.key("none"), t.key("a"))
	if err != nil || len(got) != 3 {
		t.Fatalf("%d items, error %v", len(got), err)
	}
	if !same(got[0], t.item("c", 3)) || got[1] != nil || !same(got[2], t.item("a", 1)) {
		t.Fatalf("got %s, %s, %s", show(got[0]), show(got[1]), show(got[2]))
	}
	if got, err := t.engine.Get(t.Context()); err != nil || len(got) != 0 {
		t.Fatalf("without keys: %d items, error %v", len(got), err)
	}
}

func expiredIsReturned(t *trial) {
	want := t.item("old", 1)
	want.TTL = 1
	t.put(want)
	t.holds(want)
}

// changeable returns an item with all that could be shared. It is large enough not to
// be copied on some way by chance.
func (t *trial) changeable() *dynamo.Item {
	item := t.item("item", 1)
	item.Attrs["bytes"] = bytes.Repeat([]byte("bytes"), 2000)
	item.Attrs["list"] = []string{"a", "b"}
	return item
}

func spoil(item *dynamo.Item) {
	item.Attrs["bytes"].([]byte)[0] = 'X'
	item.Attrs["list"].([]string)[0] = "X"
	item.Attrs["n"] = int64(99)
	item.TTL, item.Index, item.Key = 99, dynamo.Key{PK: "X", SK: "X"}, dynamo.Key{PK: "X", SK: "X"}
}

func resultsAreCopies(t *trial) {
	t.put(t.changeable())
	spoil(t.get("item"))
	t.holds(t.changeable())
	spoil(t.query(dynamo.Query{PK: t.pk, From: "item", To: "item", Limit: 1}).Items[0])
	t.holds(t.changeable())

	kept := t.get("item")
	t.delete("item")
	t.put(t.item("other", 2))
	if !same(kept, t.changeable()) {
		t.Fatalf("a result has changed: %s", show(kept))
	}
}

func inputsAreCopied(t *trial) {
	given := t.changeable()
	t.put(given)
	spoil(given)
	t.holds(t.changeable())
}

func otherTypeRefused(t *trial) {
	for _, v := range []any{1, 1.5, uint64(1), map[string]any{}, []any{"a"}} {
		item := t.item("item", 1)
		item.Attrs["odd"] = v
		if err := t.transact(dynamo.Op{Put: t.item("other", 1)}, dynamo.Op{Put: item}); err == nil {
			t.Fatalf("%T was accepted", v)
		}
	}
	t.lacks("item", "other")
}

func sameKeyRefused(t *trial) {
	key := t.key("a")
	for _, second := range []dynamo.Op{{Put: t.item("a", 2)}, {Delete: &key}, {Check: &key}} {
		t.refused(t.transact(dynamo.Op{Put: t.item("b", 1)}, dynamo.Op{Put: t.item("a", 1)}, second))
	}
	t.lacks("a", "b")
}

func endedContext(t *trial) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, getErr := t.engine.Get(ctx, t.key("a"))
	_, queryErr := t.engine.Query(ctx, dynamo.Query{PK: t.pk, From: "a", To: "b", Limit: 1})
	transactErr := t.engine.Transact(ctx, []dynamo.Op{{Put: t.item("a", 1)}})
	for _, err := range []error{getErr, queryErr, transactErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("errors %v, want %v", reflect.TypeOf(err), context.Canceled)
		}
	}
	t.lacks("a")
}
